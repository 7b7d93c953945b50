//! Which version of a protocol was in force at which center, and when.

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::document::{Fields, Node};
use crate::protocol::{Choice, Identity, Plan};
use crate::sort;
use crate::timeline::{Instant, parse_instant};

use super::Force;

/// One row of a schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    center: Option<String>,
    identity: Identity,
    from: Instant,
    to: Instant,
    span: Span,
}

/// A schedule of versions by center and time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schedule {
    rows: Vec<Row>,
}

impl Schedule {
    /// Reads a list of rows `{center, protocol, version, from, to}`, of which center, from and to may be left out; a row
    /// without a center is for every center that has no row of its own. Rows with problems are reported and left out.
    pub fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Schedule {
        let mut schedule = Schedule::default();
        let Some(rows) = node.seq() else {
            out.push(bad(node.span, "a schedule is a list of rows"));
            return schedule;
        };
        for node in rows {
            let Some(row) = Row::read(node, out) else { continue };
            let meets = |held: &&Row| {
                held.center == row.center
                    && held.identity.id == row.identity.id
                    && held.from < row.to
                    && row.from < held.to
            };
            if let Some(held) = schedule.rows.iter().find(meets) {
                let message = format!("`{}` is in force at the same time as `{}`", row.identity, held.identity);
                out.push(bad(row.span, message).related(held.span, "the other row"));
                continue;
            }
            schedule.rows.push(row);
        }
        schedule
    }

    /// Every version that it names, each once.
    pub fn versions(&self) -> Vec<Identity> {
        let mut found: Vec<Identity> = self.rows.iter().map(|row| row.identity.clone()).collect();
        sort::sort(&mut found);
        found.dedup();
        found
    }

    /// The protocols that are asked for, each in all the versions in which the schedule has it.
    pub fn choices(&self, asked: &[Choice]) -> Vec<Choice> {
        let versions = self.versions();
        let mut found = Vec::new();
        for choice in asked {
            let scheduled = versions.iter().filter(|identity| identity.id == choice.id);
            let before = found.len();
            found.extend(scheduled.filter_map(|identity| Choice::read(&identity.to_string())));
            if found.len() == before {
                found.push(choice.clone());
            }
        }
        found
    }

    /// When each protocol of a plan was in force at a center. A protocol that the schedule does not name always is; one
    /// that it names for other centers only, never.
    pub fn force(&self, plan: &Plan, center: Option<&str>) -> Vec<Force> {
        let mut found = Vec::new();
        for protocol in plan.chosen() {
            let identity = &plan.protocols()[*protocol].document.identity;
            let of_id = || self.rows.iter().filter(|row| row.identity.id == identity.id);
            if of_id().next().is_none() {
                found.push(Force { protocol: *protocol, from: Instant::MIN, to: Instant::MAX });
                continue;
            }
            let own = of_id().any(|row| row.center.as_deref() == center && center.is_some());
            let here = of_id().filter(|row| row.identity == *identity);
            let here = here.filter(|row| match own {
                true => row.center.as_deref() == center,
                false => row.center.is_none(),
            });
            found.extend(here.map(|row| Force { protocol: *protocol, from: row.from, to: row.to }));
        }
        found
    }
}

fn bad(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::BadSchedule, span, message)
        .help("write `{center: seoul, protocol: va-ecmo-weaning, version: 1.0.0, to: 2026-03-01T00:00:00+09:00}`")
}

impl Row {
    fn read(node: &Node, out: &mut Vec<Diagnostic>) -> Option<Row> {
        let mut fields = Fields::new(node, "a row of a schedule", out)?;
        let center = fields.text("center", out).map(str::to_owned);
        let protocol = fields.required_text("protocol", out);
        let version = fields.required_text("version", out);
        let mut instant =
            |key: &str, fields: &mut Fields<'_>| match fields.optional(key).map(|node| (node, node.text())) {
                None => Some(None),
                Some((node, text)) => match parse_instant(text.unwrap_or_default()) {
                    Ok((at, _)) => Some(Some(at)),
                    Err(problem) => {
                        out.push(
                            Diagnostic::error(Code::BadInstant, node.span, problem)
                                .help("write date, time and offset: `2026-03-01T00:00:00+09:00`"),
                        );
                        None
                    }
                },
            };
        let from = instant("from", &mut fields);
        let to = instant("to", &mut fields);
        fields.finish(out);
        let text = format!("{}@{}", protocol?, version?);
        let Some(identity) = Identity::read(&text) else {
            out.push(bad(
                node.span,
                format!("`{}` is no protocol with its version", crate::diagnostic::excerpt(&text)),
            ));
            return None;
        };
        let (from, to) = (from?.unwrap_or(Instant::MIN), to?.unwrap_or(Instant::MAX));
        if to <= from {
            out.push(bad(node.span, "a version that is no longer in force before it is"));
            return None;
        }
        Some(Row { center, identity, from, to, span: node.span })
    }
}
