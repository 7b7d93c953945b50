//! The answer as a consultant would write it: short, the deciding values first, what is not known, what would change
//! it, and that nothing here is approved for care.

use std::fmt::Write as _;

use crate::diagnostic::Severity;
use crate::vocabulary::Language;

use super::Status;
use super::answer::{Answer, Defined, OptionAnswer, ProtocolAnswer, Recommendation, Ways};
use super::options::OptionStatus;

/// Words of the note, in English and Korean.
struct Words {
    stage_open: &'static str,
    not_applicable: &'static str,
    perhaps: &'static str,
    now: &'static str,
    first: &'static str,
    in_progress: &'static str,
    blocked: &'static str,
    due: &'static str,
    open: &'static str,
    nothing: &'static str,
    measure: &'static str,
    would_decide: &'static str,
    would_turn: &'static str,
    computed: &'static str,
    left_out: &'static str,
    unchanged: &'static str,
    recalled: &'static str,
    unless: &'static str,
    rests_on: &'static str,
    unknown: &'static str,
    overdue: &'static str,
    since: &'static str,
    now_unknown: &'static str,
    later: &'static str,
}

const EN: Words = Words {
    stage_open: "cannot be told",
    not_applicable: "does not apply",
    perhaps: "whether it applies is not known",
    now: "Recommended",
    first: "Recommended once cleared",
    in_progress: "Under way or done",
    blocked: "Not now",
    due: "Measurements due",
    open: "Open",
    nothing: "Nothing is recommended.",
    measure: "first:",
    would_decide: "Would decide it",
    would_turn: "would change it:",
    computed: "Values",
    left_out: "Left out of the record",
    unchanged: "continuing unchanged also remains",
    recalled: "rests on a number that was recalled, not checked against its source",
    unless: "instead:",
    rests_on: "because",
    unknown: "not known:",
    overdue: "overdue since",
    since: "open since",
    now_unknown: "now",
    later: "entries of the record lie later and were not used",
};

const KO: Words = Words {
    stage_open: "판단할 수 없음",
    not_applicable: "해당 없음",
    perhaps: "적용 여부를 알 수 없음",
    now: "권고",
    first: "확인 후 권고",
    in_progress: "진행 중 또는 완료",
    blocked: "지금은 아님",
    due: "측정할 때가 된 항목",
    open: "미결정",
    nothing: "권고 사항이 없습니다.",
    measure: "먼저 확인:",
    would_decide: "결정에 도움이 되는 항목",
    would_turn: "바뀌는 조건:",
    computed: "값",
    left_out: "기록에서 제외된 것",
    unchanged: "현 치료 유지도 선택지입니다",
    recalled: "원문에서 확인하지 않은 수치에 근거함",
    unless: "대안:",
    rests_on: "근거:",
    unknown: "알 수 없음:",
    overdue: "기한 지남:",
    since: "권고 시작:",
    now_unknown: "현재:",
    later: "개 항목은 이 시점 이후의 기록이어서 사용하지 않았습니다",
};

/// Most reasons shown of one rule; the JSON form has all.
const REASONS: usize = 4;

/// Most concepts shown that would decide something.
const MISSING: usize = 6;

