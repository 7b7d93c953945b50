//! What becomes of a recommendation, as tables that a methodologist can read: `vectors/adherence/*.yaml`.

#![allow(clippy::panic, reason = "what fails here fails a test")]

use std::collections::{BTreeMap, BTreeSet};

use shockpath::adherence::{Applicability, Ask, Audit, Force, Opportunity, Period, Rows, Status, Why};
use shockpath::assess::Session;
use shockpath::diagnostic::{Severity, Sources, render};
use shockpath::document::{Kind, Node};
use shockpath::protocol::{Choice, Library, Plan, Request};
use shockpath::timeline::{self, Clock, Instant, Timeline, format_instant};
use shockpath_tests::{clock, documents, fails, field, library as shipped, same, text};

const HEAD: &str = "shockpath: 1
status: active
effective: {from: 2026-01-01}
title: {en: Under test, ko: 시험용}
purpose:
  use: {en: Tests., ko: 시험.}
  users: {en: Tests., ko: 시험.}
  population: {en: Nobody., ko: 없음.}
  not_for: {en: Care., ko: 진료.}
approval: []
source_attributes:
  bibliographic_citation: None.
  developer: The tests.
  funding: None.
  release_date: 2026-01-01
  use_of_race: Not used.
  use_of_ethnicity: Not used.
  use_of_language: Not used.
  use_of_sexual_orientation: Not used.
  use_of_gender_identity: Not used.
  use_of_sex: Not used.
  use_of_date_of_birth: Not used.
  use_of_social_determinants: Not used.
  use_of_health_status_assessments: Not used.
sources: {none: {citation: Made up for tests, note: nothing to identify}}
";

/// The members of a table's section as lines of a protocol, each with the words that a protocol must have.
fn section(name: &str, body: &str) -> String {
    let mut out = format!("{name}:\n");
    for line in body.lines() {
        out += &format!("  {line}\n");
        let key = line.trim_end_matches(':');
        if !line.starts_with(' ') && line.ends_with(':') {
            let words = "title: {en: X, ko: X}\n    because: {en: X., ko: X.}\n    sources: [none]";
            out += &format!("    {words}\n");
            assert!(!key.is_empty());
        }
    }
    out
}

/// A protocol of a table: its parameters, and the rules and contraindications that a scene names.
fn protocol(table: &Node, scene: &Node, version: &str) -> String {
    let mut parameters: BTreeMap<String, String> = BTreeMap::new();
    let sections =
        ["parameters", "order_parameters"].into_iter().chain((version != "1.0.0").then_some("next_parameters"));
    for node in sections.filter_map(|section| table.get(section)) {
        for (key, value) in node.map().unwrap_or_default() {
            parameters.insert(key.name.clone(), text(value));
        }
    }
    let mut out = format!("{HEAD}id: under-test\nversion: {version}\nparameters:\n");
    for (name, value) in parameters {
        out +=
            &format!("  {name}: {{value: \"{value}\", source: none, verified: recalled, title: {{en: X, ko: X}}}}\n");
    }
    let chosen = |key: &str| scene.get(key).map(text);
    if let Some(key) = chosen("contraindicate") {
        out += &section("contraindicate", &text(field(table, &key)));
    }
    let rules = chosen("rules").unwrap_or_else(|| "rules".to_owned());
    let kind = if rules == "monitor" { "monitor" } else { "recommend" };
    out + section(kind, &text(field(table, &rules))).as_str()
}

/// Writes the times of a day of a table as instants.
fn place_times(node: &mut Node) {
    match &mut node.kind {
        Kind::Map(members) => {
            for (key, value) in members {
                match &mut value.kind {
                    Kind::Text(held) if ["at", "known_at", "from", "to", "until"].contains(&key.name.as_str()) => {
                        held.value = format_instant(clock(&held.value), 0);
                    }
                    _ => place_times(value),
                }
            }
        }
        Kind::Seq(items) => items.iter_mut().for_each(place_times),
        _ => {}
    }
}

