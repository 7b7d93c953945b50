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
                "A source has a citation but no DOI, registry number or other identifier, and no note \
                 that says why. Also one whose identifier cannot be what it is called."
                "A clinician who doubts a recommendation wants to open what it rests on. A \
                 citation in words alone may be found late, or found wrong."
                "Example: italian-2024: {citation: \"Italian cohort of weaning from VA-ECMO, \
                 2024\"}."
                "Add doi:, registry:, pmid:, pmcid:, isbn: or url: where there is one. Where there \
                 is none, as for common practice, say in note: why. Whether that is a reason, a \
                 person must judge: the page of a protocol lists such sources with their notes."
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
            NeverFires "W520" "a condition that can never hold" {
                "No patient can satisfy the condition of a rule, a contraindication or a modifier, \
                 whatever is charted. This was shown by going through what its parts leave possible."
                "Someone who reads the protocol believes that the rule protects the patient, and it \
                 never says anything. Mostly a sign or a threshold was exchanged."
                "Example: when: lactate < lactate_low && lactate > lactate_high, where lactate_low \
                 is the smaller of the two."
                "Correct the part that the message names, or take the rule out."
            }
            Hidden "W521" "a part that is hidden by another" {
                "A rule fires only where another fires that wins over it, or a level, a row or a \
                 band takes no patient, since others before it take all."
                "What stands in the document is never shown to anyone. The part that hides it may \
                 be wider than was meant."
                "Example: a row when: lactate > two above a row when: lactate > four; the second is \
                 never reached."
                "Put the narrower part first, narrow the other one, or take out what is hidden."
            }
            Contradiction "W522" "two rules that can contradict each other" {
                "There is a patient for whom two rules ask for what cannot both be done, such as to \
                 hold a drug and to decrease it, and neither wins over the other. The patient of \
                 the message can be pasted into a file and assessed."
                "At the bedside both would be shown, and the person there would have to decide what \
                 the protocol left open."
                "Example: action: continue of milrinone, and action: decrease of milrinone, with \
                 conditions that can hold together."
                "Let one of them name the other under precedence, or let their conditions exclude \
                 each other. More support wins over less of itself."
            }
            Hole "W523" "a hole or an overlap" {
                "A patient of whom everything needed is known gets no level, no row or no band, or \
                 gets two rows of a table in which one may hold. The patient of the message can be \
                 pasted into a file and assessed."
                "The answer for this patient is unknown although nothing is missing, and nobody can \
                 measure anything to change that."
                "Example: levels for lactate < two and lactate > two; a lactate of exactly 2 mmol/L \
                 has none."
                "Close the hole with >= or <=, or with a first level or last row without when. Let \
                 bands meet without overlapping."
            }
            Reviewed "W524" "what the review of a protocol came to" {
                "How many rules, levels, rows, bands and pairs of rules were shown to be reachable \
                 by a patient whom the engine assessed, how many were shown to be impossible, and \
                 which were beyond the reach of the search. Then how many sources have a DOI or \
                 registry number, and the names of all others."
                "A review that is silent about what it could not decide looks like a proof. What is \
                 named here must be judged by a person or covered by a case."
                "Example: a rule over the slope of a value, of which no patient is made up."
                "Nothing has to be changed. Write a case for what is beyond reach, and give a source \
                 its DOI or registry number where there is one: its note says why there is none."
            }
        } }
    };
}
