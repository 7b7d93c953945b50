//! The clinic: a protocol and usual care, who see the patient only through what is charted, and act late and not always.
//!
//! Nothing here reads the true state but [`chart`](self): a plan is assessed by the core's own
//! [`Session`] over the charted timeline, and usual care looks at the same timeline. What a
//! protocol asks for is done with the stated probability, decided anew after the stated time and keyed by rule and time,
//! so that two arms that ask for the same at the same time get the same answer.

mod agent;
mod chart;
mod decide;
mod values;

use crate::assess::Session;
use crate::diagnostic::{Code, Diagnostic};
use crate::protocol::Plan;
use crate::timeline::{Body, Capture, Coverage, Datum, Header, Instant, Observed, Timeline};
use crate::vocabulary::{AgentId, Kind, Vocabulary};

use super::circulation::{Circulation, Condition, Doses, Impossible, Means, Physiology, Support};
use super::course::{Course, End, Perfusion, Person, Prognosis};
use super::luck::{Luck, Stream};
use agent::Running;
use chart::{Charted, MINUTE, Truth, entry, observed};
use decide::{Orders, Team};

pub use agent::Agent;
pub use values::{Care, Chart, Context, DrugOrder, Order, Practice, Usual};

/// The onset of every course: 2026-01-01T00:00:00Z. Nothing depends on the date.
const ONSET: Instant = 1_767_225_600_000_000;

/// By how much an input of the circulation may move, as a share, before its steady state is solved again. Half a percent
/// of one input moves no mean pressure of the reference patient in shock by more than 0.2 mm Hg.
const UNMOVED: f64 = 0.005;

/// Everything that simulated patients are computed with.
#[derive(Debug, Clone)]
pub struct World {
    /// The circulation.
    pub physiology: Physiology,
    /// The course.
    pub prognosis: Prognosis,
    /// The clinic.
    pub practice: Practice,
}

/// What a patient is treated by.
#[derive(Debug, Clone, Copy)]
pub struct Policy<'p> {
    /// A protocol, whose starts and changes of devices and drugs are carried out.
    pub plan: Option<&'p Plan>,
    /// Whether usual care starts devices; it titrates drugs and weans in any case.
    pub usual_devices: bool,
}

/// What became of a patient.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Number of the patient.
    pub number: u64,
    /// How the course ended.
    pub end: End,
    /// When, in hours from the onset.
    pub hours: f64,
    /// Hours on any device.
    pub device_hours: f64,
    /// Hours on each agent, in the order of [`Agent::ALL`].
    pub agent_hours: [f64; 6],
    /// Complications.
    pub complications: u32,
    /// Of what a protocol asked for, how often it was decided on, and how often it was done.
    pub asked: (u32, u32),
    /// Highest lactate, mmol/L.
    pub highest_lactate: f64,
}

/// A clinic that is ready to treat patients.
#[derive(Debug, Clone)]
pub struct Clinic<'w> {
    world: &'w World,
    vocabulary: &'w Vocabulary,
    charted: Vec<Charted>,
    agents: [AgentId; 6],
    settings: [usize; 6],
}

impl<'w> Clinic<'w> {
    /// A clinic that charts by this vocabulary.
    ///
    /// # Errors
    /// Names of the clinic's numbers that the vocabulary or the simulator lacks.
    pub fn new(world: &'w World, vocabulary: &'w Vocabulary) -> Result<Clinic<'w>, Vec<Diagnostic>> {
        let charted = Charted::all(vocabulary, &world.practice)?;
        let mut agents = Vec::new();
        let mut settings = Vec::new();
        let mut out = Vec::new();
        for agent in Agent::ALL {
            let id = vocabulary.agent(agent.name());
            let setting = id.and_then(|id| vocabulary.agent_at(id).setting(agent.setting()));
            match id.zip(setting) {
                Some((id, setting)) => {
                    agents.push(id);
                    settings.push(setting);
                }
                None => {
                    let problem = format!("the vocabulary has no `{}` with `{}`", agent.name(), agent.setting());
                    out.push(Diagnostic::error(Code::Invalid, None, problem));
                }
            }
        }
        for (name, _) in &world.practice.context {
            let concept = vocabulary.concept(name).map(|id| &vocabulary.concept_at(id).kind);
            if concept != Some(&Kind::Boolean) {
                let problem = format!("`{name}` is no concept that is true or false");
                out.push(Diagnostic::error(Code::Invalid, None, problem));
            }
        }
        match (<[AgentId; 6]>::try_from(agents), <[usize; 6]>::try_from(settings)) {
            (Ok(agents), Ok(settings)) if out.is_empty() => Ok(Clinic { world, vocabulary, charted, agents, settings }),
            _ => Err(out),
        }
    }

    fn agent(&self, id: AgentId) -> Option<Agent> {
        Agent::ALL.into_iter().find(|agent| self.agents[agent.place()] == id)
    }

    /// Treats one patient to the end of the course.
    ///
    /// # Errors
    /// A patient whose circulation cannot be computed.
    pub fn treat(&self, person: &Person, seed: u64, policy: Policy<'_>) -> Result<Outcome, Impossible> {
        let luck = Luck::new(seed, person.number);
        let mut stay = Stay::new(self, person, &luck, policy)?;
        while stay.course.ended().is_none() {
            stay.step()?;
        }
        Ok(stay.outcome())
    }
}

