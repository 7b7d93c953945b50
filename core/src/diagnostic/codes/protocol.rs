//! E3xx: a protocol, a variant, a site profile or the vocabulary as a whole.

macro_rules! protocol {
    ([$($rest:ident)*] { $($entries:tt)* }) => {
        table! { [$($rest)*] { $($entries)*
            DescribedTwice "E301" "a name is described twice" {
                "Two members of the vocabulary, or two parts of a protocol that share their names, \
                 have the same name."
                "An expression that uses the name could mean either, and which one counts would \
                 depend on the order of the text."
                "Example: milrinone described among the drugs in one file and once more in another."
                "Keep one description, or give the second a name of its own. A definition may have \
                 the name of a charted concept; inside its own text the name is the concept."
            }
            BadMember "E302" "a member of the vocabulary is incomplete or contradicts itself" {
                "A concept, device or drug lacks something that it needs, or says two things that \
                 cannot both hold."
                "All protocols and records rest on the vocabulary, so a gap in it is a gap in \
                 every answer that reads the concept."
                "Example: a concept with neither type: boolean, nor unit:, nor values:, so that \
                 nobody can say what may be charted for it."
                "Add what the message names: type: boolean for yes or no, unit: mmol/L for a \
                 quantity, values: [none, mild, severe] for codes."
            }
            NoSuchProtocol "E303" "a protocol or version is not found" {
                "A protocol under uses, or the base of a variant, is not there in the version that \
                 is named."
                "Another version may stage the same patient differently, so the nearest one is \
                 never taken instead."
                "Example: uses: {staging: scai-stage@2.1.0} when only 1.0.0 and 2.0.0 are there."
                "Name a version that exists, staging: scai-stage@2.0.0, or add the missing file to \
                 the folder of its protocol. The version is always written in full."
            }
            Circular "E304" "a circle of definitions or protocols" {
                "A definition needs itself, directly or by way of others, or two protocols use \
                 each other."
                "There is no first value to start from, so nothing in the circle could ever be \
                 known."
                "Example: define: {a: {as: b + one_unit}, b: {as: a - one_unit}}."
                "Break the circle: let one of them rest on charted concepts alone, or move what \
                 both need into a third definition or protocol."
            }
            BadParameter "E305" "a parameter is incomplete or out of range" {
                "A parameter lacks its value, source or grade, its range is not an interval of the \
                 same dimension, or its value lies outside the range."
                "A parameter is the number that decides. Without source and grade a clinician \
                 cannot judge how far to trust the recommendation that rests on it."
                "Example: vti_min: {value: 4 cm, range: [5 cm, 20 cm], source: aissaoui-2011, \
                 verified: source}. The value lies below its range."
                "Write vti_min: {value: 10 cm, range: [5 cm, 20 cm], source: aissaoui-2011, \
                 verified: source, title: {en: Outflow integral}}. Leave the range out where no \
                 variant makes sense."
            }
            NoSuchSource "E306" "a source is not listed" {
                "A rule or parameter names a source that does not stand under sources in the same \
                 document."
                "A recommendation must lead back to what it rests on. A name without a citation \
                 looks like evidence and cannot be followed."
                "Example: source: aissaoui-2012 when the list holds aissaoui-2011."
                "Correct the name, or add the entry: sources: {aissaoui-2011: {citation: \
                 \"Aissaoui N, et al. Intensive Care Med 2011;37:1738–45\", doi: \
                 10.1007/s00134-011-2358-2}}."
            }
            ConstraintBroken "E307" "a constraint between parameters does not hold" {
                "With the parameters in force, one of the conditions under constraints is false."
                "Each number may be possible by itself and the two together not. If a trial is to \
                 be aborted above the pressure at which it counts as passed, every trial fails."
                "Example: constraints: [map_abort < map_success] with map_abort at 70 mm[Hg] and \
                 map_success at 65 mm[Hg]."
                "Choose values that satisfy the constraint, in the protocol, the variant or the \
                 site profile that set them. A constraint is changed only in a new version of the \
                 protocol."
            }
            BadIdentity "E308" "the identity of a document is incomplete or wrong" {
                "The id, version, status or effective dates of a document are malformed, do not \
                 agree with the name of its file, or contradict each other."
                "Every answer names the protocol and version it came from. If these are wrong, no \
                 one can later tell which rules were applied to a patient."
                "Example: version: \"1.0\" or effective: {from: 2026-06-01, to: 2026-01-01}."
                "Write an id in lower case with hyphens, a version of three numbers such as 1.0.0, \
                 a status of draft, active or retired, and dates in order such as effective: \
                 {from: 2026-01-01}."
            }
            OwnAction "E309" "a rule tests its own action" {
                "The condition of a rule asks whether the thing that the rule starts, stops or \
                 changes is running."
                "Such a rule falls silent as soon as it is followed, and it could not be told \
                 apart from one that no longer applies. The engine knows what is running and \
                 answers in_progress or done."
                "Example: when: \"!running(va_ecmo) && stage_e\" in a rule with action: start and \
                 options: [va_ecmo]."
                "Leave the test out, when: stage_e, and say with done_when what completes the \
                 action if that is not plain from the action."
            }
            BadRule "E310" "the parts of a rule do not fit together" {
                "The action of a rule does not go with its options, its subject, its window or its \
                 urgency, or one that the action needs is missing."
                "A recommendation must say what to do, to what and by when. If its parts \
                 contradict each other, the person at the bedside has to guess which part is meant."
                "Example: action: start with of: [lactate], or a window whose from is later than \
                 its to."
                "Give start, add and exchange their options, and the other actions their subject: \
                 action: measure with of: [lactate], action: start with options: [impella_cp, \
                 va_ecmo]. Let the window begin before it ends."
            }
            TooMany "E311" "more parts than the limits allow" {
                "A protocol holds more rules, parameters, definitions or other parts than the \
                 limits. The limits are far above any real protocol."
                "An assessment must end in bounded time, whatever document it is given, or the \
                 answer comes too late for the patient."
                "Example: a protocol written by a program, with a rule for every value of a \
                 laboratory result."
                "Join rules that differ only in a number by way of a parameter or a definition \
                 with cases, or divide the protocol and join the parts under uses."
            }
            BadOverlay "E312" "a variant or site profile changes what it may not" {
                "A variant or a site profile sets something other than parameters that have a \
                 range, or what a site profile may choose."
                "A hospital that reads the name of an approved protocol relies on its rules. If an \
                 overlay could change them, an approval would no longer say what was approved."
                "Example: set: {when: lactate > lactate_high} in a variant, or a site profile that \
                 sets a parameter without a range."
                "Set only parameters, each within its range: set: {vti_min: 12.3 cm}. Other rules \
                 need another protocol or a new version."
            }
            LockMoved "E313" "an active version has changed" {
                "The content of an active version is no longer that whose hash stands in the lock \
                 file."
                "Patients were assessed under this version. If it changes afterwards, the same \
                 name and number mean two different things, and no past answer can be explained."
                "Example: a threshold corrected in version 1.0.0 after that version had become \
                 active."
                "Undo the change and make it in a new version with its own file: a patch for \
                 wording, a minor version for additions, a major one if some patient may get \
                 another class of action."
            }
            BadCase "E314" "a case is not well formed" {
                "A case that tests a protocol lacks its name, record or expectation, or expects \
                 something of a part that the protocol does not have."
                "Cases are how clinicians see that a protocol does what they mean. A case that \
                 checks nothing passes for ever and gives confidence that nobody earned."
                "Example: expect: {classifications: {stag: [C]}} when the classification is called \
                 stage."
                "Write name, record and expect, and at least one expectation under a name of the \
                 protocol: expect: {classifications: {stage: [C]}}. The instant at: is left out if \
                 it is the last of the record."
            }
            BadSchedule "E315" "a schedule of versions is not clear" {
                "A row of the schedule lacks its protocol or version, ends before it begins, or \
                 puts two versions of one protocol in force at one center at the same time."
                "What was recommended to a patient depends on the version in force on that day. If \
                 two were, an opportunity would have two deadlines and two answers."
                "Example: {center: seoul, protocol: va-ecmo-weaning, version: 1.0.0} without an \
                 end beside a row of 2.0.0 that begins in March."
                "Write one row for each version and center, with the instant from which it was in \
                 force and the one from which it no longer was: to: 2026-03-01T00:00:00+09:00. A \
                 row without a center is for all that have no row of their own."
            }
        } }
    };
}
