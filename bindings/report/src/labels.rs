//! What the pages say themselves, in English and Korean.

use shockpath::protocol::{Grade, RuleKind, Status, Urgency, Verb};
use shockpath::vocabulary::Language;

/// Words in both languages, as a structure with one field for each.
macro_rules! labels {
    ($labels:ident; $($name:ident: $en:literal, $ko:literal;)*) => {
        /// Words of a page.
        #[derive(Debug)]
        pub(crate) struct $labels {
            $(pub(crate) $name: &'static str,)*
        }

        const EN: $labels = $labels { $($name: $en,)* };
        const KO: $labels = $labels { $($name: $ko,)* };

        impl $labels {
            /// The words of a language.
            pub(crate) fn of(language: Language) -> &'static $labels {
                match language {
                    Language::En => &EN,
                    Language::Ko => &KO,
                }
            }
        }
    };
}

pub(crate) use labels;

labels! {
    Labels;
    handbook: "Handbook of protocols", "프로토콜 편람";
    skip: "Skip to the content", "본문으로 건너뛰기";
    contents: "On this page", "이 문서의 내용";
    other_language: "한국어", "English";
    language: "Language", "언어";
    to_index: "All protocols", "전체 프로토콜";
    version: "Version", "버전";
    status: "Status", "상태";
    effective: "Effective", "유효 기간";
    from: "from", "시작";
    until_day: "until", "종료";
    hash: "Hash of the document", "문서 해시";
    basis: "Basis of its answers", "응답의 근거 해시";
    approval: "Approval for care", "진료 사용 승인";
    unapproved: "Nobody has approved this protocol for care.", "이 프로토콜은 진료에 사용하도록 승인되지 않았습니다.";
    responsibility: "A protocol proposes; the treating team decides.", "프로토콜은 제안하며, 결정은 치료팀이 합니다.";
    approved_by: "Approved for care by", "진료 사용 승인:";
    inactive: "This version is not in use.", "현재 사용 중인 버전이 아닙니다.";
    purpose: "Purpose", "목적";
    intended: "Intended use", "사용 목적";
    users: "Users", "사용자";
    population: "Population", "대상 환자";
    not_for: "Not for", "사용하지 않는 경우";
    uses: "Uses", "함께 사용하는 프로토콜";
    applies: "Applies when", "적용 조건";
    always: "Always.", "항상.";
    flow: "Flow", "흐름도";
    no_flow: "It computes values and asks for nothing, so there is no flow.", "값을 계산할 뿐 권고가 없어 흐름도가 없습니다.";
    flow_help: "Each box is a link to the details below.", "각 상자는 아래의 설명으로 연결됩니다.";
    yes: "yes", "예";
    no: "no", "아니오";
    otherwise: "otherwise", "그 외";
    all_of: "all of", "모두 해당";
    any_of: "any of", "하나 이상 해당";
    at_least_of: "at least {} of", "{}개 이상 해당";
    none_of: "none of", "모두 해당 없음";
    if_also: "If", "조건";
    others: "Other decisions", "기타 결정";
    continued: "continued", "계속";
    recommendations: "Recommendations", "권고";
    monitoring: "Monitoring", "감시";
    weaning: "Weaning", "이탈";
    when: "When", "조건";
    because: "Because", "이유";
    action: "Action", "조치";
    options: "Options, in order of preference", "선택지(우선순위 순)";
    contraindicated: "against it:", "금기:";
    timing: "Timing", "시기";
    strength: "Strength as published", "발표된 권고 강도";
    class: "class", "등급";
    level_of_evidence: "level", "근거 수준";
    common_practice: "No class was published.", "발표된 등급이 없습니다.";
    every: "every", "간격";
    opens_each: "opened by each charting of", "기록될 때마다 시작:";
    settle: "must hold for", "지속 시간:";
    lockout: "not again within", "다시 시작하지 않는 기간:";
    due_from: "due not before", "이 시간 이후:";
    due_within: "due within", "이 시간 이내:";
    due_before: "due before", "이 조치 전:";
    due_not_sooner: "not sooner than", "이보다 이르지 않게:";
    early_counts: "what was done earlier counts", "이전에 시행한 것도 인정";
    until: "Closes when", "종료 조건";
    done_when: "Done when", "완료 조건";
    wins_over: "Takes precedence over", "다음보다 우선";
    parameters: "Parameters", "수치";
    name: "Name", "이름";
    value: "Value", "값";
    range: "Range", "허용 범위";
    not_settable: "fixed", "고정";
    source: "Source", "출처";
    sources: "Sources", "출처";
    grade: "Grade", "확인 정도";
    instead_of: "instead of", "원래 값";
    definitions: "Definitions and formulas", "정의와 계산식";
    is: "is", "값";
    unit: "Unit", "단위";
    together: "Values must lie within this time of each other", "측정 시간 간격 한도";
    valid_when: "Known only while", "유효 조건";
    classifications: "Classification", "분류";
    classification_help: "The most severe level that holds is the answer; a level that cannot be excluded is named beside it.", "해당하는 단계 중 가장 중한 단계가 답이며, 배제할 수 없는 단계는 함께 표시합니다.";
    level: "Level", "단계";
    modifiers: "Said beside the level", "단계와 함께 표시";
    scores: "Score", "점수";
    score_help: "A missing item gives a range of points, never zero.", "값이 없는 항목은 0점이 아니라 점수 범위로 계산합니다.";
    sum_of: "sum of {} items", "{}개 항목의 합";
    item: "Item", "항목";
    points: "Points", "점수";
    bands: "Bands with the published outcome", "구간과 발표된 결과";
    band: "Band", "구간";
    outcome: "Outcome", "결과";
    seen_in: "Seen in", "대상";
    contraindications: "Contraindications", "금기";
    absolute: "rules it out", "절대 금기";
    relative: "speaks against it", "상대 금기";
    device: "Device and setting", "기기와 설정";
    against: "Against", "대상 기기 및 약물";
    access: "only by this route", "이 접근로에 한함";
    strength_of: "Strength", "강도";
    ladder_ready: "Begin when", "시작 조건";
    ladder_back: "At any step, go back when", "모든 단계에서 복귀 조건";
    ladder_pass: "Remove when", "제거 조건";
    hold: "hold for", "유지";
    longest: "at most", "최대";
    tolerated: "tolerated", "견딤";
    no_trial: "no further trial for", "재시도 금지 기간:";
    step: "Step", "단계";
    variants: "Variants", "변형";
    sets: "Sets", "변경 값";
    no_variants: "There is none.", "없습니다.";
    cases: "Cases it is tested against", "검증 사례";
    case: "Case", "사례";
    about: "Where it comes from", "출처";
    disclosure: "Disclosure", "공개 정보";
    attributes: "The 13 source attributes", "출처 속성 13항목";
    attribute: "Attribute", "항목";
    not_covered: "What is not covered", "다루지 않는 것";
    recalled_numbers: "Numbers that were recalled and not checked against a text", "원문에서 확인하지 않은 수치";
    no_recalled: "Every number was seen in its source or computed.", "모든 수치를 출처에서 확인하거나 계산하였습니다.";
    unidentified: "Sources without an identifier", "식별자가 없는 출처";
    unknown_is_unknown: "A value that is not charted, is stale or lost its meaning on a device is unknown, and nothing is concluded from it.", "기록되지 않았거나 오래되었거나 기기 때문에 의미를 잃은 값은 알 수 없는 것으로 보며, 이로부터 아무것도 결론짓지 않습니다.";
    no_cases: "There is none.", "없습니다.";
    theme_recognition: "Recognition and work-up", "인지와 평가";
    theme_staging: "Staging", "단계 분류";
    theme_scores: "Scores", "점수";
    theme_escalation: "Starting and escalating support", "보조의 시작과 강화";
    theme_weaning: "Weaning", "이탈";
    theme_monitoring: "Monitoring", "감시";
    theme_values: "Derived values", "계산 값";
    older: "Other versions", "다른 버전";
    intro: "Each page says what a protocol is for and not for, draws its decisions, and gives every rule in plain words with its numbers, sources and cases.", "각 문서는 프로토콜의 목적과 사용하지 않는 경우, 결정 흐름도, 그리고 모든 규칙을 수치, 출처, 검증 사례와 함께 쉬운 말로 제시합니다.";
    unapproved_any: "Nobody has approved these protocols for care.", "이 프로토콜들은 진료에 사용하도록 승인되지 않았습니다.";
    protocol: "Protocol", "프로토콜";
    holds: "Holds", "내용";
    nobody: "nobody", "없음";
    count_rules: "recommendations", "권고";
    count_monitoring: "measurements", "측정";
    count_weaning: "weaning plans", "이탈 계획";
    count_classifications: "classifications", "분류";
    count_scores: "scores", "점수";
    count_contraindications: "contraindications", "금기";
    count_definitions: "definitions", "정의";
    count_cases: "cases", "사례";
}

