//! A made-up cohort: ten thousand stays in 25 centers, the same from the same seed on every machine. The sizes are those of
//! a registry; nothing clinical may be read from it.

use shockpath::timeline::{
    Body, Capture, Coverage, Datum, End, Entry, Header, Instant, Mark, Observed, Origin, Timeline, format_instant,
};
use shockpath::vocabulary::{AgentId, ConceptId, EventId, Kind, Qualifiers, Vocabulary};

use crate::fails;

/// One minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// The first instant of every stay but for what came before it: 1 March 2026, in UTC.
const START: Instant = 1_772_323_200_000_000;

/// Centers of the cohort.
pub const CENTERS: u64 = 25;

/// What a row of the cohort charts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Chart {
    /// A value of a concept.
    Value(&'static str, f64),
    /// A gas of the right radial artery.
    RightRadial(f64),
    /// An event.
    Event(&'static str),
    /// A device or drug starts.
    Start(&'static str),
    /// It is seen running.
    Running(&'static str),
    /// It stops.
    Stop(&'static str),
}

/// One stay.
#[derive(Debug, Clone, PartialEq)]
pub struct Stay {
    /// Number of the patient.
    pub patient: u64,
    /// Number of the center.
    pub center: u64,
    /// End of observation, in minutes after its start.
    pub to: i64,
    /// How it ended.
    pub end: End,
    /// What was charted, by minute; negative is before the stay.
    pub rows: Vec<(i64, Chart)>,
}

/// Random numbers of one patient: the same whoever else is drawn (splitmix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to `below`.
    fn below(&mut self, below: i64) -> i64 {
        i64::try_from(self.next() % below.unsigned_abs().max(1)).unwrap_or(0)
    }

    fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below(to - from + 1)
    }

    /// True so many times in a hundred.
    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// A number with one digit after the point.
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    fn tenths(&mut self, from: i64, to: i64) -> f64 {
        self.between(from, to) as f64 / 10.0
    }
}

/// One patient of a cohort.
pub fn stay(seed: u64, patient: u64) -> Stay {
    let mut draw = Draw(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ patient.wrapping_mul(0x9E6C_63D0_876A_68EE));
    let center = draw.next() % CENTERS + 1;
    let to = draw.between(36 * 60, 108 * 60);
    let end = match draw.below(10) {
        0..3 => End::Death,
        3..5 => End::Transfer,
        _ => End::Discharge,
    };
    let mut stay = Stay { patient, center, to, end, rows: vec![(0, Chart::Event("admission"))] };
    lactates(&mut stay, &mut draw);
    powers(&mut stay, &mut draw);
    let mut at = draw.between(0, 60);
    while at <= to {
        stay.rows.push((at, Chart::Value("map", draw.tenths(450, 950))));
        at += draw.between(70, 112);
    }
    if draw.chance(80) {
        let begun = draw.between(0, 600);
        stay.rows.push((begun, Chart::Start("norepinephrine")));
        stay.rows.extend(
            Some(begun + draw.between(300, 3000)).filter(|at| *at <= to).map(|at| (at, Chart::Stop("norepinephrine"))),
        );
    }
    devices(&mut stay, &mut draw);
    stay.rows.sort_by_key(|(at, _)| *at);
    stay
}

fn lactates(stay: &mut Stay, draw: &mut Draw) {
    let mut level = draw.between(15, 120);
    let mut at = draw.between(0, 90);
    while at <= stay.to {
        stay.rows.push((at, Chart::Value("lactate", draw.tenths(level.max(6), level.max(6) + 8))));
        level = level * draw.between(75, 112) / 100;
        // Most are repeated in time, some too soon, some late, and some long after.
        at += match draw.below(10) {
            0 => draw.between(30, 119),
            1 => draw.between(241, 420),
            2 if draw.chance(20) => draw.between(420, 1500),
            _ => draw.between(120, 240),
        };
    }
}

fn powers(stay: &mut Stay, draw: &mut Draw) {
    let mut at = draw.between(20, 400);
    while at <= stay.to {
        stay.rows.push((at, Chart::Value("cpo", draw.tenths(3, 11))));
        at += draw.between(240, 600);
    }
}

/// A first device, for some a second one; catheter, blood gas and echocardiography around them.
fn devices(stay: &mut Stay, draw: &mut Draw) {
    if !draw.chance(65) {
        return;
    }
    let first = ["iabp", "impella_cp", "va_ecmo"][usize::try_from(draw.below(3)).unwrap_or(0)];
    let begun = match draw.below(20) {
        0 => -draw.between(60, 600),
        1 => 0,
        _ => draw.between(1, 1200),
    };
    let arrived = begun == 0;
    run(stay, draw, first, begun, arrived);
    if draw.chance(70) {
        let at = begun.max(0) + draw.between(0, 600);
        stay.rows.extend((at <= stay.to).then_some((at, Chart::Event("pac_inserted"))));
    }
    if first != "va_ecmo" && draw.chance(25) {
        let second = begun.max(0) + draw.between(60, 1800);
        run(stay, draw, "va_ecmo", second, false);
    }
}

fn run(stay: &mut Stay, draw: &mut Draw, device: &'static str, begun: i64, arrived: bool) {
    if begun >= stay.to {
        return;
    }
    stay.rows.push((begun, if arrived { Chart::Running(device) } else { Chart::Start(device) }));
    let stopped = Some(begun + draw.between(30, 6000)).filter(|at| *at > 0 && *at <= stay.to && draw.chance(75));
    let until = stopped.unwrap_or(stay.to);
    // Support is charted at least every twelve hours, so that it is known to run.
    let mut seen = begun + draw.between(300, 720);
    while seen < until {
        stay.rows.push((seen, Chart::Running(device)));
        seen += draw.between(300, 720);
    }
    stay.rows.extend(stopped.map(|at| (at, Chart::Stop(device))));
    if device != "va_ecmo" {
        return;
    }
    if draw.chance(85) {
        let at = begun.max(0) + draw.between(0, 200);
        stay.rows.extend((at <= stay.to).then_some((at, Chart::RightRadial(draw.tenths(600, 2000)))));
    }
    for _ in 0..draw.below(4) {
        let at = draw.between(begun.max(0), (until + 300).min(stay.to));
        stay.rows.push((at, Chart::Value("lvot_vti", draw.tenths(50, 150))));
    }
}

/// Instant of a minute of a stay.
pub fn instant(minute: i64) -> Instant {
    START + minute * MINUTE
}

/// The names of a cohort in a vocabulary, found once.
#[derive(Debug)]
pub struct Names<'a> {
    vocabulary: &'a Vocabulary,
    right_radial: Qualifiers,
}

impl<'a> Names<'a> {
    /// Finds them.
    pub fn new(vocabulary: &'a Vocabulary) -> Self {
        let concept = vocabulary.concept("pao2").map(|id| vocabulary.concept_at(id));
        let way = concept.and_then(|concept| concept.qualifier("right_radial"));
        let right_radial = way.unwrap_or_else(|| fails("a gas of the right radial artery")).alone();
        Names { vocabulary, right_radial }
    }

    fn concept(&self, name: &str) -> ConceptId {
        self.vocabulary.concept(name).unwrap_or_else(|| fails(name))
    }

    fn agent(&self, name: &str) -> AgentId {
        self.vocabulary.agent(name).unwrap_or_else(|| fails(name))
    }

    fn event(&self, name: &str) -> EventId {
        self.vocabulary.event(name).unwrap_or_else(|| fails(name))
    }

    fn body(&self, chart: Chart) -> Body {
        let observe = |name: &str, value: f64, qualifiers: Qualifiers| Body::Observe {
            concept: self.concept(name),
            value: Datum::number(value),
            qualifiers,
            baseline: false,
        };
        match chart {
            Chart::Value(name, value) => observe(name, value, Qualifiers::default()),
            Chart::RightRadial(value) => observe("pao2", value, self.right_radial),
            Chart::Event(name) => Body::Event(self.event(name)),
            Chart::Start(name) => Body::Start(self.agent(name)),
            Chart::Running(name) => Body::Affirm(self.agent(name)),
            Chart::Stop(name) => Body::Stop(self.agent(name)),
        }
    }

    /// The stay as a timeline.
    pub fn timeline(&self, stay: &Stay) -> Timeline {
        let entries = stay.rows.iter().map(|(minute, chart)| {
            let at = instant(*minute);
            Entry { mark: Mark { at, known: at }, body: self.body(*chart), origin: Origin { span: None, source: None } }
        });
        let all = Capture::Complete;
        let header = Header {
            id: format!("p{:06}", stay.patient),
            site: Some(format!("c{:02}", stay.center)),
            observed: Observed { from: Some(instant(0)), to: Some(instant(stay.to)), end: stay.end },
            coverage: Coverage { devices: all, infusions: all, problems: all, events: all, observations: all },
        };
        Timeline::build(self.vocabulary, header, entries.collect()).0
    }
}

/// The patients as CSV: number, center, end of observation in minutes, and how it ended.
pub fn patients_csv(stays: &[Stay]) -> String {
    let mut out = String::from("patient,center,to_min,ended\n");
    for stay in stays {
        let end = match stay.end {
            End::Death => "death",
            End::Transfer => "transfer",
            _ => "discharge",
        };
        out += &format!("{},{},{},{end}\n", stay.patient, stay.center, stay.to);
    }
    out
}

/// What was charted as CSV, one row per item.
pub fn events_csv(stays: &[Stay]) -> String {
    let mut out = String::from("patient,at_min,what,name,value\n");
    for stay in stays {
        for (at, chart) in &stay.rows {
            let (what, name, value) = match chart {
                Chart::Value(name, value) => ("observe", *name, value.to_string()),
                Chart::RightRadial(value) => ("observe", "pao2.right_radial", value.to_string()),
                Chart::Event(name) => ("event", *name, String::new()),
                Chart::Start(name) => ("start", *name, String::new()),
                Chart::Running(name) => ("running", *name, String::new()),
                Chart::Stop(name) => ("stop", *name, String::new()),
            };
            out += &format!("{},{at},{what},{name},{value}\n", stay.patient);
        }
    }
    out
}

/// The patients under our own names, for the mapping `shockpath`; their etiology is made up too.
pub fn people_csv(stays: &[Stay]) -> String {
    let mut out = String::from("patient,center,from,to,end,etiology\n");
    for stay in stays {
        let end = match stay.end {
            End::Death => "death",
            End::Transfer => "transfer",
            _ => "discharge",
        };
        let etiology =
            ["ischemic_ami", "myocarditis", "post_cardiotomy"][usize::try_from(stay.patient % 3).unwrap_or(0)];
        let (from, to) = (format_instant(instant(0), 0), format_instant(instant(stay.to), 0));
        out += &format!("p{:06},c{:02},{from},{to},{end},{etiology}\n", stay.patient, stay.center);
    }
    out
}

/// What was charted of them, one row per value, for the mapping `shockpath`.
pub fn entries_csv(vocabulary: &Vocabulary, stays: &[Stay]) -> String {
    let unit = |name: &str| {
        let concept = vocabulary.concept(name).map(|id| &vocabulary.concept_at(id).kind);
        match concept {
            Some(Kind::Quantity { unit, .. }) => unit.to_string(),
            _ => String::new(),
        }
    };
    let mut out = String::from("patient,at,name,value,unit,action\n");
    for stay in stays {
        for (minute, chart) in &stay.rows {
            let (name, value, unit, action) = match chart {
                Chart::Value(name, value) => (*name, value.to_string(), unit(name), "observe"),
                Chart::RightRadial(value) => ("pao2.right_radial", value.to_string(), unit("pao2"), "observe"),
                Chart::Event(name) => (*name, String::new(), String::new(), "event"),
                Chart::Start(name) => (*name, String::new(), String::new(), "start"),
                Chart::Running(name) => (*name, String::new(), String::new(), "running"),
                Chart::Stop(name) => (*name, String::new(), String::new(), "stop"),
            };
            let at = format_instant(instant(*minute), 0);
            out += &format!("p{:06},{at},{name},{value},{unit},{action}\n", stay.patient);
        }
    }
    out
}
