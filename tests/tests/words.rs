//! Expressions in plain words, in English and Korean, and that a text without Korean is said.

#![allow(clippy::panic, reason = "a test that fails panics")]

use shockpath::assess::{Join, Phrase};
use shockpath::diagnostic::{Code, Diagnostic};
use shockpath::protocol::Library;
use shockpath::vocabulary::Language;
use shockpath::wire::{ShowCall, ShownProtocol, protocols, show};
use shockpath_tests::{library, shipped};

/// A protocol with one condition for each row of the table.
fn protocol(conditions: &[&str]) -> String {
    let weaning = shipped("protocols/va-ecmo-weaning/1.0.0.yaml");
    let head = weaning.split("uses:").next().unwrap_or_default().replace("id: va-ecmo-weaning", "id: words");
    let mut text = format!(
        "{head}uses: {{hemodynamics: hemodynamics@1.0.0, staging: scai-stage@2.0.0}}\nsources: {{practice: {{citation: Practice, note: None.}}}}\nparameters:\n"
    );
    let parameters = [
        ("lactate_high", "2 mmol/L", "Raised lactate"),
        ("map_low", "\"65 mm[Hg]\"", "Low pressure"),
        ("half_hour", "30 min", "Half an hour"),
        ("one_day", "24 h", "A day"),
        ("three", "3", "Three"),
        ("fraction", "0.1", "A tenth"),
        ("old", "75 a", "Old"),
        ("flow_low", "1.5 L/min", "Low flow"),
    ];
    for (name, value, title) in parameters {
        text += &format!(
            "  {name}: {{value: {value}, source: practice, verified: recalled, title: {{en: {title}, ko: {title}}}}}\n"
        );
    }
    text += "define:\n";
    for (index, condition) in conditions.iter().enumerate() {
        text += &format!("  c{index}: {{title: {{en: Condition, ko: Condition}}, as: \"{condition}\"}}\n");
    }
    text
}

fn shown(text: &str, language: Language) -> ShownProtocol {
    let mut library = library().clone();
    library.add("words/1.0.0.yaml", text);
    let call = ShowCall { protocol: "words".to_owned(), language };
    show(&library, &call).unwrap_or_else(|failure| {
        panic!("{}", shockpath::diagnostic::render(&failure.diagnostics, &failure.sources, false))
    })
}

const TABLE: [(&str, &str, &str); 32] = [
    (
        "hemodynamics.vis > earlier(hemodynamics.vis, half_hour)",
        "Vasoactive-inotropic score above that 30 min ago",
        "혈관작용-강심제 점수: 30분 전보다 높음",
    ),
    (
        "dose(dobutamine) < earlier(dose(dobutamine), start(va_ecmo))",
        "Dobutamine dose below that at the start of VA-ECMO",
        "도부타민 용량: 정맥-동맥 체외막산소공급 시작 시점보다 낮음",
    ),
    (
        "earlier(lactate, one_day) >= lactate_high",
        "Lactate 24 h ago at least 2 mmol/L",
        "24시간 전의 젖산 2 mmol/L 이상",
    ),
    ("lactate >= lactate_high", "Lactate at least 2 mmol/L", "젖산 2 mmol/L 이상"),
    ("!(lactate >= lactate_high)", "Lactate below 2 mmol/L", "젖산 2 mmol/L 미만"),
    ("age > old", "Age above 75 years", "나이 75세 초과"),
    ("hemodynamics.map < map_low", "Mean arterial pressure below 65 mm Hg", "평균동맥압 65 mm Hg 미만"),
    (
        "sustained(map < map_low, half_hour)",
        "Mean arterial pressure below 65 mm Hg for 30 min, with at least 2 readings",
        "평균동맥압 65 mm Hg 미만: 30분 동안 지속(측정 2회 이상)",
    ),
    (
        "ever(lactate > lactate_high, one_day)",
        "Lactate above 2 mmol/L at some time in the last 24 h",
        "최근 24시간 중 한 번이라도 젖산 2 mmol/L 초과",
    ),
    ("running(va_ecmo)", "VA-ECMO running", "정맥-동맥 체외막산소공급 작동 중"),
    ("!running(norepinephrine)", "Norepinephrine not running", "노르에피네프린 투여 중 아님"),
    ("running(vasoactive)", "Vasoactive drug running", "혈관작용제 투여 중"),
    ("!running(vasoactive)", "No vasoactive drug running", "혈관작용제 투여 중 아님"),
    ("known(cvp)", "Central venous pressure known", "중심정맥압: 값 있음"),
    ("known(stop(va_ecmo))", "VA-ECMO was stopped", "정맥-동맥 체외막산소공급 중단됨"),
    (
        "known(lactate) && lactate > lactate_high",
        "Lactate above 2 mmol/L, if charted",
        "젖산 2 mmol/L 초과(기록된 경우)",
    ),
    ("happened(arrest)", "Cardiac arrest charted", "심정지 기록됨"),
    ("!happened(arrest)", "No cardiac arrest charted", "심정지 기록 없음"),
    ("time_since(arrest) < one_day", "Less than 24 h since cardiac arrest", "심정지 후 24시간 미만"),
    ("one_day <= time_on(impella_cp)", "Impella CP running for at least 24 h", "임펠라 CP 시작 후 24시간 이상"),
    ("age_of(lactate) > one_day", "Lactate charted more than 24 h ago", "젖산 측정 후 24시간 초과"),
    ("etiology == ischemic_ami", "Cause of the shock: acute myocardial infarction", "쇼크의 원인: 급성 심근경색"),
    (
        "mechanical_complication != none",
        "Mechanical complication of infarction other than none",
        "심근경색의 기계적 합병증: 없음 외",
    ),
    ("staging.stage >= D", "SCAI SHOCK stage D or E", "SCAI 쇼크 단계 D 또는 E"),
    (
        "count_running(vasoactive) >= three",
        "Number of vasoactive drug running at least 3",
        "사용 중인 혈관작용제의 수 3 이상",
    ),
    (
        "setting(va_ecmo, flow) < flow_low",
        "Pump flow of VA-ECMO below 1.5 L/min",
        "정맥-동맥 체외막산소공급 펌프 혈류량 1.5 L/min 미만",
    ),
    (
        "max(lactate, one_day) > lactate_high",
        "Highest lactate in the last 24 h above 2 mmol/L",
        "최근 24시간 최고 젖산 2 mmol/L 초과",
    ),
    ("lactate > fraction * baseline(lactate)", "Lactate above 0.1 × baseline lactate", "젖산 0.1 × 기저 젖산 초과"),
    (
        "stemi && !stemi",
        "ST-elevation myocardial infarction and not: ST-elevation myocardial infarction",
        "ST분절 상승 심근경색 그리고 ST분절 상승 심근경색: 아님",
    ),
    (
        "at_least(2, stemi, diabetes, sepsis)",
        "At least 2 of (ST-elevation myocardial infarction; diabetes mellitus; sepsis)",
        "(ST분절 상승 심근경색; 당뇨병; 패혈증) 중 2개 이상",
    ),
    (
        "!(stemi || sepsis)",
        "None of (ST-elevation myocardial infarction; sepsis)",
        "(ST분절 상승 심근경색; 패혈증) 모두 아님",
    ),
    (
        "min(map, stop(va_ecmo), stop(va_ecmo) + one_day) > map_low",
        "Lowest mean arterial pressure from the stop of VA-ECMO to 24 h after the stop of VA-ECMO above 65 mm Hg",
        "정맥-동맥 체외막산소공급 중단부터 정맥-동맥 체외막산소공급 중단 24시간 후까지 최저 평균동맥압 65 mm Hg 초과",
    ),
];

