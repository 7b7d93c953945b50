//! E4xx: the record of a patient.

macro_rules! record {
    ([$($rest:ident)*] { $($entries:tt)* }) => {
        table! { [$($rest)*] { $($entries)*
            BadInstant "E401" "an instant cannot be used" {
                "A time in a record has no offset from UTC, is not an instant, or contradicts \
                 another: known before it was true, or an observation that ends before it begins. \
                 An entry without a usable instant is left out."
                "The order of events decides most answers. A time without an offset can be wrong \
                 by hours, enough to place a lactate before the device that it answers to."
                "Example: at: 2026-03-01T08:00:00 does not say in which zone it is eight o'clock."
                "Write date, time and offset, at: 2026-03-01T08:00:00+09:00. The field known_at is \
                 not earlier than at; for tables the mapping may declare the zone."
            }
            NotInVocabulary "E402" "a name is not in the vocabulary" {
                "A record names a concept, event, device, drug, setting or qualifier that the \
                 vocabulary does not have. What is named so is left out; where only the qualifier \
                 is unknown, the concept is unknown from that instant until a newer good value."
                "Rules that need what was left out stay undecided, although the chart holds the \
                 answer."
                "Example: observe: {lactat: 5.2 mmol/L}, or site: radial for a concept whose sites \
                 are arterial and venous."
                "Write the name as the vocabulary has it, observe: {lactate: 5.2 mmol/L}. A new \
                 concept is added to the vocabulary; local names are translated by the mapping of \
                 the source."
            }
            BadQuantity "E403" "a quantity cannot be read" {
                "A value has no unit although its concept needs one, has an unknown unit or one of \
                 another dimension, or is not a number. The concept is unknown from that instant \
                 until a newer good value."
                "A number whose unit is guessed can be wrong many times over: glucose of 5.5 is \
                 normal in mmol/L and far too low to be likely in mg/dL."
                "Example: observe: {lactate: 5.2} or observe: {map: 58 mmol/L}."
                "Write the number with its unit, observe: {lactate: 5.2 mmol/L}. A result such as \
                 <0.3 mmol/L may be written with its sign; it is kept as a range."
            }
            EmptyEntry "E404" "an entry that says nothing" {
                "An entry has an instant but nothing that happened at it, or a trial without a \
                 phase."
                "An empty entry is usually what is left of a value that was lost on the way, and \
                 the value is then missing at the bedside without a sign."
                "Example: at: 2026-03-01T08:10:00+09:00 with known_at and nothing else."
                "Give the entry what was charted, such as observe: {map: \"58 mm[Hg]\"}, event: \
                 arrest or trial: va_ecmo with phase: start, or remove it."
            }
            BadValue "E405" "a value is not one of those possible" {
                "A coded concept holds something other than one of its codes, or a concept that is \
                 true or false holds something else. The concept is unknown from that instant \
                 until a newer good value."
                "A word that is not understood is never taken for the nearest one: whether a shock \
                 is ischemic decides which treatment is asked for."
                "Example: observe: {diabetes: no}, where no is text, or etiology: ischaemic."
                "Write true or false without quotes, diabetes: false, or one of the codes that the \
                 message lists, etiology: ischemic_ami."
            }
            Impossible "E406" "a value is physically impossible" {
                "A value lies outside the hard limits of its concept, which refuse only what \
                 cannot be. The concept is unknown from that instant until a newer good value, and \
                 never falls back to the older one."
                "Such a value comes from a slip of the hand, a wrong unit or a disconnected \
                 sensor. A rule that believed it would act on a patient who does not exist."
                "Example: map: 580 mm[Hg], or potassium: 41 mmol/L where 4.1 was meant. A systolic \
                 pressure of 0 in arrest is possible and is accepted."
                "Correct the value or its unit. A correction is charted with the same at and a \
                 later known_at."
            }
            OddRun "E407" "starts, settings and stops do not fit together" {
                "A device or drug is started while it runs, stopped without a start, or has a \
                 setting outside a run. It is still read: as running on, as unknown before the \
                 stop, or as started at the setting."
                "Whether support is running changes what is recommended and which measurements are \
                 valid. A missing stop can keep a device running on paper for days."
                "Example: two entries start: va_ecmo with no stop between them, because the second \
                 was a change of flow."
                "Chart a change as set: {va_ecmo: {flow: 3.2 L/min}}, and each run with one start \
                 and one stop."
            }
            OutOfTime "E408" "an entry lies in the future or after the end of observation" {
                "An entry is true or known later than the record was received, or later than the \
                 end of observation. It is left out."
                "A value from the future would be used as the newest one, in front of what is \
                 really known of the patient now."
                "Example: at: 2062-03-01T08:00:00+09:00 where 2026 was meant, or a clock that is \
                 set to another zone."
                "Check the year, the offset and the clock of the source. If the patient was \
                 observed for longer, correct the end of observation, observed: {to: \
                 2026-03-09T11:00:00+09:00}."
            }
            ConflictingValues "E409" "two values of a concept at one instant" {
                "One concept has two different values that were true at the same instant, known at \
                 the same instant and taken in the same way. The concept is unknown from there \
                 until a newer value."
                "Neither value is more likely right, and to take the first or the last would let \
                 the order of a file decide about a treatment."
                "Example: lactate: 2.1 mmol/L and lactate: 5.2 mmol/L, both at 08:10 and with no \
                 other difference."
                "Remove the wrong one, or give the right one a later known_at as a correction. \
                 Values taken in different ways are told apart by site or method."
            }
        } }
    };
}
