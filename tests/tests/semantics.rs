//! What a record and an expression mean, as tables that a methodologist can read: `vectors/semantics/*.yaml`.

use shockpath::diagnostic::{Sources, sort};
use shockpath::document::Node;
use shockpath::expression::Expected;
use shockpath::timeline::{self, Instant, Timeline, format_instant};
use shockpath_tests::{
    Complaint, Question, Setup, clock, complaints, constants, documents, field, reason_text, same, text, vocabulary,
};

fn setup(table: &Node) -> Setup {
    let pairs: Vec<(String, String)> = table
        .get("parameters")
        .and_then(Node::map)
        .unwrap_or_default()
        .iter()
        .map(|(key, value)| (key.name.clone(), text(value)))
        .collect();
    constants(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

fn check_row(row: &Node, setup: &Setup, timeline: &Timeline, place: &str, sources: &Sources, wrong: &mut Vec<String>) {
    let instant = clock(&text(field(row, "at")));
    let ask = field(row, "ask");
    let place = format!("{place}: `{}` at {}", text(ask).trim(), text(field(row, "at")));
    let question = match Question::read(setup, ask, &Expected::Any) {
        Ok(question) => question,
        Err(out) => {
            wrong.push(format!("{place}\n{}", shockpath::diagnostic::render(&out, sources, false)));
            return;
        }
    };
    let wanted = text(field(row, "want"));
    let mut got = question.answer(timeline, instant);
    if got == "unknown" && wanted != "unknown" {
        let reason = question.reason(timeline, instant);
        got = format!("unknown: {}", reason.map(|reason| reason_text(reason, timeline.offset())).unwrap_or_default());
    }
    same(&place, &got, &wanted, wrong);
    if let Some(next) = row.get("next") {
        let offset = timeline.offset();
        let got = change(&question, timeline, instant).map(|next| format_instant(next, offset));
        let wanted = Some(text(next)).filter(|next| next != "none").map(|next| format_instant(clock(&next), offset));
        same(&format!("{place}, next change"), &got, &wanted, wrong);
    }
}

/// When the answer next differs without a new entry, found by stepping as every user of the engine steps.
fn change(question: &Question, timeline: &Timeline, instant: Instant) -> Option<Instant> {
    // Entries after the instant are not known yet and must not be met.
    let known = |next: &Instant| timeline.admissions().iter().all(|admitted| *admitted <= instant || next < admitted);
    let before = question.answer(timeline, instant);
    let steps = std::iter::successors(question.next(timeline, instant), |step| question.next(timeline, *step));
    steps.take_while(known).take(10_000).find(|step| question.answer(timeline, *step) != before)
}

#[test]
fn records_and_expressions_mean_what_the_tables_say() {
    let mut sources = Sources::default();
    let mut wrong = Vec::new();
    let mut rows = 0;
    for (file, table) in documents("semantics", &mut sources) {
        let setup = setup(&table);
        for scene in table.get("scenes").and_then(Node::seq).unwrap_or_default() {
            let place = format!("{file}: {}", text(field(scene, "name")));
            let mut out = Vec::new();
            let record = field(scene, "record");
            let received = scene.get("received").map(|node| clock(&text(node)));
            let timeline = timeline::read(vocabulary(), record, received, &mut out);
            sort(&mut out);
            let got: Vec<Complaint> = out.iter().map(|diagnostic| Complaint::of(diagnostic, &sources)).collect();
            same(&format!("{place}: messages"), &got, &complaints(scene.get("messages")), &mut wrong);
            let Some(timeline) = timeline else { continue };
            for row in scene.get("rows").and_then(Node::seq).unwrap_or_default() {
                rows += 1;
                check_row(row, &setup, &timeline, &place, &sources, &mut wrong);
            }
        }
        for row in table.get("wrong").and_then(Node::seq).unwrap_or_default() {
            rows += 1;
            let write = field(row, "write");
            let expected = match row.get("expected").map(text).as_deref() {
                Some("condition") => Expected::Condition,
                _ => Expected::Any,
            };
            let out = Question::read(&setup, write, &expected).err().unwrap_or_default();
            let got: Vec<Complaint> = out.iter().map(|diagnostic| Complaint::of(diagnostic, &sources)).collect();
            let wanted = match row.get("messages") {
                Some(_) => complaints(row.get("messages")),
                None => vec![Complaint::wanted(row)],
            };
            same(&format!("{file}: {:?}", write.text().unwrap_or_default()), &got, &wanted, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {rows} rows\n{}", wrong.len(), wrong.join("\n"));
    assert!(rows > 200, "only {rows} rows");
}
