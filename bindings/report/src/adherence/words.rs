//! What the page of adherence says itself.

use shockpath::vocabulary::Language;
use shockpath_statistics::Outcome;

use crate::labels::{labels, pick};

labels! {
    Words;
    title: "Adherence to protocols", "프로토콜 준수";
    asked: "What was asked", "질문";
    reconciliation: "What became of the data", "데이터 처리 내역";
    rates: "Rates", "준수율";
    outcomes: "What became of the opportunities", "기회별 결과";
    strata: "By", "구분:";
    centers: "Between centers", "기관 간 차이";
    timeliness: "Timeliness", "시의성";
    tolerance: "With other windows", "허용 시간 변경";
    reasons: "Where it fails most, and why", "준수하지 못한 곳과 이유";
    patients_title: "Single patients", "개별 환자";
    protocols: "Protocols", "프로토콜";
    protocol: "Protocol", "프로토콜";
    version: "Version", "버전";
    hash: "Hash", "해시";
    clock: "Clock", "기준 시각";
    clock_known: "by what was known at each instant", "각 시점에 알려진 정보 기준";
    clock_true: "by what was true, whenever it became known", "알려진 시점과 무관하게 실제 값 기준";
    engine: "Engine", "엔진";
    period: "Period of openings", "기회 발생 기간";
    level: "Level of intervals", "신뢰 수준";
    bootstrap: "Patient bootstrap", "환자 단위 부트스트랩";
    bootstrapped: "Bootstrap", "부트스트랩";
    months: "months each", "개월 단위";
    seed: "seed", "시드";
    resamples: "resamples, from so many patients on:", "회 재표집, 최소 환자 수:";
    coverage: "Stated coverage", "명시된 기록 범위";
    coverage_none: "as each record says", "각 기록에 명시된 대로";
    small: "Small cells", "작은 칸";
    small_off: "Nothing is hidden.", "숨긴 수치가 없습니다.";
    small_on: "Counts from fewer patients than this are hidden, with as many others as it takes:", "이 수보다 적은 환자에서 나온 수치와 이를 보호하는 데 필요한 수치를 숨깁니다:";
    small_hidden: "counts are hidden.", "개 수치를 숨겼습니다.";
    item: "Item", "항목";
    number: "Number", "수";
    patients_in: "Patients in", "입력된 환자";
    evaluated: "Patients evaluated", "평가된 환자";
    excluded: "Patients excluded", "제외된 환자";
    charted: "Charted items", "기록된 항목";
    used: "Items used", "사용된 항목";
    refused: "Items refused", "거부된 항목";
    converted: "of those used, unit converted", "사용된 것 중 단위 변환";
    known_later: "of those used, known later than true", "사용된 것 중 나중에 알려진 것";
    outside: "of those used, outside of the period", "사용된 것 중 기간 밖";
    one_clock: "Nothing became known later than it was true: the two clocks are one here.", "나중에 알려진 값이 없어 두 기준 시각이 같습니다.";
    rule: "Rule", "규칙";
    all: "all rules", "전체 규칙";
    patients: "Patients", "환자";
    opportunities: "Opportunities", "기회";
    done_of: "Done of", "수행/분모";
    rate: "Rate", "준수율";
    by_patient: "By patient", "환자 평균";
    bounds: "Bounds", "한계";
    with_lapsed: "With lapsed", "소실 포함";
    with_justified: "With justified", "정당한 미시행 포함";
    rates_help: "Dots are rates of opportunities, whiskers Wilson's interval on the effective sample size, the pale bar the rate if none or all of the not assessable had been done.", "점은 기회 단위 준수율, 선은 유효 표본 크기에 대한 윌슨 구간, 옅은 막대는 평가 불가 기회를 모두 미시행 또는 모두 시행으로 보았을 때의 범위입니다.";
    denominator: "Done are met, anticipated, and early where the rule counts it; the denominator adds early that does not count, late and omitted. Contraindicated, censored and not assessable are in no denominator.", "시행은 시간 내, 사전 시행, 규칙이 인정하는 조기 시행이며, 분모에는 인정되지 않는 조기, 지연, 누락이 더해집니다. 금기, 중도 절단, 평가 불가는 분모에 없습니다.";
    rate_drawing: "Rates with intervals and bounds", "구간과 한계를 포함한 준수율";
    outcome_drawing: "Shares of the outcomes", "결과의 비율";
    funnel_drawing: "Funnel of centers", "기관 깔때기 그림";
    funnel_help: "Share standardized for the mix of rules, against how much a center knows. Lines are limits of 95 % (inner) and 99.8 % (outer), widened for overdispersion.", "규칙 구성을 보정한 준수율과 기관의 정보량입니다. 선은 과산포를 반영한 95 %(안쪽) 및 99.8 %(바깥쪽) 한계입니다.";
    typical: "Typical center", "전형적 기관";
    new_center: "A new center is expected within", "새 기관의 예측 구간";
    overdispersion: "Overdispersion", "과산포";
    between_all: "All centers", "전체 기관";
    center: "Center", "기관";
    size: "Equivalent opportunities", "동등 기회 수";
    standardized: "Standardized rate", "표준화 준수율";
    shrunken: "Shrunken rate", "축소 추정";
    limits_95: "Limits 95 %", "한계 95 %";
    limits_998: "Limits 99.8 %", "한계 99.8 %";
    rank: "Rank", "순위";
    no_rank: "Fewer than ten centers are not ranked.", "10개 미만의 기관은 순위를 매기지 않습니다.";
    curve_help: "Cumulative incidence of the action from the opening, of all openings, with its pointwise interval; lapse and death compete.", "기회 발생부터 시행까지의 누적 발생률(모든 기회 기준)과 점별 구간이며, 소실과 사망은 경쟁 사건입니다.";
    done: "done", "시행";
    lapsed: "no longer called for", "더 이상 필요 없음";
    died: "died", "사망";
    at_risk: "at risk", "대상 수";
    minutes: "minutes", "분";
    hours: "hours", "시간";
    after: "Time from the opening", "기회 발생 후 시간";
    tolerance_help: "How the rate moves when both ends of each window are moved outward, or inward where negative. What was not done stays so.", "각 시간 창의 양 끝을 바깥(음수는 안쪽)으로 옮겼을 때의 준수율입니다. 시행되지 않은 것은 그대로입니다.";
    tolerance_by: "Window moved by minutes", "창 이동(분)";
    reason: "Why", "이유";
    missing: "Missing", "누락된 값";
    outcome: "Outcome", "결과";
    share_missed: "missed", "미준수";
    drill: "Shown are patients:", "표시된 환자 수:";
    drill_of: "of", "/ 전체";
    drill_order: "Those with most missed opportunities come first.", "미준수 기회가 많은 환자가 먼저 나옵니다.";
    drill_hidden: "Single patients are not shown, since small cells are hidden.", "작은 칸을 숨기므로 개별 환자를 표시하지 않습니다.";
    opened: "Opened", "발생";
    window: "Window", "시간 창";
    done_at: "Done", "시행";
    evidence: "Evidence", "근거";
    hidden: "hidden", "숨김";
    withheld: "Withheld as a whole: small counts could be worked out of it.", "작은 수치가 역산될 수 있어 전체를 공개하지 않습니다.";
    nothing: "Nothing to show.", "표시할 것이 없습니다.";
    notice: "A rate describes what was charted. It is no judgment of a person.", "준수율은 기록된 것을 기술할 뿐, 개인에 대한 판단이 아닙니다.";
}

