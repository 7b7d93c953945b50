//! How much of a record is used, how much is refused and why.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Code, Diagnostic, Severity, Span};
use crate::document::{Kind as NodeKind, Node};
use crate::quantity::{Unit, Written};
use crate::sort;
use crate::vocabulary::{EventId, Kind, Vocabulary};

use super::{ActionKind, Instant, Timeline};

/// What became of the charted items of a record: each value, setting, event, start, stop, decline, limit and trial is
/// one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of them.
    pub charted: usize,
    /// Those that are used.
    pub used: usize,
    /// Those that are not, by what is wrong with them first.
    pub refused: BTreeMap<Code, usize>,
    /// Of those that are used, those that stood in another unit than that of their concept or setting.
    pub converted: usize,
    /// Of those that are used, those that became known later than they were true.
    pub known_later: usize,
}

/// Fields of an entry that chart something by themselves.
const SINGLE: [&str; 6] = ["event", "start", "stop", "running", "decline", "trial"];

impl Tally {
    /// Adds those of another patient.
    pub fn add(&mut self, other: &Tally) {
        self.charted += other.charted;
        self.used += other.used;
        self.converted += other.converted;
        self.known_later += other.known_later;
        for (code, count) in &other.refused {
            *self.refused.entry(*code).or_default() += count;
        }
    }

    /// Whether every charted item is either used or refused.
    pub fn adds_up(&self) -> bool {
        self.charted == self.used + self.refused.values().sum::<usize>()
    }
}

impl Timeline {
    /// Counts what became of the items of the record that this timeline was read from; `found` is what reading it said.
    pub fn tally(&self, vocabulary: &Vocabulary, record: &Node, found: &[Diagnostic]) -> Tally {
        let mut tally = Tally::default();
        let used = self.used();
        let entries = record.get("entries").and_then(Node::seq).unwrap_or_default();
        for entry in entries {
            let problems: Vec<&Diagnostic> = found
                .iter()
                .filter(|held| {
                    held.severity == Severity::Error && held.span.is_some_and(|span| within(span, entry.span))
                })
                .collect();
            items(vocabulary, entry, &mut |item, unit| {
                tally.charted += 1;
                if used.contains(&item.span) {
                    tally.used += 1;
                    tally.converted += usize::from(converted(item, unit));
                    return;
                }
                let own = problems.iter().find(|held| held.span.is_some_and(|span| within(span, item.span)));
                let code = own.or(problems.first()).map_or(Code::Invalid, |held| held.code);
                *tally.refused.entry(code).or_default() += 1;
            });
        }
        tally.known_later = self.known_later(vocabulary);
        tally
    }

    /// Counts what became of items that came from elsewhere than a record, such as the rows of a table. Whoever made
    /// entries of them knows how many there were, which were refused, and which stood in another unit; what is used is
    /// counted here, so that a sum that does not add up shows that something was lost.
    pub fn tally_of(
        &self,
        vocabulary: &Vocabulary,
        charted: usize,
        refused: BTreeMap<Code, usize>,
        converted: usize,
    ) -> Tally {
        let used = self.origins.len() - self.rejected().len();
        Tally { charted, used, refused, converted, known_later: self.known_later(vocabulary) }
    }

    /// Places of the entries whose value was not refused.
    fn used(&self) -> BTreeSet<Span> {
        let rejected = self.rejected();
        let origins = (0_u32..).zip(&self.origins).filter(|(entry, _)| !rejected.contains(entry));
        sort::set(origins.filter_map(|(_, origin)| origin.span))
    }

    /// The entries whose value was refused.
    fn rejected(&self) -> BTreeSet<u32> {
        let settings = self.agents.iter().flat_map(|history| &history.actions).filter_map(|action| match action.kind {
            ActionKind::Set { rejected: true, .. } => Some(action.entry),
            _ => None,
        });
        sort::set(self.series.iter().flatten().filter(|o| o.rejected).map(|o| o.entry).chain(settings))
    }

