//! A record as a document -> entries -> timeline. What is refused is reported; the rest is still used.

use chrono::{DateTime, FixedOffset, NaiveDateTime, SecondsFormat};

use crate::diagnostic::{Code, Diagnostic, Span, closest};
use crate::document::{self, Fields, Key, Node};
use crate::vocabulary::{AgentId, Vocabulary};

use super::dosing::Dosing;
use super::value::{read_observation, read_setting};
use super::{Body, Coverage, End, Entry, Header, Instant, Mark, Observed, Origin, Phase, Timeline, TrialResult};

/// Reads an instant with an offset, such as `2026-03-01T08:00:00+09:00`, in microseconds and with its offset in
/// seconds.
pub fn parse_instant(text: &str) -> Result<(Instant, i32), String> {
    match DateTime::parse_from_rfc3339(text) {
        Ok(time) if time.timestamp_subsec_nanos() % 1000 != 0 => Err(format!("`{text}` is finer than a microsecond")),
        Ok(time) if time.timestamp_subsec_nanos() >= 1_000_000_000 => {
            Err(format!("`{text}` is a leap second, which clocks in hospitals do not chart"))
        }
        Ok(time) => Ok((time.timestamp_micros(), time.offset().local_minus_utc())),
        Err(_) => {
            let naive = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M"];
            let naive = naive.iter().any(|form| NaiveDateTime::parse_from_str(text, form).is_ok());
            Err(match naive {
                true => format!("`{text}` has no offset from UTC"),
                false => format!("`{text}` is not an instant"),
            })
        }
    }
}

/// Writes an instant with an offset in seconds, to the second where that loses nothing.
pub fn format_instant(instant: Instant, offset: i32) -> String {
    let zone = FixedOffset::east_opt(offset).or(FixedOffset::east_opt(0));
    let time = DateTime::from_timestamp_micros(instant).zip(zone).map(|(time, zone)| time.with_timezone(&zone));
    time.map_or_else(|| instant.to_string(), |time| time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

pub(super) fn read_instant(node: &Node, out: &mut Vec<Diagnostic>) -> Option<(Instant, i32)> {
    let problem = match node.text() {
        Some(text) => match parse_instant(text) {
            Ok(instant) => return Some(instant),
            Err(problem) => problem,
        },
        None => format!("expected an instant, found {}", node.kind_name()),
    };
    out.push(
        Diagnostic::error(Code::BadInstant, node.span, problem)
            .help("write date, time and offset: `2026-03-01T08:00:00+09:00`"),
    );
    None
}

/// Reads a record. `received` is when it was handed over, if the host says so: what lies after it is refused.
///
/// Returns nothing only where the document is no record at all.
pub fn read(
    vocabulary: &Vocabulary,
    document: &Node,
    received: Option<Instant>,
    out: &mut Vec<Diagnostic>,
) -> Option<Timeline> {
    let mut fields = Fields::new(document, "a record", out)?;
    let id = fields.text("id", out).unwrap_or_default().to_owned();
    let site = fields.text("site", out).map(str::to_owned);
    let mut reader = Reader {
        vocabulary,
        observed: Observed::default(),
        received,
        offset: None,
        entries: Vec::new(),
        doses: Vec::new(),
    };
    if let Some(node) = fields.optional("observed") {
        reader.observed = reader.read_observed(node, out);
    }
    let coverage =
        fields.optional("coverage").and_then(|node| document::typed::<Coverage>(node, out)).unwrap_or_default();
    let entries = fields.required("entries", out);
    fields.optional("citation");
    fields.optional("note");
    fields.finish(out);
    match entries.and_then(Node::seq) {
        Some(entries) => {
            for entry in entries {
                reader.read_entry(entry, out);
            }
        }
        None => {
            if let Some(node) = entries {
                out.push(
                    Diagnostic::error(Code::WrongKind, node.span, format!("`entries` is {}", node.kind_name()))
                        .help("write a list of entries, each with `at`"),
                );
            }
        }
    }
    let offset = reader.offset.unwrap_or(0);
    let observed = reader.observed;
    let entries = reader.finish(out);
    let (mut timeline, found) = Timeline::build(vocabulary, Header { id, site, observed, coverage }, entries);
    timeline.offset = offset;
    out.extend(found.into_iter().map(|(_, diagnostic)| diagnostic));
    Some(timeline)
}

struct Reader<'a> {
    vocabulary: &'a Vocabulary,
    observed: Observed,
    received: Option<Instant>,
    offset: Option<i32>,
    entries: Vec<Entry>,
    doses: Vec<PendingSet<'a>>,
}

/// A setting whose conversion waits for the weights and starts of the whole record.
struct PendingSet<'a> {
    mark: Mark,
    origin: Origin,
    agent: AgentId,
    name: &'a Key,
    node: &'a Node,
}