/// The circulation at its steady state, solved again only when something moved.
struct Settled {
    circulation: Circulation,
    at: (Condition, Support),
    means: Means,
}

impl Settled {
    fn new(values: &Physiology, condition: Condition) -> Result<Settled, Impossible> {
        let none = Support::default();
        let mut circulation = Circulation::new(values, &condition, &none, None)?;
        let means = circulation.settle();
        // The reflex holds the pressure that the patient has without support.
        circulation.hold(Some(means.map));
        Ok(Settled { circulation, at: (condition, none), means })
    }

    fn go_to(&mut self, values: &Physiology, condition: Condition, support: Support) -> Result<(), Impossible> {
        let (held, devices) = &self.at;
        let pairs = [
            (held.lv_elastance, condition.lv_elastance),
            (held.rv_elastance, condition.rv_elastance),
            (held.systemic_resistance, condition.systemic_resistance),
            (held.pulmonary_resistance, condition.pulmonary_resistance),
            (held.stressed_volume, condition.stressed_volume),
            (held.heart_rate, condition.heart_rate),
        ];
        let moved = pairs.iter().any(|(before, now)| (now - before).abs() > UNMOVED * before.abs());
        if moved || *devices != support {
            self.circulation.change(values, &condition, &support)?;
            self.means = self.circulation.settle();
            self.at = (condition, support);
        }
        Ok(())
    }
}

/// What is charted, with the assessments of a plan where there is one. Usual care looks at the same.
enum Seen<'p> {
    ByPlan(Box<Session<'p>>),
    ByUsualCare(Box<Timeline>),
}

impl Seen<'_> {
    fn timeline(&self) -> &Timeline {
        match self {
            Seen::ByPlan(session) => session.timeline(),
            Seen::ByUsualCare(timeline) => timeline,
        }
    }
}

/// One patient in the clinic.
struct Stay<'c, 'w, 'p> {
    clinic: &'c Clinic<'w>,
    luck: &'c Luck,
    policy: Policy<'p>,
    seen: Seen<'p>,
    course: Course,
    body: Settled,
    running: Running,
    doses: Doses,
    orders: Orders,
    step: u64,
    outcome: Outcome,
}