/// The record of a scene: what every record of the table begins with, and what the scene says otherwise.
fn record(table: &Node, scene: &Node) -> Node {
    let mut record = field(table, "stay").clone();
    let Kind::Map(members) = &mut record.kind else { fails("`stay` is a mapping") };
    for name in ["observed", "site", "coverage", "entries"] {
        let Some((key, value)) = scene.map().and_then(|held| held.iter().find(|(key, _)| key.name == name)) else {
            continue;
        };
        members.retain(|(held, _)| held.name != name);
        members.push((key.clone(), value.clone()));
    }
    if let Some(ends) = scene.get("stay_ends").and_then(Node::map)
        && let Some((_, observed)) = members.iter_mut().find(|(key, _)| key.name == "observed")
        && let Kind::Map(observed) = &mut observed.kind
    {
        observed.retain(|(held, _)| ends.iter().all(|(key, _)| key.name != held.name));
        observed.extend(ends.iter().cloned());
    }
    place_times(&mut record);
    record
}

fn library(table: &Node, scene: &Node, versions: &[&str]) -> Library {
    let mut library = shipped().clone();
    for version in versions {
        library.add("under-test.yaml", &protocol(table, scene, version));
    }
    let wrong: Vec<_> =
        library.diagnostics().iter().filter(|found| found.severity == Severity::Error).cloned().collect();
    assert!(wrong.is_empty(), "{}", render(&wrong, library.sources(), false));
    library
}

fn plan(library: &Library, versions: &[&str]) -> Plan {
    let choices = versions.iter().filter_map(|version| Choice::read(&format!("under-test@{version}"))).collect();
    match Plan::link(library, &Request { choices, ..Request::default() }) {
        Ok((plan, _)) => plan,
        Err(found) => fails(render(&found, library.sources(), false)),
    }
}

/// When which version was in force at the center of a record.
fn force(table: &Node, plan: &Plan, timeline: &Timeline) -> Vec<Force> {
    let rows = table.get("schedule").and_then(Node::seq).unwrap_or_default();
    let here = rows.iter().filter(|row| Some(text(field(row, "center")).as_str()) == timeline.site());
    here.map(|row| Force {
        protocol: plan
            .protocols()
            .iter()
            .position(|linked| linked.document.identity.version.to_string() == text(field(row, "version")))
            .unwrap_or_else(|| fails("no such version")),
        from: row.get("from").map_or(Instant::MIN, |from| clock(&text(from))),
        to: row.get("to").map_or(Instant::MAX, |to| clock(&text(to))),
    })
    .collect()
}

/// Durations as the tables write them: in the largest unit that leaves no fraction.
fn duration(microseconds: i64) -> String {
    for (name, length) in [("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000)] {
        if microseconds % length == 0 && (microseconds != 0 || name == "s") {
            return format!("{} {name}", microseconds / length);
        }
    }
    format!("{microseconds} us")
}

/// Any serialized word of the engine.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_string(&value).unwrap_or_default().trim_matches('"').to_owned()
}

struct Found<'a> {
    plan: &'a Plan,
    timeline: &'a Timeline,
    rows: Rows,
}