/// Writes the answer as text.
pub fn write_text(answer: &Answer, language: Language) -> String {
    let words = if language == Language::Ko { &KO } else { &EN };
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{}  {}", if answer.record.id.is_empty() { "-" } else { &answer.record.id }, answer.at);
    if answer.record.later > 0 {
        let _ = writeln!(out, "{} {}", answer.record.later, words.later);
    }
    // The stage first, then what to do, then what was computed.
    let mut ordered: Vec<&ProtocolAnswer> = answer.assessments.iter().collect();
    ordered.sort_by_key(|assessment| {
        (
            assessment.applies == Ways::False,
            assessment.classifications.is_empty(),
            assessment.recommendations.is_empty(),
        )
    });
    for assessment in ordered {
        let _ = writeln!(out);
        write_protocol(assessment, words, &mut out);
    }
    let errors: Vec<_> = answer.issues.iter().filter(|issue| issue.severity != Severity::Note).collect();
    if !errors.is_empty() {
        let _ = writeln!(out, "\n{}", words.left_out);
        for issue in errors {
            let place =
                issue.place.as_ref().map(|place| format!("{}:{} ", place.line, place.column)).unwrap_or_default();
            let _ = writeln!(out, "  {place}{} [{}]", issue.message, issue.code);
        }
    }
    let _ = writeln!(out, "\n{}.", upper_first(&answer.notice));
    out
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn write_protocol(assessment: &ProtocolAnswer, words: &Words, out: &mut String) {
    let name = &assessment.protocol;
    let variant = name.variant.as_ref().map(|variant| format!("/{variant}")).unwrap_or_default();
    let _ = write!(out, "{} ({}@{}{variant})", name.title, name.id, name.version);
    match assessment.applies {
        Ways::False => {
            let _ = writeln!(out, ": {}", words.not_applicable);
            return;
        }
        Ways::Unknown => {
            let _ = writeln!(out, ": {}", words.perhaps);
        }
        Ways::True => {
            let _ = writeln!(out);
        }
    }
    for classified in &assessment.classifications {
        let possible =
            if classified.possible.is_empty() { words.stage_open.to_owned() } else { classified.possible.join(" | ") };
        let modifiers: Vec<&str> =
            classified.modifiers.iter().filter(|(_, m)| **m == Ways::True).map(|(id, _)| id.as_str()).collect();
        let beside = if modifiers.is_empty() { String::new() } else { format!(" + {}", modifiers.join(", ")) };
        let _ = writeln!(out, "  {}: {possible}{beside}", classified.title);
        for reason in classified.reasons.iter().take(REASONS) {
            let _ = writeln!(out, "    {} {reason}", words.rests_on);
        }
    }
    for scored in &assessment.scores {
        let points =
            if scored.min == scored.max { scored.min.to_string() } else { format!("{} to {}", scored.min, scored.max) };
        let _ = writeln!(out, "  {}: {points}  {}", scored.title, scored.bands.join(" | "));
    }
    write_values(assessment, words, out);
    write_recommendations(assessment, words, out);
    write_monitoring(assessment, words, out);
    write_open(assessment, words, out);
}

fn write_values(assessment: &ProtocolAnswer, words: &Words, out: &mut String) {
    let numbers: Vec<String> = assessment
        .definitions
        .iter()
        .filter_map(|(name, defined)| match defined {
            Defined::Number { value, unit } => {
                let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
                Some(format!("{name} {}{unit}", significant(*value)))
            }
            _ => None,
        })
        .collect();
    if assessment.recommendations.is_empty() && !numbers.is_empty() {
        let _ = writeln!(out, "  {}: {}", words.computed, numbers.join(", "));
    }
}

/// Three significant digits, as one would say them.
fn significant(value: f64) -> String {
    let text = format!("{value:.2e}");
    text.parse::<f64>().map_or(text, |rounded| rounded.to_string())
}

fn write_recommendations(assessment: &ProtocolAnswer, words: &Words, out: &mut String) {
    let of = |wanted: &[Status]| {
        let mut found: Vec<&Recommendation> =
            assessment.recommendations.iter().filter(|r| wanted.contains(&r.status)).collect();
        found.sort_by_key(|recommendation| recommendation.urgency);
        found
    };
    let groups = [
        (words.now, of(&[Status::Recommended])),
        (words.first, of(&[Status::Conditional])),
        (words.blocked, of(&[Status::Blocked, Status::Declined])),
        (words.in_progress, of(&[Status::InProgress, Status::Done])),
    ];
    let asked = groups.iter().take(2).any(|(_, group)| !group.is_empty());
    if !asked && !assessment.recommendations.is_empty() {
        let _ = writeln!(out, "  {}", words.nothing);
    }
    for (title, group) in groups {
        if group.is_empty() {
            continue;
        }
        let _ = writeln!(out, "  {title}");
        for recommendation in group {
            write_one(recommendation, words, out);
        }
    }
    if asked {
        let _ = writeln!(out, "    ({})", words.unchanged);
    }
}

fn write_one(recommendation: &Recommendation, words: &Words, out: &mut String) {
    let urgency = format!("{:?}", recommendation.urgency).to_lowercase();
    let strength = recommendation.strength.as_ref().map(|strength| {
        let level = strength.level.as_ref().map(|level| format!(", {level}")).unwrap_or_default();
        format!("  [{}{level}]", strength.class)
    });
    let _ = writeln!(out, "  * {} ({urgency}){}", recommendation.title, strength.unwrap_or_default());
    if let Some(blocked) = &recommendation.blocked {
        let _ = writeln!(out, "      {blocked}");
    }
    if !recommendation.status.asks() && recommendation.status != Status::Blocked {
        return;
    }
    // An open rule stays open while its condition is no longer known: then it rests on what was.
    if let (Ways::Unknown, Some(opened)) = (recommendation.truth, &recommendation.opened) {
        let now: Vec<&str> = recommendation.reasons.iter().take(2).map(String::as_str).collect();
        let _ = writeln!(out, "      {} {opened}; {} {}", words.since, words.now_unknown, now.join("; "));
    } else {
        for reason in recommendation.reasons.iter().take(REASONS) {
            let _ = writeln!(out, "      {} {reason}", words.rests_on);
        }
    }
    for option in &recommendation.options {
        write_option(option, words, out);
    }
    if let Some(target) = &recommendation.target {
        let _ = writeln!(out, "      -> {target}");
    }
    if let Some(fallback) = &recommendation.fallback {
        let _ = writeln!(out, "      {} {fallback}", words.unless);
    }
    let flips: Vec<&str> = recommendation.flips.iter().take(REASONS).map(|flip| flip.text.as_str()).collect();
    if !flips.is_empty() {
        let _ = writeln!(out, "      {} {}", words.would_turn, flips.join("; "));
    }
    if recommendation.recalled {
        let _ = writeln!(out, "      ({})", words.recalled);
    }
    if let Some(source) = recommendation.sources.first() {
        let _ = writeln!(out, "      {source}");
    }
}

fn write_option(option: &OptionAnswer, words: &Words, out: &mut String) {
    let status = format!("{:?}", option.status);
    let status = match option.status {
        OptionStatus::NotAtHand => "not at hand".to_owned(),
        _ => status.to_lowercase(),
    };
    let _ = write!(out, "      - {}: {status}", option.title);
    let ruled_out = matches!(option.status, OptionStatus::Contraindicated);
    if ruled_out || (!option.reasons.is_empty() && option.clear_with.is_empty()) {
        let _ = write!(out, " ({})", option.reasons.join("; "));
    }
    if !ruled_out && !option.clear_with.is_empty() {
        let _ = write!(out, "; {} {}", words.measure, option.clear_titles.join(", "));
    }
    let _ = writeln!(out);
}

fn write_monitoring(assessment: &ProtocolAnswer, words: &Words, out: &mut String) {
    let due: Vec<_> =
        assessment.monitoring.iter().filter(|monitoring| monitoring.status == Status::Recommended).collect();
    if due.is_empty() {
        return;
    }
    let _ = writeln!(out, "  {}", words.due);
    for monitoring in due {
        let overdue = match (&monitoring.due, monitoring.overdue) {
            (Some(due), true) => format!(", {} {due}", words.overdue),
            _ => String::new(),
        };
        let _ = writeln!(out, "  * {} ({}){overdue}", monitoring.title, monitoring.every);
    }
}

fn write_open(assessment: &ProtocolAnswer, words: &Words, out: &mut String) {
    let open: Vec<&Recommendation> =
        assessment.recommendations.iter().filter(|r| r.status == Status::Undetermined).collect();
    if !open.is_empty() {
        let _ = writeln!(out, "  {}", words.open);
        for recommendation in open {
            let unknown: Vec<&str> = recommendation.reasons.iter().take(2).map(String::as_str).collect();
            let _ = writeln!(out, "  * {}\n      {} {}", recommendation.title, words.unknown, unknown.join("; "));
        }
    }
    if !assessment.missing.is_empty() {
        let missing: Vec<String> =
            assessment.missing.iter().take(MISSING).map(|m| format!("{} ({})", m.title, m.decides.len())).collect();
        let more = assessment.missing.len().saturating_sub(MISSING);
        let more = if more > 0 { format!(", +{more}") } else { String::new() };
        let _ = writeln!(out, "  {}: {}{more}", words.would_decide, missing.join(", "));
    }
}