#[test]
fn conditions_are_said_in_english_and_korean() {
    let text = protocol(&TABLE.map(|(condition, ..)| condition));
    let (en, ko) = (shown(&text, Language::En), shown(&text, Language::Ko));
    let mut wrong = Vec::new();
    for (index, (condition, english, korean)) in TABLE.iter().enumerate() {
        for (said, wanted) in [(&en, english), (&ko, korean)] {
            let is = &said.definitions[index].rows[0].is.text;
            if is != wanted {
                wrong.push(format!("{condition}\n  is   {is}\n  want {wanted}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_phrase_names_what_it_rests_on_and_keeps_its_parts() {
    let text = protocol(&["lactate >= lactate_high && (stemi || sustained(hemodynamics.map < map_low, half_hour))"]);
    let shown = shown(&text, Language::En);
    let is = &shown.definitions[0].rows[0].is;
    assert_eq!(is.join, Some(Join::All));
    assert_eq!(is.parts[0].names, ["lactate_high"]);
    assert_eq!(is.parts[1].join, Some(Join::Any));
    assert_eq!(is.parts[1].parts[1].names, ["hemodynamics.map", "map_low", "half_hour"]);
}

/// Words that only an expression has.
fn raw(phrase: &Phrase) -> bool {
    let signs = ["&&", "||", "==", "!=", "<=", ">=", "_", "[", "{"];
    signs.iter().any(|sign| phrase.text.contains(sign)) || phrase.parts.iter().any(raw)
}

#[test]
fn no_shipped_condition_is_left_as_an_expression() {
    for language in [Language::En, Language::Ko] {
        for held in protocols(library()) {
            let call = ShowCall { protocol: format!("{}@{}", held.id, held.version), language };
            let Ok(shown) = show(library(), &call) else { panic!("{}", held.id) };
            let rules = shown.rules.iter().map(|rule| &rule.condition);
            let levels = shown.classifications.iter().flat_map(|held| held.levels.iter().chain(&held.modifiers));
            let rows = shown.definitions.iter().flat_map(|held| &held.rows).map(|row| &row.is);
            let against = shown.contraindications.iter().map(|held| &held.when);
            for phrase in rules.chain(levels.filter_map(|level| level.when.as_ref())).chain(rows).chain(against) {
                assert!(!phrase.text.is_empty() && !raw(phrase), "{}: {}", held.id, phrase.text);
            }
        }
    }
}

/// What the page of every protocol calls things, in a language.
fn called(language: Language) -> Vec<String> {
    let mut found = Vec::new();
    for held in protocols(library()) {
        let call = ShowCall { protocol: format!("{}@{}", held.id, held.version), language };
        let Ok(shown) = show(library(), &call) else { panic!("{}", held.id) };
        for rule in &shown.rules {
            found.extend(rule.of_titles.iter().chain(&rule.target).cloned());
            found.extend(rule.choices.iter().map(|choice| choice.title.clone()));
        }
        for plan in &shown.weaning {
            found.extend(plan.steps.iter().map(|step| step.target.clone()));
        }
        found.extend(shown.contraindications.iter().filter_map(|held| held.access_title.clone()));
        found.extend(shown.cases.iter().map(|case| case.title.clone()));
    }
    found
}

#[test]
fn nothing_is_called_by_its_code() {
    let english = called(Language::En);
    let korean = called(Language::Ko);
    for title in english.iter().chain(&korean) {
        assert!(!title.is_empty() && !title.contains('_'), "{title:?}");
    }
    let hangul = |title: &str| title.chars().any(|c| ('가'..='힣').contains(&c));
    // What has no Hangul is the name of a product, a measure or a drug, the same in both languages.
    let names: Vec<&String> = korean.iter().filter(|title| !hangul(title)).collect();
    let same = |name: &&&String| !english.contains(name);
    assert_eq!(names.iter().filter(same).count(), 0, "{names:?}");
    for title in
        ["담당 의료진", "산증", "유도초 제거", "동맥혈 산소분압 (우측 요골동맥)", "대퇴", "보조 비율(1:1~1:8): 1:2"]
    {
        assert!(korean.iter().any(|held| held == title), "{title}: {korean:?}");
    }
}

#[test]
fn a_word_that_is_not_described_is_said() {
    let found = |from: &str, to: &str| {
        let text = shipped("protocols/mcs-contraindications/1.0.0.yaml")
            + "recommend:\n  call:\n    title: {en: Call, ko: 호출}\n    \
             because: {en: Because., ko: 이유.}\n    when: running(mcs)\n    action: consult\n    of: [treating_team]\n    urgency: soon\n    strength: none\n    sources: []\n";
        assert!(text.contains(from), "{from}");
        let mut library = Library::load(shockpath_protocols::files());
        let file = library.add("mcs-contraindications/1.0.0.yaml", &text.replacen(from, to, 1));
        let own = |found: &Diagnostic| found.span.is_some_and(|span| span.file == file);
        let found = library.check().into_iter().filter(|found| found.code == Code::UnknownName && own(found));
        found.map(|found| (found.message, found.help.unwrap_or_default())).collect::<Vec<_>>()
    };
    let one = |message: &str, help: &str| vec![(message.to_owned(), help.to_owned())];
    assert_eq!(found("treating_team", "treating_team"), []);
    assert_eq!(
        found("treating_team", "treating_teem"),
        one("unknown target `treating_teem`", "did you mean `treating_team`?")
    );
    assert_eq!(found("access: femoral", "access: femorl"), one("unknown access `femorl`", "did you mean `femoral`?"));
}

#[test]
fn a_case_without_korean_is_said() {
    let found = |name: &str, about: &str| {
        let text = format!(
            "cases:\n  - name: {name}\n    about: {about}\n    record: {{entries: []}}\n    expect: {{applies: unknown}}\n"
        );
        let mut files: Vec<(String, &str)> = shockpath_protocols::files();
        files.push(("cswg-stage/cases/extra.yaml".to_owned(), &text));
        let mut out = Vec::new();
        Library::load(files).cases(Some("cswg-stage"), &mut out);
        out.iter().filter(|found| found.code == Code::NoTranslation).count()
    };
    let (name, about) = ("{en: nothing is charted, ko: 기록이 없음}", "{en: worked example, ko: 계산 예}");
    assert_eq!(found(name, about), 0);
    assert_eq!(found("nothing is charted", about), 1);
    assert_eq!(found(name, "worked example"), 1);
    assert_eq!(found(name, "{en: worked example}"), 1);
}

#[test]
fn every_text_without_korean_is_said() {
    let text = shipped("protocols/scai-stage/2.0.0.yaml");
    // Every Korean text of the document, whether on a line of its own or beside the English one.
    let korean = text.matches("ko: ").count();
    let without: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("ko: ")).collect();
    let mut bare = String::new();
    for line in without {
        match line.split_once(", ko: ") {
            Some((before, after)) => {
                let end = after.rfind('}').map_or("", |at| &after[at..]);
                bare += &format!("{before}{end}\n");
            }
            None => bare += &format!("{line}\n"),
        }
    }
    assert!(!bare.contains("ko:"), "{bare}");
    let mut library = Library::load(shockpath_protocols::files());
    let file = library.add("scai-stage/2.0.0.yaml", &bare);
    let found = library.check().into_iter();
    let found =
        found.filter(|found| found.code == Code::NoTranslation && found.span.is_some_and(|span| span.file == file));
    assert_eq!(found.count(), korean);
}
