//! Where sources disagree, a ruling decides. Each is followed by a case of the library that names it.

#![allow(clippy::panic, reason = "what fails here fails a test")]

use shockpath::assess::run_cases;
use shockpath::protocol::Library;
use shockpath_tests::{library, shipped};

/// Every ruling, with what it decides.
const RULINGS: [(&str, &str); 25] = [
    ("scai-e-lactate-2019", "SCAI stage E by the 2019 definition begins at a lactate of 5 mmol/L"),
    ("scai-e-lactate-2022", "SCAI stage E by the 2022 revision begins at a lactate of 8 mmol/L"),
    ("scai-c-lactate", "SCAI stage C begins at a lactate of 2 mmol/L in both"),
    ("scai-c-needs-hypoperfusion", "a low cardiac index or a raised natriuretic peptide alone is not stage C"),
    ("scai-2019-d", "SCAI stage D of 2019 is stage C without response for at least 30 min"),
    ("scai-2022-e-ph", "SCAI stage E of 2022 is a pH below 7.2"),
    ("cswg-counts", "CSWG stage D is 2 to 5 drugs and devices with no type above 3, E more than 3 of one type"),
    ("cswg-boundaries", "CSWG: pressures of 60 and 90 are B or C; lactate up to 5 is B or C, 5 to 10 is D, above is E"),
    ("cswg-holes", "what the printed CSWG table does not place is at least D"),
    ("number-of-drugs", "drugs are counted once each, vasoactive and above zero; Impella with ECMO is two devices"),
    ("dosing-weight", "the dosing weight is the one known when the infusion started"),
    ("vis", "the vasoactive-inotropic score is that of Gaies 2010"),
    ("save-diastolic", "SAVE gives 3 points for a diastolic pressure of 40 mm Hg or more"),
    ("save-class-five", "a SAVE score of 5 is class II"),
    ("save-weight", "SAVE gives 1 point for a weight of exactly 65 kg"),
    ("encourage-lactate-eight", "ENCOURAGE gives 8 points for a lactate of exactly 8 mmol/L"),
    ("cardshock-edges", "CardShock gives 1 point at a lactate of 2 or 4 mmol/L and an eGFR of 30 or 60"),
    ("iabp-shock-ii-strict", "the cut-offs of IABP-SHOCK II are strict"),
    ("wean-sprime", "VA-ECMO is weaned at a lateral S' of 6 cm/s or more"),
    ("wean-vti", "VA-ECMO is weaned at an outflow velocity-time integral of 10 cm or more"),
    ("ncsi-edges", "a cardiac power of exactly 0.6 W and a PAPi of exactly 0.9 count as above"),
    ("circuit-papi", "on VA-ECMO thermodilution and PAPi are valid at weaning flow only"),
    ("circuit-iabp-pressures", "on a balloon pump systolic and diastolic pressure are the unaugmented ones"),
    ("circuit-impella-output", "with an Impella the measured output includes the device"),
    ("derived-outside-validity", "a derived value outside its validity is unknown, with that reason"),
];

#[test]
fn every_ruling_has_a_case_that_names_it_and_passes() {
    let mut out = Vec::new();
    let report = run_cases(library(), None, &mut out);
    let failing: Vec<&str> =
        report.cases.iter().filter(|case| !case.failures.is_empty()).map(|case| case.name.as_str()).collect();
    assert!(failing.is_empty(), "{failing:#?}");
    let cases = library().cases(None, &mut out);
    for (slug, ruling) in RULINGS {
        let wanted = format!("ruling {slug}");
        let named = |about: &str| about == wanted || about.starts_with(&format!("{wanted}:"));
        let found = cases.iter().any(|(_, case)| case.about.as_ref().is_some_and(|about| named(&about.en)));
        assert!(found, "no case has `about: {{en: \"{wanted}: …\"}}`: {ruling}");
    }
    for about in cases.iter().filter_map(|(_, case)| case.about.as_ref()) {
        let Some(slug) = about.en.strip_prefix("ruling ").and_then(|rest| rest.split(':').next()) else { continue };
        assert!(RULINGS.iter().any(|(known, _)| *known == slug), "unknown ruling {slug}");
        // The Korean remark names the same one.
        assert!(about.ko.as_ref().is_some_and(|ko| ko.contains(&format!("{slug}: "))), "{about:?}");
    }
}

#[test]
fn a_case_that_names_another_band_fails() {
    let cases = "save-score/cases/missing.yaml";
    let written = shipped(&format!("protocols/{cases}"));
    let wrong = written.replace("bands: {save: \"Class II, 1 to 5\"}", "bands: {save: \"Class I, above 5\"}");
    assert_ne!(written, wrong);
    let mut files: Vec<(String, &str)> =
        shockpath_protocols::files().into_iter().filter(|(path, _)| path != cases).collect();
    files.push((cases.to_owned(), &wrong));
    let report = run_cases(&Library::load(files), Some("save-score"), &mut Vec::new());
    let failing: Vec<&str> =
        report.cases.iter().filter(|case| !case.failures.is_empty()).map(|case| case.name.as_str()).collect();
    assert_eq!(failing, ["a score of exactly 5 is class II"]);
}

/// The publication says 314 balloons (25.2 %) among the 1247; an earlier registration text says 298.
#[test]
fn device_counts_of_rescue_are_those_of_the_publication() {
    let texts: Vec<(String, &str)> = shockpath_protocols::files().into_iter().collect();
    assert!(texts.iter().any(|(_, text)| text.contains("496 (39.8 %)") && text.contains("314 (25.2 %)")));
    assert!(texts.iter().all(|(_, text)| !text.contains("298 (24")));
}