/// An outcome.
pub(crate) fn outcome(held: Outcome, language: Language) -> &'static str {
    let (en, ko) = match held {
        Outcome::Anticipated => ("anticipated", "사전 시행"),
        Outcome::Met => ("met", "시간 내 시행"),
        Outcome::EarlyCounted => ("early, counted", "조기(인정)"),
        Outcome::Early => ("early", "조기(불인정)"),
        Outcome::Late => ("late", "지연"),
        Outcome::Omitted => ("omitted", "누락"),
        Outcome::Justified => ("justified", "정당한 미시행"),
        Outcome::Lapsed => ("lapsed", "소실"),
        Outcome::Contraindicated => ("contraindicated", "금기"),
        Outcome::Censored => ("censored", "중도 절단"),
        Outcome::NotAssessable => ("not assessable", "평가 불가"),
    };
    pick(language, en, ko)
}

/// The class of an outcome in a drawing.
pub(crate) fn tone(held: Outcome) -> &'static str {
    match held {
        Outcome::Anticipated => "anticipated",
        Outcome::Met => "met",
        Outcome::EarlyCounted => "early-counted",
        Outcome::Early => "early",
        Outcome::Late => "late",
        Outcome::Omitted => "omitted",
        Outcome::Justified => "justified",
        Outcome::Lapsed => "lapsed",
        Outcome::Contraindicated => "contraindicated",
        Outcome::Censored => "censored",
        Outcome::NotAssessable => "unassessed",
    }
}
