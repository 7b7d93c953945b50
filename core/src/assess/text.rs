//! The answer as a consultant would write it: short, the deciding values first, what is not known, what would change
//! it, and that nothing here is approved for care.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diagnostic::Severity;
use crate::sort;
use crate::vocabulary::Language;

use super::Status;
use super::answer::{Answer, Classified, Defined, Monitoring, OptionAnswer, ProtocolAnswer, Recommendation, Ways};
use super::options::OptionStatus;
use super::print::lower_first;

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
    /// One, and several.
    rules: [&'static str; 2],
    nothing_told: &'static str,
    many_bands: &'static str,
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
    scores: &'static str,
    to: &'static str,
    more: &'static str,
    /// In the order of [`crate::protocol::Urgency`].
    urgencies: [&'static str; 4],
    /// In the order of [`OptionStatus`].
    options: [&'static str; 5],
}

const EN: Words = Words {
    stage_open: "cannot be told",
    not_applicable: "Do not apply",
    perhaps: "Whether these apply is not known",
    now: "Recommended",
    first: "Recommended once cleared",
    in_progress: "Under way or done",
    blocked: "Not now",
    due: "Measurements due",
    open: "Not decided, for what is not known",
    nothing: "Nothing is recommended.",
    measure: "first:",
    would_decide: "Would decide most",
    rules: ["rule", "rules"],
    nothing_told: "Not told by what is known",
    many_bands: "too much is missing to name an outcome",
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
    scores: "Scores",
    to: "to",
    more: "more; `--protocol ID` asks one alone, `--format json` tells all",
    urgencies: ["emergent", "urgent", "soon", "routine"],
    options: ["available", "conditional", "contraindicated", "not at hand", "running"],
};

const KO: Words = Words {
    stage_open: "판단할 수 없음",
    not_applicable: "해당 없는 프로토콜",
    perhaps: "적용 여부를 알 수 없는 프로토콜",
    now: "권고",
    first: "확인 후 권고",
    in_progress: "진행 중 또는 완료",
    blocked: "지금은 아님",
    due: "측정할 때가 된 항목",
    open: "알려지지 않아 결정할 수 없는 것",
    nothing: "권고 사항이 없습니다.",
    measure: "먼저 확인:",
    would_decide: "결정에 가장 도움이 되는 항목",
    rules: ["개 규칙", "개 규칙"],
    nothing_told: "현재 정보로 판정할 수 없는 것",
    many_bands: "누락된 항목이 많아 예후를 제시할 수 없음",
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
    scores: "점수",
    to: "~",
    more: "개 더 있음; `--protocol ID`는 하나만, `--format json`은 전부 보여 줍니다",
    urgencies: ["즉시", "긴급", "조기", "통상"],
    options: ["가능", "확인 필요", "금기", "보유하지 않음", "작동 중"],
};

/// Most reasons shown of one rule; the JSON form has all.
const REASONS: usize = 4;

/// Most concepts shown that would decide something.
const MISSING: usize = 6;

/// Most rules shown that nothing known decides.
const OPEN: usize = 5;

/// Most bands of a score shown: where more are possible, the score says nothing of the outcome yet.
const BANDS: usize = 2;

/// Writes the answer as text: one note over all protocols.
pub fn write_text(answer: &Answer, language: Language) -> String {
    let words = if language == Language::Ko { &KO } else { &EN };
    let mut note = Note { words, out: String::new() };
    // Writing to a string cannot fail.
    let id = if answer.record.id.is_empty() { "-" } else { &answer.record.id };
    let _ = writeln!(note.out, "{id}  {}", answer.at);
    if answer.record.later > 0 {
        let _ = writeln!(note.out, "{} {}", answer.record.later, words.later);
    }
    let asked: Vec<&ProtocolAnswer> = answer.assessments.iter().filter(|a| a.applies != Ways::False).collect();
    note.stages(&asked);
    note.recommendations(&asked);
    note.open(&asked);
    note.would_decide(&asked);
    note.monitoring(&asked);
    note.scores(&asked);
    note.values(&asked);
    note.applicability(answer);
    note.left_out(answer);
    let _ = writeln!(note.out, "\n{}.", upper_first(&answer.notice));
    note.out
}

fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

/// Three significant digits, as one would say them.
fn significant(value: f64) -> String {
    let text = format!("{value:.2e}");
    text.parse::<f64>().map_or(text, |rounded| rounded.to_string())
}

/// Which protocol says it.
fn by(assessment: &ProtocolAnswer) -> String {
    let name = &assessment.protocol;
    let variant = name.variant.as_ref().map(|variant| format!("/{variant}")).unwrap_or_default();
    format!("{}@{}{variant}", name.id, name.version)
}

/// The levels still possible: a letter by itself, with its title where it is the only one; another level by its title.
fn levels(classified: &Classified) -> String {
    let short = |id: &str| id.chars().count() <= 2;
    let pairs = classified.possible.iter().zip(&classified.titles);
    match (classified.possible.as_slice(), classified.titles.as_slice()) {
        ([id], [title]) if short(id) && title != id => format!("{id}, {}", lower_first(title)),
        _ => pairs
            .map(|(id, title)| if short(id) { id.clone() } else { lower_first(title) })
            .collect::<Vec<_>>()
            .join(" | "),
    }
}

/// A note being written.
struct Note {
    words: &'static Words,
    out: String,
}

impl Note {
    fn stages(&mut self, asked: &[&ProtocolAnswer]) {
        let words = self.words;
        let all = asked.iter().flat_map(|a| a.classifications.iter().map(|classified| (*a, classified)));
        // A level that nothing known supports, among others still possible, tells the reader nothing.
        let (untold, told): (Vec<_>, Vec<_>) =
            all.partition(|(_, classified)| classified.reasons.is_empty() && classified.possible.len() != 1);
        for (assessment, classified) in told {
            let present = classified.modifiers.iter().filter(|(_, m)| **m == Ways::True).map(|(id, _)| id);
            let titles = present.filter_map(|id| classified.modifier_titles.get(id));
            let modifiers: Vec<&str> = titles.map(String::as_str).collect();
            let beside = if modifiers.is_empty() { String::new() } else { format!(" + {}", modifiers.join(", ")) };
            let _ = writeln!(self.out, "\n{}: {}{beside}  ({})", classified.title, levels(classified), by(assessment));
            for reason in classified.reasons.iter().take(REASONS) {
                let _ = writeln!(self.out, "    {} {reason}", words.rests_on);
            }
        }
        if !untold.is_empty() {
            let _ = writeln!(self.out, "\n{}", words.nothing_told);
        }
        for (assessment, classified) in untold {
            let possible =
                if classified.possible.is_empty() { words.stage_open.to_owned() } else { levels(classified) };
            let _ = writeln!(self.out, "  * {}: {possible}  ({})", classified.title, by(assessment));
        }
    }

    fn recommendations(&mut self, asked: &[&ProtocolAnswer]) {
        let words = self.words;
        let of = |wanted: &[Status]| {
            let mut found: Vec<(&ProtocolAnswer, &Recommendation)> = Vec::new();
            for assessment in asked {
                let own = assessment.recommendations.iter().filter(|r| wanted.contains(&r.status));
                found.extend(own.map(|r| (*assessment, r)));
            }
            sort::by_key(&mut found, |(_, recommendation)| recommendation.urgency);
            found
        };
        let groups = [
            (words.now, of(&[Status::Recommended])),
            (words.first, of(&[Status::Conditional])),
            (words.blocked, of(&[Status::Blocked, Status::Declined])),
            (words.in_progress, of(&[Status::InProgress, Status::Done])),
        ];
        let wanted = groups.iter().take(2).any(|(_, group)| !group.is_empty());
        if !wanted && asked.iter().any(|assessment| !assessment.recommendations.is_empty()) {
            let _ = writeln!(self.out, "\n{}", words.nothing);
        }
        for (position, (title, group)) in groups.into_iter().enumerate() {
            if !group.is_empty() {
                let _ = writeln!(self.out, "\n{title}");
            }
            for (assessment, recommendation) in group {
                self.one(assessment, recommendation);
            }
            if position == 1 && wanted {
                let _ = writeln!(self.out, "    ({})", words.unchanged);
            }
        }
    }

    fn one(&mut self, assessment: &ProtocolAnswer, recommendation: &Recommendation) {
        let words = self.words;
        let urgency = words.urgencies[recommendation.urgency as usize];
        let strength = recommendation.strength.as_ref().map(|strength| {
            let level = strength.level.as_ref().map(|level| format!(", {level}")).unwrap_or_default();
            format!("  [{}{level}]", strength.class)
        });
        let _ = writeln!(self.out, "  * {} ({urgency}){}", recommendation.title, strength.unwrap_or_default());
        if let Some(blocked) = &recommendation.blocked {
            let _ = writeln!(self.out, "      {blocked}");
        }
        if !recommendation.status.asks() {
            return;
        }
        // An open rule stays open while its condition is no longer known: then it rests on what was.
        if let (Ways::Unknown, Some(opened)) = (recommendation.truth, &recommendation.opened) {
            let now: Vec<&str> = recommendation.reasons.iter().take(2).map(String::as_str).collect();
            let _ = writeln!(self.out, "      {} {opened}; {} {}", words.since, words.now_unknown, now.join("; "));
        } else {
            for reason in recommendation.reasons.iter().take(REASONS) {
                let _ = writeln!(self.out, "      {} {reason}", words.rests_on);
            }
        }
        for option in &recommendation.options {
            self.option(option);
        }
        if let Some(target) = &recommendation.target {
            let _ = writeln!(self.out, "      -> {target}");
        }
        if let Some(fallback) = &recommendation.fallback {
            let _ = writeln!(self.out, "      {} {fallback}", words.unless);
        }
        let flips: Vec<&str> = recommendation.flips.iter().take(REASONS).map(|flip| flip.text.as_str()).collect();
        if !flips.is_empty() {
            let _ = writeln!(self.out, "      {} {}", words.would_turn, flips.join("; "));
        }
        if recommendation.recalled {
            let _ = writeln!(self.out, "      ({})", words.recalled);
        }
        let source = recommendation.sources.first().map(|source| format!("{source} ")).unwrap_or_default();
        let _ = writeln!(self.out, "      {source}({})", by(assessment));
    }

    fn option(&mut self, option: &OptionAnswer) {
        let status = self.words.options[option.status as usize];
        let _ = write!(self.out, "      - {}: {status}", option.title);
        let ruled_out = matches!(option.status, OptionStatus::Contraindicated);
        if ruled_out || (!option.reasons.is_empty() && option.clear_with.is_empty()) {
            let _ = write!(self.out, " ({})", option.reasons.join("; "));
        }
        if !ruled_out && !option.clear_with.is_empty() {
            let _ = write!(self.out, "; {} {}", self.words.measure, option.clear_titles.join(", "));
        }
        let _ = writeln!(self.out);
    }

    fn monitoring(&mut self, asked: &[&ProtocolAnswer]) {
        let mut due: Vec<&Monitoring> = asked.iter().flat_map(|assessment| &assessment.monitoring).collect();
        due.retain(|monitoring| monitoring.status == Status::Recommended);
        sort::by_key(&mut due, |monitoring| (monitoring.urgency, !monitoring.overdue));
        if !due.is_empty() {
            let _ = writeln!(self.out, "\n{}", self.words.due);
        }
        for monitoring in due {
            let overdue = match (&monitoring.due, monitoring.overdue) {
                (Some(due), true) => format!(", {} {due}", self.words.overdue),
                _ => String::new(),
            };
            let _ = writeln!(self.out, "  * {} ({}){overdue}", monitoring.title, monitoring.every);
        }
    }

    fn scores(&mut self, asked: &[&ProtocolAnswer]) {
        if asked.iter().any(|assessment| !assessment.scores.is_empty()) {
            let _ = writeln!(self.out, "\n{}", self.words.scores);
        }
        for assessment in asked {
            for scored in &assessment.scores {
                let points = match scored.min == scored.max {
                    true => scored.min.to_string(),
                    false => format!("{} {} {}", scored.min, self.words.to, scored.max),
                };
                let _ = writeln!(self.out, "  {}: {points}  ({})", scored.title, by(assessment));
                if scored.bands.len() > BANDS {
                    let _ = writeln!(self.out, "      {}", self.words.many_bands);
                    continue;
                }
                for band in &scored.bands {
                    let _ = writeln!(self.out, "      {band}");
                }
            }
        }
    }

    /// What a protocol that does nothing else computes.
    fn values(&mut self, asked: &[&ProtocolAnswer]) {
        let computes =
            |a: &&&ProtocolAnswer| a.recommendations.is_empty() && a.classifications.is_empty() && a.scores.is_empty();
        let mut numbers = Vec::new();
        for (name, defined) in asked.iter().filter(computes).flat_map(|assessment| &assessment.definitions) {
            if let Defined::Number { value, unit } = defined {
                let unit = if unit == "1" { String::new() } else { format!(" {unit}") };
                numbers.push(format!("{name} {}{unit}", significant(*value)));
            }
        }
        if !numbers.is_empty() {
            let _ = writeln!(self.out, "\n{}: {}", self.words.computed, numbers.join(", "));
        }
    }

    fn open(&mut self, asked: &[&ProtocolAnswer]) {
        let words = self.words;
        // What may not apply at all is named as such, not rule by rule.
        let applies = asked.iter().filter(|assessment| assessment.applies == Ways::True);
        let mut open: Vec<&Recommendation> = applies.flat_map(|assessment| &assessment.recommendations).collect();
        open.retain(|recommendation| recommendation.status == Status::Undetermined);
        sort::by_key(&mut open, |recommendation| recommendation.urgency);
        if !open.is_empty() {
            let _ = writeln!(self.out, "\n{}", words.open);
        }
        for recommendation in open.iter().take(OPEN) {
            let unknown: Vec<&str> = recommendation.reasons.iter().take(2).map(String::as_str).collect();
            let _ = writeln!(self.out, "  * {}\n      {} {}", recommendation.title, words.unknown, unknown.join("; "));
        }
        if open.len() > OPEN {
            let _ = writeln!(self.out, "  + {} {}", open.len() - OPEN, words.more);
        }
    }

    /// What to measure or chart, first what would decide most rules.
    fn would_decide(&mut self, asked: &[&ProtocolAnswer]) {
        let mut decides: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
        for missing in asked.iter().flat_map(|assessment| &assessment.missing) {
            decides.entry(&missing.title).or_insert((0, &missing.unknown)).0 += missing.decides.len();
        }
        let mut ranked: Vec<(&str, (usize, &str))> = decides.into_iter().collect();
        sort::by_key(&mut ranked, |(_, (rules, _))| std::cmp::Reverse(*rules));
        if !ranked.is_empty() {
            let _ = writeln!(self.out, "\n{}", self.words.would_decide);
        }
        for (title, (rules, unknown)) in ranked.iter().take(MISSING) {
            let noun = self.words.rules[usize::from(*rules != 1)];
            let space = if noun.is_ascii() { " " } else { "" };
            let _ = writeln!(self.out, "  * {title}: {unknown} ({rules}{space}{noun})");
        }
        if ranked.len() > MISSING {
            let _ = writeln!(self.out, "  + {} {}", ranked.len() - MISSING, self.words.more);
        }
    }

    fn applicability(&mut self, answer: &Answer) {
        for (wanted, title) in [(Ways::Unknown, self.words.perhaps), (Ways::False, self.words.not_applicable)] {
            let found: Vec<String> = answer.assessments.iter().filter(|a| a.applies == wanted).map(by).collect();
            if !found.is_empty() {
                let _ = writeln!(self.out, "\n{title}: {}", found.join(", "));
            }
        }
    }

    fn left_out(&mut self, answer: &Answer) {
        let errors: Vec<_> = answer.issues.iter().filter(|issue| issue.severity != Severity::Note).collect();
        if !errors.is_empty() {
            let _ = writeln!(self.out, "\n{}", self.words.left_out);
        }
        for issue in errors {
            let place =
                issue.place.as_ref().map(|place| format!("{}:{} ", place.line, place.column)).unwrap_or_default();
            let _ = writeln!(self.out, "  {place}{} [{}]", issue.message, issue.code);
        }
    }
}
