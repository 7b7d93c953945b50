//! W5xx: what can be used as it stands, but should be looked at.

macro_rules! advice {
    ([$($rest:ident)*] { $($entries:tt)* }) => {
        table! { [$($rest)*] { $($entries)*
            NoTranslation "W501" "a text without Korean" {
                "A text that is shown to people stands in English only. It is then shown in \
                 English in every language."
                "The reason for a recommendation is read under pressure, and is read faster and \
                 more surely in the language in which the ward works."
                "Example: title: {en: Minimal flow}."
                "Write both, title: {en: Minimal flow, ko: 최소 유량}, and have the translation read \
                 by a clinician."
            }
            UnusedParameter "W502" "a parameter is not used" {
                "A parameter is defined, but no expression, rule or constraint of the protocol \
                 uses it."
                "Someone who changes the number believes that care changes with it, and it does \
                 not. Often a condition that should have used it was forgotten."
                "Example: cvp_abort stands under parameters, but go_back does not test cvp."
                "Use the parameter where it was meant, cvp > cvp_abort, or remove it."
            }
            ShadowedConcept "W503" "a charted concept is read although a definition computes it" {
                "An expression uses the bare name of a concept although a protocol under uses \
                 computes a definition of the same name. The bare name is the charted value alone."
                "Where the value is not charted but could be calculated, the rule stays undecided, \
                 and where both exist they may differ."
                "Example: cpo < cpo_low in a protocol that uses hemodynamics, which computes cpo \
                 from pressure and output."
                "Write the definition with its alias, hemodynamics.cpo < cpo_low. If only the \
                 charted value is meant, keep the bare name and say so in a comment."
            }
            SourceWithoutIdentifier "W504" "a source without an identifier" {
                "A source has a citation but no DOI, registry number or other identifier."
                "A clinician who doubts a recommendation wants to open what it rests on. A \
                 citation in words alone may be found late, or found wrong."
                "Example: italian-2024: {citation: \"Italian cohort of weaning from VA-ECMO, \
                 2024\"}."
                "Add doi:, registry:, isbn: or url: where there is one. Where there is none, as \
                 for common practice, say so in note:."
            }
            UnusedSource "W505" "a source is not used" {
                "A source is listed, but no parameter, rule or other part of the protocol refers \
                 to it."
                "A long list of sources looks like support that the rules do not have, and hides \
                 which evidence the recommendation really rests on."
                "Example: elso-2021 stands under sources, but no rule names it."
                "Name it where it supports something, sources: [elso-2021], or remove it."
            }
            UnknownRule "W506" "a decline names an unknown rule" {
                "A record declines a recommendation under a name that no protocol in use has. The \
                 decline has no effect."
                "A clinician decided against an action and gave a reason. If the name does not \
                 fit, the recommendation comes again and the decision is not counted."
                "Example: decline: escalate-lv after the rule was renamed escalate-lv-support."
                "Write the name of the rule as the protocol has it, decline: escalate-lv-support. \
                 If the protocol is not loaded, add it."
            }
            Inactive "W507" "a version that is not in force is used" {
                "A protocol is used that is a draft or retired, or at an instant outside its \
                 effective dates."
                "A draft has not been released and a retired version has been replaced, so its \
                 recommendation may not be what the hospital stands behind today."
                "Example: uses: {staging: scai-stage@1.0.0} where that version is retired and \
                 2.0.0 is active."
                "Use the active version, staging: scai-stage@2.0.0. For a study of past care the \
                 older version may be right, and the warning then only states it."
            }
        } }
    };
}