    /// Number of items that were true outside a period.
    pub fn outside(&self, from: Instant, to: Instant) -> usize {
        let out = |at: Instant| usize::from(at < from || at > to);
        let values = self.series.iter().flatten().filter(|o| !o.rejected).map(|o| out(o.at));
        let actions = self.agents.iter().flat_map(|history| &history.actions).map(|action| out(action.mark.at));
        let orders = self.declines.iter().map(|held| out(held.mark.at));
        let limits = self.limits.iter().map(|held| out(held.mark.at));
        values.chain(actions).chain(orders).chain(limits).sum()
    }

    /// Number of values, events, starts and stops that became known later than they were true.
    pub fn known_later(&self, vocabulary: &Vocabulary) -> usize {
        // Starts and stops of devices stand among the events once more.
        let told = [vocabulary.device_start, vocabulary.device_stop].map(|event| event.map(EventId::index));
        let later = |at: i64, known: i64| usize::from(known > at);
        let values = self.series.iter().flatten().filter(|o| !o.rejected).map(|o| later(o.at, o.known));
        let events = self.events.iter().enumerate().filter(|(event, _)| !told.contains(&Some(*event)));
        let marks = events.flat_map(|(_, marks)| marks).map(|mark| later(mark.at, mark.known));
        let actions = self.agents.iter().flat_map(|history| &history.actions);
        values.chain(marks).sum::<usize>()
            + actions.map(|action| later(action.mark.at, action.mark.known)).sum::<usize>()
    }
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && inner.start >= outer.start && inner.end <= outer.end
}

/// Calls `visit` with every charted item of an entry, and the unit into which it goes.
fn items<'a>(vocabulary: &'a Vocabulary, entry: &'a Node, visit: &mut impl FnMut(&'a Node, Option<&'a Unit>)) {
    let unit = |kind: &'a Kind| match kind {
        Kind::Quantity { unit, .. } => Some(unit),
        Kind::Boolean | Kind::Code(_) => None,
    };
    for (key, node) in entry.map().unwrap_or_default() {
        match key.name.as_str() {
            "observe" => {
                for (name, value) in node.map().unwrap_or_default() {
                    let concept = vocabulary.concept(&name.name).map(|id| vocabulary.concept_at(id));
                    visit(value, concept.and_then(|concept| unit(&concept.kind)));
                }
            }
            "limit" if node.map().is_some_and(|members| !members.is_empty()) => visit(node, None),
            "set" => {
                let members = node.map().unwrap_or_default();
                for (name, value) in members {
                    let own = entry.get("start").or(entry.get("running")).and_then(Node::text);
                    let mut set = |agent: Option<&str>, setting: &str, node: &'a Node| {
                        let agent = agent.and_then(|name| vocabulary.agent(name)).map(|id| vocabulary.agent_at(id));
                        let described = agent.and_then(|agent| agent.settings.get(agent.setting(setting)?));
                        visit(node, described.and_then(|setting| unit(&setting.kind)));
                    };
                    match own {
                        Some(agent) => set(Some(agent), &name.name, value),
                        None => value.map().unwrap_or_default().iter().for_each(|(setting, node)| {
                            set(Some(&name.name), &setting.name, node);
                        }),
                    }
                }
            }
            name if SINGLE.contains(&name) => visit(node, None),
            _ => {}
        }
    }
}

/// Whether a value stands in another unit than the one into which it goes.
fn converted(item: &Node, unit: Option<&Unit>) -> bool {
    let Some(target) = unit else { return false };
    let value = item.get("value").unwrap_or(item);
    let stated = item.get("unit").map(|node| match &node.kind {
        NodeKind::Number(number) => Unit::read(&number.text),
        _ => Unit::read(node.text().unwrap_or_default()),
    });
    let from = match stated {
        Some(unit) => unit.ok(),
        None => value.text().and_then(|text| Written::read(text).ok()).and_then(|written| written.unit),
    };
    from.is_some_and(|from| from != *target)
}
