//! A patient whose rows are coming in, until they end.
//!
//! What was charted is kept small, and becomes entries only when all of it is there: whether a device that is seen running
//! started then depends on what was seen before, and what a dose per kilogram is, on the weight.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::quantity::{Comparator, Context, Unit};
use shockpath::timeline::{
    Body, Datum, Dosing, End, Entry, Header, Instant, Mark, Observed, Origin, Refused, Scale, Timeline,
};
use shockpath::vocabulary::{AgentId, ConceptId, EventId, Kind, Qualifiers, Vocabulary};

use crate::captured::Captured;
use crate::layout::diagnostic;
use crate::meaning::Said;
use crate::{Excluded, Issue, Patient};

/// Where something was charted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    /// The row, from 1.
    pub(crate) row: u64,
    /// The column, or the name of what was charted, by its position among the names.
    pub(crate) name: u32,
    /// The table, by its position.
    pub(crate) table: u16,
}

/// What was charted.
#[derive(Debug, Clone)]
pub(crate) enum What {
    Observe(ConceptId, Qualifiers, Datum),
    Event(EventId),
    Start(AgentId),
    Affirm(AgentId),
    Stop(AgentId),
    /// Seen running, or off.
    Seen(AgentId, bool),
    Set(AgentId, u8, Datum),
    /// A setting that waits for the dosing weight.
    Dose(AgentId, u8, Option<Comparator>, f64, Unit),
}

/// One charted item.
#[derive(Debug, Clone)]
struct Fact {
    mark: Mark,
    what: What,
    place: Place,
    /// It stood in another unit than the vocabulary's.
    converted: bool,
}

/// What is said of a patient as a whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Head {
    pub(crate) center: Option<Arc<str>>,
    pub(crate) from: Option<Instant>,
    pub(crate) to: Option<Instant>,
    pub(crate) end: Option<End>,
    pub(crate) groups: BTreeMap<Arc<str>, Arc<str>>,
    /// Two centers are said.
    torn: bool,
}

/// The patient whose rows are coming in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Open {
    pub(crate) id: String,
    pub(crate) head: Head,
    facts: Vec<Fact>,
    issues: Vec<Issue>,
    charted: usize,
    refused: BTreeMap<Code, usize>,
}

/// Names of tables and of what stands in them, each held once for all patients.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    names: Vec<Arc<str>>,
    positions: BTreeMap<Arc<str>, u32>,
    /// Names of the tables.
    tables: Vec<Arc<str>>,
}

impl Names {
    /// Of these tables.
    pub(crate) fn of(tables: Vec<Arc<str>>) -> Names {
        Names { tables, ..Names::default() }
    }

    /// The position of a name.
    pub(crate) fn position(&mut self, name: &str) -> u32 {
        if let Some(position) = self.positions.get(name) {
            return *position;
        }
        let (position, name) = (u32::try_from(self.names.len()).unwrap_or(u32::MAX), Arc::<str>::from(name));
        self.names.push(Arc::clone(&name));
        self.positions.insert(name, position);
        position
    }

    fn name(&self, place: Place) -> &str {
        usize::try_from(place.name).ok().and_then(|position| self.names.get(position)).map_or("", |name| name)
    }

    /// A message about a place.
    pub(crate) fn issue(&self, patient: &str, place: Place, diagnostic: Diagnostic) -> Issue {
        Issue {
            patient: patient.to_owned(),
            table: self.tables.get(usize::from(place.table)).cloned().unwrap_or_default(),
            row: place.row,
            column: self.name(place).to_owned(),
            diagnostic,
        }
    }
}

fn told(refused: Refused) -> Diagnostic {
    diagnostic(refused.code, refused.message, refused.help)
}

impl Open {
    pub(crate) fn new(id: &str) -> Open {
        Open { id: id.to_owned(), ..Open::default() }
    }

    fn push(&mut self, mark: Mark, what: What, place: Place, converted: bool) {
        self.charted += 1;
        // Of many patients that are held at once, space for twice as much would be most of the memory.
        if self.facts.len() == self.facts.capacity() {
            self.facts.reserve_exact(self.facts.len() / 4 + 4);
        }
        self.facts.push(Fact { mark, what, place, converted });
    }

    /// An item that is as it was charted.
    pub(crate) fn add(&mut self, mark: Mark, what: What, place: Place) {
        self.push(mark, what, place, false);
    }

    /// What is wrong with an item that cannot be placed, or has no value to be unknown.
    pub(crate) fn refuse(&mut self, names: &Names, place: Place, refused: Refused) {
        self.charted += 1;
        self.count(names, place, refused);
    }

    /// An item that is refused for what is told already.
    pub(crate) fn refuse_too(&mut self, code: Code) {
        self.charted += 1;
        *self.refused.entry(code).or_default() += 1;
    }

    /// What is wrong with what is said of the patient as a whole.
    pub(crate) fn issue(&mut self, names: &Names, place: Place, diagnostic: Diagnostic) {
        self.issues.push(names.issue(&self.id, place, diagnostic));
    }