impl<'a> Reader<'a> {
    fn read_observed(&mut self, node: &Node, out: &mut Vec<Diagnostic>) -> Observed {
        let Some(mut fields) = Fields::new(node, "`observed`", out) else { return Observed::default() };
        let from = fields.optional("from").and_then(|node| read_instant(node, out));
        let to = fields.optional("to").and_then(|node| read_instant(node, out));
        let end = fields.optional("end").and_then(|node| document::typed::<End>(node, out)).unwrap_or_default();
        fields.finish(out);
        self.offset = from.or(to).map(|(_, offset)| offset);
        let (from, mut to) = (from.map(|(at, _)| at), to.map(|(at, _)| at));
        if let (Some(first), Some(last)) = (from, to)
            && last < first
        {
            out.push(
                Diagnostic::error(Code::BadInstant, node.span, "observation ends before it begins")
                    .help("`to` must not lie before `from`; the end is left open"),
            );
            to = None;
        }
        Observed { from, to, end }
    }

    fn mark(&mut self, fields: &mut Fields<'a>, out: &mut Vec<Diagnostic>) -> Option<Mark> {
        let node = fields.required("at", out);
        let known = fields.optional("known_at").map(|node| (node, read_instant(node, out)));
        let node = node?;
        let (at, offset) = read_instant(node, out)?;
        self.offset = self.offset.or(Some(offset));
        let known = match known {
            None => at,
            Some((_, None)) => return None,
            Some((node, Some((known, _)))) => self.known(at, known, node.span, out),
        };
        self.in_time(at.max(known), node.span, out).then_some(Mark { at, known })
    }

    fn known(&self, at: Instant, known: Instant, span: Span, out: &mut Vec<Diagnostic>) -> Instant {
        if known < at {
            out.push(
                Diagnostic::warning(Code::BadInstant, span, "known before it was true")
                    .help("`known_at` must not lie before `at`; read as known at once"),
            );
        }
        known.max(at)
    }

    fn in_time(&self, instant: Instant, span: Span, out: &mut Vec<Diagnostic>) -> bool {
        if self.received.is_some_and(|received| instant > received) {
            out.push(
                Diagnostic::error(Code::OutOfTime, span, "this instant lies in the future")
                    .help("the entry is left out; check the year, the offset and the clock of the source"),
            );
            return false;
        }
        if self.observed.to.is_some_and(|to| instant > to) {
            out.push(
                Diagnostic::error(Code::OutOfTime, span, "this instant lies after the end of observation")
                    .help("the entry is left out; correct it or `observed: to`"),
            );
            return false;
        }
        true
    }