/// A language as the `lang` attribute and the names of files have it.
pub(crate) fn code(language: Language) -> &'static str {
    match language {
        Language::En => "en",
        Language::Ko => "ko",
    }
}

pub(crate) fn pick(language: Language, en: &'static str, ko: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Ko => ko,
    }
}

/// What a rule asks for.
pub fn verb(verb: Verb, language: Language) -> &'static str {
    let (en, ko) = match verb {
        Verb::Start => ("Start", "시작"),
        Verb::Stop => ("Stop", "중단"),
        Verb::Wean => ("Wean", "이탈"),
        Verb::Exchange => ("Exchange for", "교체"),
        Verb::Add => ("Add", "추가"),
        Verb::Increase => ("Increase", "증량"),
        Verb::Decrease => ("Decrease", "감량"),
        Verb::Hold => ("Hold", "보류"),
        Verb::Continue => ("Continue", "유지"),
        Verb::Measure => ("Measure", "측정"),
        Verb::TreatCause => ("Treat the cause", "원인 치료"),
        Verb::Consult => ("Consult", "협진"),
        Verb::Transfer => ("Transfer", "전원"),
        Verb::Limit => ("Limit care", "치료 제한"),
    };
    pick(language, en, ko)
}

/// How soon.
pub(crate) fn urgency(urgency: Urgency, language: Language) -> &'static str {
    let (en, ko) = match urgency {
        Urgency::Emergent => ("at once", "즉시"),
        Urgency::Urgent => ("urgent, within the hour", "긴급, 1시간 내외"),
        Urgency::Soon => ("soon", "조기"),
        Urgency::Routine => ("routine", "통상"),
    };
    pick(language, en, ko)
}