    fn count(&mut self, names: &Names, place: Place, refused: Refused) {
        *self.refused.entry(refused.code).or_default() += 1;
        self.issue(names, place, told(refused));
    }

    /// A value; one that is refused leaves its concept or setting unknown.
    pub(crate) fn value(
        &mut self,
        names: &Names,
        (mark, place): (Mark, Place),
        make: impl Fn(Datum) -> What,
        dose: Option<(AgentId, u8)>,
        said: Result<Said, Refused>,
    ) {
        match (said, dose) {
            (Ok(Said::Value(value, converted)), _) => self.push(mark, make(value), place, converted),
            (Ok(Said::Dose(comparator, value, unit)), Some((agent, setting))) => {
                self.push(mark, What::Dose(agent, setting, comparator, value, unit), place, true);
            }
            (Ok(Said::Dose(..)), None) => self.push(mark, make(Datum::Rejected), place, false),
            (Err(refused), _) => {
                self.count(names, place, refused);
                self.push(mark, make(Datum::Rejected), place, false);
            }
        }
    }

    /// The center that a row names.
    pub(crate) fn center(&mut self, names: &Names, place: Place, center: &str) {
        match &self.head.center {
            None => self.head.center = Some(center.into()),
            Some(held) if **held == *center => {}
            Some(held) => {
                let message = format!("two centers, `{held}` and `{center}`");
                let found = Diagnostic::error(Code::Invalid, None, message)
                    .help("give each stay its own patient: care is judged by the center that gave it");
                if !self.head.torn {
                    self.issue(names, place, found);
                }
                self.head.torn = true;
            }
        }
    }

    /// Says something of the patient as a whole; two rows that disagree leave the first, and are told.
    pub(crate) fn say<T: PartialEq>(
        &mut self,
        names: &Names,
        place: Place,
        held: impl Fn(&mut Head) -> &mut Option<T>,
        new: T,
    ) {
        match held(&mut self.head) {
            Some(old) if *old != new => {
                let found = Diagnostic::error(Code::ConflictingValues, None, "said otherwise by a row before")
                    .help("what was read first stands; leave out the other row");
                self.issue(names, place, found);
            }
            slot => *slot = Some(new),
        }
    }

    /// Says of which group the patient is.
    pub(crate) fn group(&mut self, names: &Names, place: Place, group: &Arc<str>, value: &str) {
        match self.head.groups.get(group) {
            Some(old) if **old != *value => {
                let message = format!("`{group}` was `{old}` in a row before");
                let found = Diagnostic::error(Code::ConflictingValues, None, message)
                    .help("what was read first stands; leave out the other row");
                self.issue(names, place, found);
            }
            Some(_) => {}
            None => {
                self.head.groups.insert(Arc::clone(group), value.into());
            }
        }
    }

    /// Everything that is known of the patient.
    pub(crate) fn close(
        mut self,
        vocabulary: &Vocabulary,
        names: &Names,
        captured: &Captured,
    ) -> Result<Patient, Box<Excluded>> {
        if self.head.torn {
            return Err(Box::new(Excluded { id: self.id, issues: self.issues, charted: self.charted }));
        }
        let observed = self.observed(names);
        let mut facts = std::mem::take(&mut self.facts);
        // Rows of a patient may come in any order; those of one instant stay in theirs, which messages refer to.
        facts.sort_by_key(|fact| fact.mark);
        self.leave_out(names, observed, &mut facts);
        let converted: Vec<bool> = facts.iter().map(|fact| fact.converted).collect();
        let (entries, places, used) = self.entries(vocabulary, names, facts);
        let head = std::mem::take(&mut self.head);
        let (coverage, concepts) = captured.of(head.center.as_deref());
        let center = head.center.map(|center| center.to_string());
        let header = Header { id: self.id.clone(), site: center, observed, coverage };
        let rejected = entries.iter().map(|entry| is_rejected(&entry.body)).collect::<Vec<_>>();
        let converted = used.iter().zip(&rejected).filter(|(fact, no)| converted[**fact] && !**no).count();
        let (timeline, found) = Timeline::build(vocabulary, header, entries);
        for (entry, diagnostic) in found {
            if let Some(place) = usize::try_from(entry).ok().and_then(|entry| places.get(entry)) {
                self.issue(names, *place, diagnostic);
            }
        }
        let tally = timeline.tally_of(vocabulary, self.charted, self.refused, converted);
        let groups = head.groups.iter().map(|(group, value)| (group.to_string(), value.to_string())).collect();
        Ok(Patient { id: self.id, timeline, issues: self.issues, groups, tally, coverage: concepts })
    }