    fn read_entry(&mut self, node: &'a Node, out: &mut Vec<Diagnostic>) {
        let Some(mut fields) = Fields::new(node, "an entry", out) else { return };
        let mark = self.mark(&mut fields, out);
        let source = fields.text("source", out).map(str::to_owned);
        let origin = |span: Span| Origin { span: Some(span), source: source.clone() };
        let parts = Parts {
            observe: fields.optional("observe"),
            event: fields.optional("event"),
            start: fields.optional("start"),
            running: fields.optional("running"),
            set: fields.optional("set"),
            stop: fields.optional("stop"),
            decline: fields.optional("decline"),
            trial: fields.optional("trial"),
            limit: fields.optional("limit"),
        };
        let phase = fields.optional("phase");
        let stepped = fields.optional("setting");
        let result = fields.optional("result");
        let reason = fields.text("reason", out).map(str::to_owned);
        let until = fields.optional("until").map(|node| read_instant(node, out));
        fields.finish(out);
        if parts.count() == 0 {
            out.push(Diagnostic::error(Code::EmptyEntry, node.span, "an entry that says nothing").help(
                "give one of `observe`, `event`, `start`, `set`, `stop`, `running`, `decline`, `trial`, `limit`",
            ));
        }
        for (name, part) in [("phase", phase), ("setting", stepped), ("result", result)] {
            if let (None, Some(node)) = (parts.trial, part) {
                out.push(
                    Diagnostic::error(Code::EmptyEntry, node.span, format!("a {name} without a trial"))
                        .help("write `trial: va_ecmo` beside it"),
                );
            }
        }
        // Without its instant nothing of the entry can be placed.
        let Some(mark) = mark else { return };
        let push =
            |entries: &mut Vec<Entry>, span: Span, body: Body| entries.push(Entry { mark, body, origin: origin(span) });
        if let Some(node) = parts.event
            && let Some(event) = self.name(node, "event", out, |v, n| v.event(n))
        {
            push(&mut self.entries, node.span, Body::Event(event));
        }
        for (node, make) in
            [(parts.stop, Body::Stop as fn(AgentId) -> Body), (parts.start, Body::Start), (parts.running, Body::Affirm)]
        {
            let Some(node) = node else { continue };
            if let Some(agent) = self.name(node, "device or drug", out, |v, n| v.agent(n)) {
                push(&mut self.entries, node.span, make(agent));
            }
        }
        if let Some(node) = parts.set {
            let started =
                parts.start.or(parts.running).and_then(Node::text).and_then(|name| self.vocabulary.agent(name));
            self.read_set(node, started, mark, &origin(node.span), out);
        }
        if let Some(node) = parts.observe {
            self.read_observe(node, mark, &origin(node.span), out);
        }
        if let Some(node) = parts.decline
            && let Some(rule) = expect_text(node, "the id of a rule", out)
        {
            // A decline whose end cannot be read does not hold for ever.
            if until != Some(None) {
                let until = until.flatten().map(|(at, _)| at);
                let body = Body::Decline { rule, reason: reason.clone().unwrap_or_default(), until };
                push(&mut self.entries, node.span, body);
            }
        }
        if let Some(node) = parts.limit {
            for (key, allowed) in node.map().unwrap_or_default() {
                let Some(allowed) = allowed.bool() else {
                    out.push(
                        Diagnostic::error(
                            Code::BadValue,
                            allowed.span,
                            format!("expected true or false, found {}", allowed.kind_name()),
                        )
                        .help("write `limit: {mcs: false}`"),
                    );
                    continue;
                };
                let body =
                    Body::Limit { subject: key.name.clone(), allowed, reason: reason.clone().unwrap_or_default() };
                push(&mut self.entries, node.span, body);
            }
        }
        if let Some(node) = parts.trial
            && let Some(agent) = self.name(node, "device or drug", out, |v, n| v.agent(n))
        {
            let setting = stepped.and_then(|node| self.name(node, "setting", out, |v, n| v.agent_at(agent).setting(n)));
            let result = result.and_then(|node| document::typed::<TrialResult>(node, out));
            match phase {
                // A phase that cannot be read is told where it stands.
                Some(written) => {
                    if let Some(phase) = document::typed::<Phase>(written, out) {
                        push(&mut self.entries, node.span, Body::Trial { agent, setting, phase, result });
                    }
                }
                None => out.push(
                    Diagnostic::error(Code::EmptyEntry, node.span, "a trial without a phase")
                        .help("write `phase: start`, `step` or `end`"),
                ),
            }
        }
    }

    fn name<T>(
        &self,
        node: &Node,
        what: &str,
        out: &mut Vec<Diagnostic>,
        find: impl Fn(&Vocabulary, &str) -> Option<T>,
    ) -> Option<T> {
        let name = expect_text(node, what, out)?;
        let found = find(self.vocabulary, &name);
        if found.is_none() {
            out.push(unknown_name(self.vocabulary, what, &name, node.span));
        }
        found
    }