/// The tone of a mark.
pub(crate) fn tone(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Emergent => "emergent",
        Urgency::Urgent => "urgent",
        Urgency::Soon => "soon",
        Urgency::Routine => "routine",
    }
}

/// How far a number was checked, spelled out.
pub(crate) fn grade(grade: Grade, language: Language) -> &'static str {
    let (en, ko) = match grade {
        Grade::Source => ("seen in the source", "출처에서 확인"),
        Grade::Recalled => ("recalled, not checked", "기억에 의함, 미확인"),
        Grade::Computed => ("computed", "계산됨"),
    };
    pick(language, en, ko)
}

/// Where a version stands in its life.
pub(crate) fn status(status: Status, language: Language) -> &'static str {
    let (en, ko) = match status {
        Status::Draft => ("draft", "초안"),
        Status::Active => ("active", "사용 중"),
        Status::Retired => ("retired", "사용 종료"),
    };
    pick(language, en, ko)
}

/// The section of a rule.
pub(crate) fn section(kind: RuleKind, labels: &Labels) -> &'static str {
    match kind {
        RuleKind::Recommend => labels.recommendations,
        RuleKind::Monitor => labels.monitoring,
        RuleKind::Wean => labels.weaning,
    }
}

/// A source attribute by its name in documents.
pub(crate) fn attribute(name: &str, language: Language) -> String {
    let (en, ko) = match name {
        "bibliographic_citation" => ("Bibliographic citation", "서지 정보"),
        "developer" => ("Developer", "개발자"),
        "funding" => ("Funding", "자금 출처"),
        "release_date" => ("Release and revision dates", "공개 및 개정일"),
        "use_of_race" => ("Use of race", "인종의 사용"),
        "use_of_ethnicity" => ("Use of ethnicity", "민족의 사용"),
        "use_of_language" => ("Use of language", "언어의 사용"),
        "use_of_sexual_orientation" => ("Use of sexual orientation", "성적 지향의 사용"),
        "use_of_gender_identity" => ("Use of gender identity", "성별 정체성의 사용"),
        "use_of_sex" => ("Use of sex", "성별의 사용"),
        "use_of_date_of_birth" => ("Use of date of birth or age", "생년월일 또는 나이의 사용"),
        "use_of_social_determinants" => ("Use of social determinants of health", "사회적 건강 결정 요인의 사용"),
        "use_of_health_status_assessments" => ("Use of health status assessments", "건강 상태 평가의 사용"),
        _ => return name.to_owned(),
    };
    pick(language, en, ko).to_owned()
}

/// The order of the source attributes, as the rule that asks for them lists them.
pub(crate) const ATTRIBUTES: [&str; 13] = [
    "bibliographic_citation",
    "developer",
    "funding",
    "release_date",
    "use_of_race",
    "use_of_ethnicity",
    "use_of_language",
    "use_of_sexual_orientation",
    "use_of_gender_identity",
    "use_of_sex",
    "use_of_date_of_birth",
    "use_of_social_determinants",
    "use_of_health_status_assessments",
];

/// The other language of a page.
pub(crate) fn other(language: Language) -> Language {
    match language {
        Language::En => Language::Ko,
        Language::Ko => Language::En,
    }
}