impl Found<'_> {
    fn why(&self, row: &Opportunity) -> String {
        let (protocol, _) = self.plan.rules()[row.rule];
        match row.why {
            None => "none".to_owned(),
            Some(Why::Missing(cause)) => word(cause),
            Some(Why::Ended(end)) => word(end),
            Some(Why::Declined(at)) => self.timeline.declines()[at].reason.clone(),
            Some(Why::Limited(at)) => self.timeline.limits()[at].reason.clone(),
            Some(Why::GaveWay(rule)) => self.rule(rule),
            Some(Why::NotAtHand) => "not_at_hand".to_owned(),
            Some(Why::Contraindicated(at)) => {
                self.plan.protocols()[protocol].contraindications[usize::from(at)].id.clone()
            }
            Some(Why::Blocked) => "blocked".to_owned(),
        }
    }

    fn rule(&self, rule: usize) -> String {
        let (protocol, rule) = self.plan.rules()[rule];
        self.plan.protocols()[protocol].rules[rule].id.clone()
    }

    /// What a table can say of an opportunity.
    fn opportunity(&self, row: &Opportunity, key: &str) -> String {
        let vocabulary = self.plan.vocabulary();
        let (protocol, _) = self.plan.rules()[row.rule];
        let at = |instant: Option<Instant>| instant.map_or("none".to_owned(), |at| format_instant(at, 0));
        let yes = |held: bool| if held { "yes" } else { "no" }.to_owned();
        match key {
            "rule" => self.rule(row.rule),
            "version" => self.plan.protocols()[protocol].document.identity.version.to_string(),
            "opened" => at(Some(row.opened)),
            "from" => at(Some(row.from)),
            "due" => at(row.due),
            "closed" => at(Some(row.closed)),
            "status" => word(row.status),
            "counts" => yes(row.counts),
            "why" => self.why(row),
            "missing" => row.missing.iter().map(|target| target.name(vocabulary)).collect::<Vec<_>>().join(","),
            "action" => row.action.map_or("none".to_owned(), |at| at.to_string()),
            "done" => at(row.done),
            "delay" => row.done.map_or("none".to_owned(), |done| duration(done - row.opened)),
            "late" => row.done.zip(row.due).map_or("none".to_owned(), |(done, due)| duration(done - due)),
            "option" => row.option.map_or("none".to_owned(), |agent| vocabulary.agent_at(agent).name.clone()),
            "preferred" => row.preferred.map_or("none".to_owned(), yes),
            _ => fails(format!("the tables have no `{key}`")),
        }
    }

    fn action(&self, position: usize, key: &str) -> String {
        let vocabulary = self.plan.vocabulary();
        let action = &self.rows.actions[position];
        match key {
            "at" => format_instant(action.at, 0),
            "verb" => action.kind.verb().to_owned(),
            "of" => action.kind.name(self.plan),
            "status" => word(action.status),
            "rules" => action.rules.iter().map(|rule| self.rule(*rule)).collect::<Vec<_>>().join(","),
            _ => fails(format!("the tables have no `{key}` of {vocabulary:?}")),
        }
    }

    fn of_patient(&self, position: usize, key: &str) -> String {
        let held = &self.rows.rules[position];
        match key {
            "rule" => self.rule(held.rule),
            "state" => word(held.state),
            "openings" => held.openings.to_string(),
            "missing" => {
                held.missing.iter().map(|target| target.name(self.plan.vocabulary())).collect::<Vec<_>>().join(",")
            }
            _ => fails(format!("the tables have no `{key}`")),
        }
    }
}

/// What a table wants of a field, with its times as instants.
fn wanted(key: &str, node: &Node) -> String {
    match (key, node.seq()) {
        (_, Some(items)) => items.iter().map(text).collect::<Vec<_>>().join(","),
        ("opened" | "from" | "due" | "closed" | "done" | "at", None) if text(node) != "none" => {
            format_instant(clock(&text(node)), 0)
        }
        ("delay" | "late", None) => {
            let written = text(node);
            let (value, unit) = written.split_once(' ').unwrap_or((&written, ""));
            let length = match unit {
                "h" => 3_600_000_000,
                "min" => 60_000_000,
                _ => 1_000_000,
            };
            duration(value.parse::<i64>().unwrap_or_else(|_| fails(&written)) * length)
        }
        _ => text(node),
    }
}

fn check(place: &str, rows: Option<&Node>, count: usize, get: impl Fn(usize, &str) -> String, wrong: &mut Vec<String>) {
    let Some(rows) = rows.and_then(Node::seq) else { return };
    same(&format!("{place}: number of rows"), &count, &rows.len(), wrong);
    for (position, row) in rows.iter().enumerate().take(count) {
        for (key, node) in row.map().unwrap_or_default() {
            let name = &key.name;
            same(&format!("{place}: row {position}, `{name}`"), &get(position, name), &wanted(name, node), wrong);
        }
    }
}