    fn read_set(
        &mut self,
        node: &'a Node,
        started: Option<AgentId>,
        mark: Mark,
        origin: &Origin,
        out: &mut Vec<Diagnostic>,
    ) {
        let Some(members) = node.map() else {
            out.push(
                Diagnostic::error(Code::WrongKind, node.span, format!("`set` is {}", node.kind_name()))
                    .help("write `set: {va_ecmo: {flow: 3.8 L/min}}`"),
            );
            return;
        };
        let mut pend = |agent: AgentId, members: &'a [(Key, Node)]| {
            for (name, node) in members {
                self.doses.push(PendingSet {
                    mark,
                    origin: Origin { span: Some(node.span), ..origin.clone() },
                    agent,
                    name,
                    node,
                });
            }
        };
        if let Some(agent) = started {
            pend(agent, members);
            return;
        }
        for (key, settings) in members {
            match (self.vocabulary.agent(&key.name), settings.map()) {
                (Some(agent), Some(settings)) => pend(agent, settings),
                (Some(_), None) => out.push(
                    Diagnostic::error(
                        Code::WrongKind,
                        settings.span,
                        format!("the settings of `{}` are {}", key.name, settings.kind_name()),
                    )
                    .help(format!("write `set: {{{}: {{flow: 3.8 L/min}}}}`", key.name)),
                ),
                (None, _) => out.push(unknown_name(self.vocabulary, "device or drug", &key.name, key.span)),
            }
        }
    }

    fn read_observe(&mut self, node: &Node, mark: Mark, origin: &Origin, out: &mut Vec<Diagnostic>) {
        let Some(members) = node.map() else {
            out.push(
                Diagnostic::error(Code::WrongKind, node.span, format!("`observe` is {}", node.kind_name()))
                    .help("write `observe: {lactate: 5.2 mmol/L}`"),
            );
            return;
        };
        for (key, value) in members {
            let Some(concept) = self.vocabulary.concept(&key.name) else {
                out.push(unknown_name(self.vocabulary, "concept", &key.name, key.span));
                continue;
            };
            let charted = read_observation(self.vocabulary, concept, &key.name, value, out);
            let known = match charted.known {
                Some((Some(known), span)) => self.known(mark.at, known, span, out),
                // Shown too early it would be used before anyone knew it.
                Some((None, _)) => continue,
                None => mark.known,
            };
            if !self.in_time(known, value.span, out) {
                continue;
            }
            self.entries.push(Entry {
                mark: Mark { at: mark.at, known },
                body: Body::Observe {
                    concept,
                    value: charted.value,
                    qualifiers: charted.qualifiers,
                    baseline: charted.baseline,
                },
                origin: Origin { span: Some(value.span), source: charted.source.or_else(|| origin.source.clone()) },
            });
        }
    }

    /// Converts the settings that waited, and hands over all entries.
    fn finish(self, out: &mut Vec<Diagnostic>) -> Vec<Entry> {
        let Reader { vocabulary, mut entries, doses, .. } = self;
        let dosing = Dosing::new(vocabulary, &entries, doses.iter().map(|pending| (pending.agent, pending.mark)));
        for pending in doses {
            let weight = dosing.weight(pending.agent, pending.mark);
            let agent = vocabulary.agent_at(pending.agent);
            let Some((setting, value)) =
                read_setting(agent, &pending.name.name, pending.name.span, pending.node, weight, out)
            else {
                continue;
            };
            entries.push(Entry {
                mark: pending.mark,
                body: Body::Set { agent: pending.agent, setting, value },
                origin: pending.origin,
            });
        }
        entries
    }
}

/// What an entry holds beside its instants.
struct Parts<'a> {
    observe: Option<&'a Node>,
    event: Option<&'a Node>,
    start: Option<&'a Node>,
    running: Option<&'a Node>,
    set: Option<&'a Node>,
    stop: Option<&'a Node>,
    decline: Option<&'a Node>,
    trial: Option<&'a Node>,
    limit: Option<&'a Node>,
}

impl Parts<'_> {
    fn count(&self) -> usize {
        let parts = [
            self.observe,
            self.event,
            self.start,
            self.running,
            self.set,
            self.stop,
            self.decline,
            self.trial,
            self.limit,
        ];
        parts.iter().flatten().count()
    }
}

fn expect_text(node: &Node, what: &str, out: &mut Vec<Diagnostic>) -> Option<String> {
    let text = node.text().map(str::to_owned);
    if text.is_none() {
        out.push(Diagnostic::error(Code::WrongKind, node.span, format!("expected {what}, found {}", node.kind_name())));
    }
    text
}

fn unknown_name(vocabulary: &Vocabulary, what: &str, name: &str, span: Span) -> Diagnostic {
    let near = match what {
        "concept" => closest(name, vocabulary.concept_names()),
        "event" => closest(name, vocabulary.event_names()),
        _ => closest(name, vocabulary.agent_names()),
    };
    let diagnostic = Diagnostic::error(Code::NotInVocabulary, span, format!("unknown {what} `{name}`"));
    match near.or_else(|| vocabulary.by_title(name)) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("this entry is left out"),
    }
}