    fn observed(&mut self, names: &Names) -> Observed {
        let Head { from, mut to, end, .. } = self.head;
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            let found = Diagnostic::error(Code::BadInstant, None, "observation ends before it begins")
                .help("the end is left open; correct one of the two");
            self.issue(names, Place { row: 0, name: u32::MAX, table: u16::MAX }, found);
            to = None;
        }
        Observed { from, to, end: end.unwrap_or_default() }
    }

    /// Leaves out what lies after the end of observation, and what says of a device at one instant that it ran and that
    /// it was off.
    fn leave_out(&mut self, names: &Names, observed: Observed, facts: &mut Vec<Fact>) {
        let mut seen: BTreeMap<(AgentId, Mark), bool> = BTreeMap::new();
        let mut torn: BTreeSet<(AgentId, Mark)> = BTreeSet::new();
        for fact in &*facts {
            if let What::Seen(agent, on) = fact.what
                && *seen.entry((agent, fact.mark)).or_insert(on) != on
            {
                torn.insert((agent, fact.mark));
            }
        }
        let end = observed.to.unwrap_or(Instant::MAX);
        let mut kept = Vec::with_capacity(facts.len());
        for fact in facts.drain(..) {
            let refused = |code, message: &str, help: &str| Refused {
                code,
                message: message.to_owned(),
                help: Some(help.to_owned()),
            };
            let wrong = match &fact.what {
                _ if fact.mark.admitted() > end => Some(refused(
                    Code::OutOfTime,
                    "this instant lies after the end of observation",
                    "the row is left out; correct it or the end",
                )),
                What::Seen(agent, _) if torn.contains(&(*agent, fact.mark)) => Some(refused(
                    Code::ConflictingValues,
                    "seen running and off at one instant",
                    "neither is used; give the right one a later `known_at` as a correction",
                )),
                _ => None,
            };
            match wrong {
                None => kept.push(fact),
                // A value that was refused before is told and counted already.
                Some(_) if is_refused(&fact.what) => {}
                Some(refused) => self.count(names, fact.place, refused),
            }
        }
        *facts = kept;
    }

    /// Entries of what was charted, in order, with their places and the positions of what they were made of.
    fn entries(
        &mut self,
        vocabulary: &Vocabulary,
        names: &Names,
        facts: Vec<Fact>,
    ) -> (Vec<Entry>, Vec<Place>, Vec<usize>) {
        let mut agents: BTreeMap<AgentId, bool> = BTreeMap::new();
        let mut made =
            (Vec::with_capacity(facts.len()), Vec::with_capacity(facts.len()), Vec::with_capacity(facts.len()));
        let mut doses = Vec::new();
        let mut add = |mark: Mark, body: Body, place: Place, fact: usize| {
            made.0.push(Entry { mark, body, origin: Origin { span: None, source: None } });
            made.1.push(place);
            made.2.push(fact);
        };
        for (position, Fact { mark, what, place, .. }) in facts.into_iter().enumerate() {
            let body = match what {
                What::Observe(concept, qualifiers, value) => {
                    Body::Observe { concept, value, qualifiers, baseline: false }
                }
                What::Event(event) => Body::Event(event),
                What::Start(agent) => Body::Start(agent),
                What::Affirm(agent) => Body::Affirm(agent),
                What::Stop(agent) => Body::Stop(agent),
                What::Set(agent, setting, value) => Body::Set { agent, setting, value },
                // It starts where it was off in the row before; where it was never seen, it is unknown since when it runs.
                What::Seen(agent, on) => match (agents.insert(agent, on), on) {
                    (Some(false), true) => Body::Start(agent),
                    (_, true) => Body::Affirm(agent),
                    (Some(true), false) => Body::Stop(agent),
                    // Before it ran its absence says that it is off, where the table captures it: nothing was charted.
                    (_, false) => {
                        self.charted -= 1;
                        continue;
                    }
                },
                What::Dose(agent, setting, comparator, value, unit) => {
                    doses.push((position, mark, place, (agent, setting), (comparator, value, unit)));
                    continue;
                }
            };
            add(mark, body, place, position);
        }
        if doses.is_empty() {
            return made;
        }
        let dosing = Dosing::new(vocabulary, &made.0, doses.iter().map(|(_, mark, _, (agent, _), _)| (*agent, *mark)));
        for (position, mark, place, (agent, setting), (comparator, value, unit)) in doses {
            let described = &vocabulary.agent_at(agent).settings[usize::from(setting)];
            let context = Context { weight: dosing.weight(agent, mark), ..Context::default() };
            let taken = match &described.kind {
                Kind::Quantity { unit: into, limits } => Scale::new(names.name(place), &unit, into, *limits, &context)
                    .and_then(|scale| scale.take(comparator, value)),
                _ => Ok(Datum::Rejected),
            };
            let value = taken.unwrap_or_else(|refused| {
                self.count(names, place, refused);
                Datum::Rejected
            });
            made.0.push(Entry {
                mark,
                body: Body::Set { agent, setting, value },
                origin: Origin { span: None, source: None },
            });
            made.1.push(place);
            made.2.push(position);
        }
        made
    }
}

fn is_refused(what: &What) -> bool {
    matches!(what, What::Observe(_, _, Datum::Rejected) | What::Set(_, _, Datum::Rejected))
}

fn is_rejected(body: &Body) -> bool {
    matches!(body, Body::Observe { value: Datum::Rejected, .. } | Body::Set { value: Datum::Rejected, .. })
}