/// Calls `visit` with every scene of the tables: its place, its plan, its patient, and how it asks.
fn scenes(mut visit: impl FnMut(&str, &Node, &Plan, &Timeline, &Ask<'_>)) {
    let mut sources = Sources::default();
    for (file, table) in documents("adherence", &mut sources) {
        for scene in field(&table, "scenes").seq().unwrap_or_default() {
            let place = format!("{file}: {}", text(field(scene, "name")));
            let versions: &[&str] = if table.get("schedule").is_some() { &["1.0.0", "2.0.0"] } else { &["1.0.0"] };
            let library = library(&table, scene, versions);
            let plan = plan(&library, versions);
            let timeline = timeline::read(library.vocabulary(), &record(&table, scene), None, &mut Vec::new());
            let timeline = timeline.unwrap_or_else(|| fails(&place));
            let period = Period::of(plan.vocabulary(), &timeline).unwrap_or_else(|| fails(&place));
            let clock =
                if scene.get("clock").map(text).as_deref() == Some("true") { Clock::True } else { Clock::Known };
            let force = force(&table, &plan, &timeline);
            if scene.get("excluded").is_some() {
                assert!(force.is_empty(), "{place}");
                continue;
            }
            visit(&place, scene, &plan, &timeline, &Ask { clock, force: &force, ..Ask::new(period) });
        }
    }
}

#[test]
fn every_opportunity_becomes_what_the_tables_say() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    let mut reached = BTreeSet::new();
    scenes(|place, scene, plan, timeline, ask| {
        count += 1;
        let mut rows = Rows::default();
        Audit::new(plan).judge(timeline, ask, &mut rows);
        reached.extend(rows.opportunities.iter().map(|row| row.status));
        let found = Found { plan, timeline, rows };
        let opportunities = &found.rows.opportunities;
        let get = |at: usize, key: &str| found.opportunity(&opportunities[at], key);
        check(place, scene.get("opportunities"), opportunities.len(), get, &mut wrong);
        let get = |at: usize, key: &str| found.action(at, key);
        check(&format!("{place}: actions"), scene.get("actions"), found.rows.actions.len(), get, &mut wrong);
        let get = |at: usize, key: &str| found.of_patient(at, key);
        check(&format!("{place}: rules"), scene.get("rules_of_patient"), found.rows.rules.len(), get, &mut wrong);
    });
    assert!(wrong.is_empty(), "{} wrong in {count} timelines\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 140, "only {count} timelines");
    assert_eq!(reached.len(), Status::ALL.len(), "{reached:?}");
}

#[test]
fn what_is_open_at_the_end_is_what_the_bedside_shows_open() {
    let mut open = 0;
    scenes(|place, _, plan, timeline, ask| {
        if ask.clock == Clock::True || !ask.force.is_empty() {
            return;
        }
        let mut audit = Audit::new(plan);
        for admitted in timeline.admissions().iter().filter(|at| **at >= ask.period.from) {
            let period = Period { to: *admitted, ..ask.period };
            audit.judge(timeline, &Ask { period, ..ask.clone() }, &mut Rows::default());
            let mut session = Session::new(plan, timeline.clone());
            session.assess(*admitted);
            for (rule, since) in session.openings().enumerate() {
                let held = audit.open_since(rule);
                assert_eq!(held, since, "{place}: rule {rule} at {}", format_instant(*admitted, 0));
                open += usize::from(held.is_some());
            }
        }
    });
    assert!(open > 100, "only {open} open rules were compared");
}

#[test]
fn a_patient_without_openings_is_undetermined_only_where_nothing_was_known() {
    scenes(|place, _, plan, timeline, ask| {
        let mut rows = Rows::default();
        Audit::new(plan).judge(timeline, ask, &mut rows);
        for held in &rows.rules {
            assert_eq!(held.openings > 0, held.state == Applicability::Opened, "{place}");
            assert!(held.state == Applicability::Undetermined || held.missing.is_empty(), "{place}");
        }
    });
}
