//! An assessment as a fragment of HTML, for a page of somebody else such as a notebook. No script and no class of its
//! own style: it takes fonts and colors of the page around it.

use maud::{Markup, html};
use shockpath::assess::{Answer, Classified, Missing, Monitoring, Recommendation, Status, Ways};
use shockpath::vocabulary::Language;

use crate::labels::code;

struct Words {
    stages: &'static str,
    cannot_tell: &'static str,
    recommended: &'static str,
    conditional: &'static str,
    due: &'static str,
    missing: &'static str,
    nothing: &'static str,
    issues: &'static str,
    clear: &'static str,
    decides: &'static str,
}

const EN: Words = Words {
    stages: "Stages",
    cannot_tell: "cannot be told",
    recommended: "Recommended",
    conditional: "Recommended once cleared",
    due: "Measurements due",
    missing: "Would decide something",
    nothing: "Nothing is recommended.",
    issues: "Left out of the record",
    clear: "first:",
    decides: "rules",
};

const KO: Words = Words {
    stages: "단계",
    cannot_tell: "판단할 수 없음",
    recommended: "권고",
    conditional: "확인 후 권고",
    due: "측정할 때가 된 항목",
    missing: "결정에 도움이 되는 항목",
    nothing: "권고 사항이 없습니다.",
    issues: "기록에서 제외된 것",
    clear: "먼저 확인:",
    decides: "개 규칙",
};

/// Most concepts shown that would decide something.
const MISSING: usize = 6;

/// A fragment of HTML: stages, what is recommended and why, what is due, what is missing.
pub fn assessment(answer: &Answer, language: Language) -> String {
    let words = match language {
        Language::En => &EN,
        Language::Ko => &KO,
    };
    let applying = || answer.assessments.iter().filter(|held| held.applies != Ways::False);
    let asked = |status: Status| {
        let mut asked: Vec<(&str, &Recommendation)> = applying()
            .flat_map(|held| held.recommendations.iter().map(|rule| (held.protocol.id.as_str(), rule)))
            .filter(|(_, rule)| rule.status == status)
            .collect();
        asked.sort_by_key(|(_, rule)| rule.urgency);
        asked
    };
    let stages: Vec<&Classified> = applying().flat_map(|held| &held.classifications).collect();
    let due: Vec<&Monitoring> =
        applying().flat_map(|held| &held.monitoring).filter(|rule| rule.status == Status::Recommended).collect();
    let mut missing: Vec<&Missing> = applying().flat_map(|held| &held.missing).collect();
    missing.sort_by(|a, b| b.decides.len().cmp(&a.decides.len()).then_with(|| a.concept.cmp(&b.concept)));
    missing.dedup_by(|a, b| a.concept == b.concept);
    let [recommended, conditional] = [Status::Recommended, Status::Conditional].map(asked);
    let markup = html! {
        section lang=(code(language)) {
            p { strong { (answer.record.id) } " " time datetime=(answer.at) { (answer.at) } }
            @if !stages.is_empty() {
                table {
                    caption { (words.stages) }
                    @for held in stages { (stage(held, words)) }
                }
            }
            @if recommended.is_empty() && conditional.is_empty() { p { (words.nothing) } }
            (rules(words.recommended, &recommended, words))
            (rules(words.conditional, &conditional, words))
            @if !due.is_empty() {
                p { strong { (words.due) } }
                ul { @for rule in due { li { (rule.title) " (" (rule.every) ")" } } }
            }
            @if !missing.is_empty() {
                p { strong { (words.missing) } }
                ul {
                    @for held in missing.iter().take(MISSING) {
                        li { (held.title) ": " (held.unknown) " (" (held.decides.len()) " " (words.decides) ")" }
                    }
                }
            }
            @if !answer.issues.is_empty() {
                details {
                    summary { (words.issues) ": " (answer.issues.len()) }
                    ul { @for issue in &answer.issues { li { code { (issue.code) } " " (issue.message) } } }
                }
            }
            p { small { (answer.notice) } }
        }
    };
    markup.into_string()
}

fn stage(held: &Classified, words: &Words) -> Markup {
    html! {
        tr {
            th scope="row" { (held.title) }
            td { @if held.possible.is_empty() { (words.cannot_tell) } @else { (held.possible.join(" | ")) } }
            td { (held.reasons.join("; ")) }
        }
    }
}

fn rules(title: &str, rules: &[(&str, &Recommendation)], words: &Words) -> Markup {
    html! {
        @if !rules.is_empty() {
            p { strong { (title) } }
            @for (protocol, rule) in rules {
                details {
                    summary { (rule.title) " " small { (protocol) } }
                    p { (rule.because) }
                    ul { @for reason in &rule.reasons { li { (reason) } } }
                    @for option in rule.options.iter().filter(|option| !option.clear_titles.is_empty()) {
                        p { (option.title) ": " (words.clear) " " (option.clear_titles.join(", ")) }
                    }
                    @if !rule.sources.is_empty() { p { small { (rule.sources.join("; ")) } } }
                }
            }
        }
    }
}