impl<'c, 'w, 'p> Stay<'c, 'w, 'p> {
    fn new(
        clinic: &'c Clinic<'w>,
        person: &Person,
        luck: &'c Luck,
        policy: Policy<'p>,
    ) -> Result<Stay<'c, 'w, 'p>, Impossible> {
        let all = Capture::Complete;
        let header = Header {
            id: format!("simulated-{}", person.number),
            site: None,
            observed: Observed { from: Some(ONSET), ..Observed::default() },
            coverage: Coverage { devices: all, infusions: all, problems: all, events: all, observations: all },
        };
        let timeline = Timeline::new(clinic.vocabulary, header);
        let outcome = Outcome {
            number: person.number,
            end: End::Horizon,
            hours: 0.0,
            device_hours: 0.0,
            agent_hours: [0.0; 6],
            complications: 0,
            asked: (0, 0),
            highest_lactate: person.lactate,
        };
        let mut stay = Stay {
            clinic,
            luck,
            policy,
            seen: match policy.plan {
                Some(plan) => Seen::ByPlan(Box::new(Session::new(plan, timeline))),
                None => Seen::ByUsualCare(Box::new(timeline)),
            },
            course: Course::new(person.clone(), luck),
            body: Settled::new(&clinic.world.physiology, person.onset)?,
            running: Running::default(),
            doses: Doses::default(),
            orders: Orders::default(),
            step: 0,
            outcome,
        };
        stay.admit();
        Ok(stay)
    }

    fn write(&mut self, body: Body, known: Instant, at: Instant) {
        let entry = entry(body, at, known);
        self.insert(entry);
    }

    fn insert(&mut self, entry: crate::timeline::Entry) {
        match &mut self.seen {
            Seen::ByPlan(session) => session.insert(entry),
            Seen::ByUsualCare(timeline) => timeline.insert(self.clinic.vocabulary, entry),
        }
    }

    /// What is known of the patient from the onset on.
    fn admit(&mut self) {
        let (clinic, person) = (self.clinic, self.course.person().clone());
        let vocabulary = clinic.vocabulary;
        for name in ["admission", "icu_admission", "shock_onset", "pac_inserted"] {
            if let Some(event) = vocabulary.event(name) {
                self.write(Body::Event(event), ONSET, ONSET);
            }
        }
        for (name, value) in [("age", person.age), ("weight", person.weight), ("bsa", person.surface)] {
            if let Some(concept) = vocabulary.concept(name) {
                self.insert(observed(concept, Datum::number(value), ONSET, ONSET));
            }
        }
        if let Some(concept) = vocabulary.concept("etiology")
            && let Kind::Code(codes) = &vocabulary.concept_at(concept).kind
            && let Some(code) = codes.iter().position(|code| code.name == person.etiology)
            && let Ok(code) = u8::try_from(code)
        {
            self.insert(observed(concept, Datum::Code(code), ONSET, ONSET));
        }
        for (name, context) in &clinic.world.practice.context {
            let drawn = self.luck.uniform(Stream::named("context", name), 0) < context.share;
            if let Some(concept) = vocabulary.concept(name) {
                self.insert(observed(concept, Datum::Truth(drawn), ONSET, ONSET));
            }
        }
    }

    fn step(&mut self) -> Result<(), Impossible> {
        let (clinic, world) = (self.clinic, self.clinic.world);
        let minutes = world.practice.care.step;
        let minute = self.step as f64 * minutes;
        let now = ONSET.saturating_add((minute * MINUTE) as i64);
        self.carry_out(minute, now);
        self.follow()?;
        self.observe(minute, now, minutes);
        let team = Team { clinic, luck: self.luck, minute, now };
        team.usual(self.seen.timeline(), &self.running, self.policy.usual_devices, &mut self.orders);
        if let Seen::ByPlan(session) = &mut self.seen {
            team.protocol(session, &self.running, &mut self.orders, &mut self.outcome.asked);
        }
        let perfusion =
            Perfusion { means: self.body.means, support: self.running.support(), drugs: self.running.drug() };
        let before = self.course.hours();
        self.course.go_on(minutes / 60.0, &perfusion, &world.physiology, &world.prognosis);
        let until = self.course.ended().map_or(self.course.hours(), |(_, at)| at);
        self.count((until - before).max(0.0));
        let rates = self.running.rates();
        self.doses = self.doses.after(rates, minutes * 60.0, &world.physiology);
        self.step += 1;
        Ok(())
    }

    /// Orders whose time has come.
    fn carry_out(&mut self, minute: f64, now: Instant) {
        let clinic = self.clinic;
        for (agent, level) in self.orders.due(minute) {
            let before = self.running.level(agent);
            if before == level {
                continue;
            }
            self.running.set(agent, level);
            let id = clinic.agents[agent.place()];
            match (before, level) {
                (_, None) => self.write(Body::Stop(id), now, now),
                (None, Some(level)) => {
                    self.write(Body::Start(id), now, now);
                    self.chart_level(agent, level, now);
                }
                (Some(_), Some(level)) => self.chart_level(agent, level, now),
            }
        }
        let affirm = clinic.world.practice.care.affirm;
        if self.step > 0 && minute % affirm < clinic.world.practice.care.step {
            for agent in Agent::ALL {
                if let Some(level) = self.running.level(agent) {
                    self.chart_level(agent, level, now);
                }
            }
        }
    }

    fn chart_level(&mut self, agent: Agent, level: f64, now: Instant) {
        let place = agent.place();
        let (id, setting) = (self.clinic.agents[place], self.clinic.settings[place]);
        let described = &self.clinic.vocabulary.agent_at(id).settings[setting];
        let value = match &described.kind {
            Kind::Code(codes) => {
                let name = format!("r1_{}", self.running.support().balloon.unwrap_or(1));
                let code = codes.iter().position(|code| code.name == name).and_then(|code| u8::try_from(code).ok());
                code.map(Datum::Code)
            }
            Kind::Boolean | Kind::Quantity { .. } => Some(Datum::number(crate::quantity::round12(level))),
        };
        if let (Some(value), Ok(setting)) = (value, u8::try_from(setting)) {
            self.write(Body::Set { agent: id, setting, value }, now, now);
        }
    }

    /// The circulation goes where the course, the drugs and the devices bring it.
    fn follow(&mut self) -> Result<(), Impossible> {
        let world = self.clinic.world;
        let condition = self.doses.act(&self.course.condition(&world.prognosis), &world.physiology);
        self.body.go_to(&world.physiology, condition, self.running.support())
    }

    fn observe(&mut self, minute: f64, now: Instant, step: f64) {
        let clinic = self.clinic;
        for charted in &clinic.charted {
            let truth = Truth { means: &self.body.means, condition: &self.body.at.0, course: &self.course };
            if let Some(entry) = charted.entry(&truth, self.luck, (minute, now), step) {
                self.insert(entry);
            }
        }
    }

    fn count(&mut self, hours: f64) {
        let outcome = &mut self.outcome;
        if self.running.device() {
            outcome.device_hours += hours;
        }
        for agent in Agent::ALL {
            if self.running.level(agent).is_some() {
                outcome.agent_hours[agent.place()] += hours;
            }
        }
        outcome.highest_lactate = outcome.highest_lactate.max(self.course.lactate());
    }

    fn outcome(self) -> Outcome {
        let (end, hours) = self.course.ended().unwrap_or((End::Horizon, self.course.hours()));
        let happened = self.course.complicated().iter().filter(|found| found.at <= hours).count();
        Outcome { end, hours, complications: happened as u32, ..self.outcome }
    }
}
