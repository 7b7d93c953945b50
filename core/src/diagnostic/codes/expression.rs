//! E2xx: expressions, and the names, units and types in them.

macro_rules! expression {
    ([$($rest:ident)*] { $($entries:tt)* }) => {
        table! { [$($rest)*] { $($entries)*
            UnknownName "E201" "a name is unknown" {
                "An expression or a document names a concept, definition, parameter, code, \
                 setting, device, drug, class, event or protocol that is not known there."
                "A condition on a name that nothing carries could never be decided, and the rule \
                 that holds it would stay silent for every patient."
                "Example: when: lactat > lactate_high, where the concept is lactate."
                "Write the name as the message suggests. What another protocol computes is written \
                 with its alias, hemodynamics.cpo, and the protocol stands under uses; a new \
                 concept is first added to the vocabulary."
            }
            BadUnit "E202" "a unit cannot be used here" {
                "A unit in a protocol or in the vocabulary is not a UCUM unit, or it measures \
                 another dimension than the value it belongs to."
                "A number without a sure unit can be wrong by a factor of ten or a thousand, and \
                 the threshold of a rule would be wrong with it."
                "Example: unit: mmHg for a pressure. UCUM writes mm[Hg]."
                "Write the UCUM unit, in quotes where it holds brackets: unit: \"mm[Hg]\". A \
                 number without a unit, such as an index or a ratio, has unit: \"1\"."
            }
            WrongType "E203" "a value of another type is needed" {
                "An expression gives one type of value where another is needed: a number where a \
                 condition must stand, a device where a value must stand, a computed value where a \
                 charted concept is needed."
                "Whether a number counts as true is a guess, and a rule that rests on a guess may \
                 open for a patient whom its author never meant."
                "Example: when: lactate is a number in mmol/L, and a rule needs a condition."
                "Write a comparison, when: lactate > lactate_high. For a device write \
                 running(va_ecmo), for an event happened(arrest), for a code etiology == \
                 ischemic_ami."
            }
            UnitsDiffer "E204" "units do not fit together" {
                "Two numbers are compared, added or subtracted although their units are of \
                 different dimensions, or a unit has no meaning after the operation. Units of one \
                 dimension are converted and are never an error."
                "Numbers of different dimensions have no order, so the answer would be decided by \
                 the units that happen to be charted and not by the patient."
                "Example: map < lactate_high compares a pressure with a concentration. 58 mm[Hg] \
                 and 2 mmol/L have nothing in common but digits."
                "Compare with a parameter of the same dimension, map < map_low. To compare a mass \
                 with an amount, such as mg/dL with mmol/L, chart the value under its concept, \
                 which converts it by its molar mass."
            }
            ExpressionSyntax "E205" "an expression cannot be read" {
                "The text is not an expression: a parenthesis is not closed, an operator lacks a \
                 side, or a word stands where only expressions are possible."
                "An expression read in part would be another condition than the one that was \
                 reviewed, so nothing of it is used."
                "Example: when: lactate > lactate_high and map < map_low. The word and is not an \
                 operator."
                "Write when: lactate > lactate_high && map < map_low. The operators are && || ! \
                 for conditions, == != < <= > >= and in for comparison, + - * / for arithmetic; \
                 cases stand in cases:, not in the text."
            }
            WrongCall "E206" "a function is unknown or called in another way" {
                "An expression calls a function that does not exist, gives it arguments it does \
                 not take, or uses a function of weaning outside a weaning plan."
                "A window that was meant to be six hours and is read as something else makes a \
                 rule look at the wrong part of the course."
                "Example: max(lactate) lacks the length of its window."
                "Write the call as the help shows it, max(lactate, six_hours), with six_hours a \
                 parameter such as value: 6 h. The current value needs no function: write lactate."
            }
            BareNumber "E207" "a bare number in an expression" {
                "A number other than 0, 1 or a count stands in an expression. Every other number \
                 is a parameter."
                "A threshold decides who is treated. As a parameter it shows its unit, its source \
                 and whether that source was read, and a hospital can change it within a stated \
                 range."
                "Example: when: lactate > 4 does not say 4 of what, nor who found that 4 is the \
                 limit."
                "Write when: lactate > lactate_high, and under parameters lactate_high: {value: 4 \
                 mmol/L, source: textbook, verified: source, title: {en: High lactate}} with the \
                 source that gives the number."
            }
            GrowsWithTime "E208" "a value that grows with time is used outside a comparison" {
                "What changes of itself as time passes, such as time_since, time_on, age_of, a \
                 mean over time or now, may only be compared directly with something that does not \
                 change."
                "The engine says when an answer will next change, and can do so only if it can \
                 tell the instant at which the limit is crossed. A card at the bedside would \
                 otherwise stay after it has expired."
                "Example: time_since(arrest) / one_hour > lactate calculates with a growing time."
                "Compare it as it stands with a parameter: time_since(arrest) < one_day. For the \
                 length of a window write the length as the last argument."
            }
            NestedWindow "E209" "a window inside a window" {
                "A function that looks back over time stands inside sustained or ever, which look \
                 back themselves, or a mean or one of these inside earlier."
                "A window of windows reaches further into the past than either length says, so \
                 nobody could tell from the text which charted values made the rule hold."
                "Example: sustained(max(lactate, six_hours) > lactate_high, two_hours)."
                "Judge the current value inside, sustained(lactate > lactate_high, two_hours), or \
                 join two windows side by side with &&."
            }
            ExpressionLimit "E210" "an expression is beyond the limits" {
                "An expression is longer than 4096 bytes or nested too deeply, or a window is not \
                 between one microsecond and ten years long."
                "An answer at the bedside must come in bounded time. An expression of that size \
                 can also not be reviewed by a person."
                "Example: a condition with several hundred comparisons joined in one text, or a \
                 window of value: 50 a."
                "Give parts a name under define and join the names. Check the unit of a window \
                 that is too long or has length 0."
            }
            FoldedExpression "E212" "an expression in folded text" {
                "An expression stands after the sign >, or runs over several lines without any \
                 sign. YAML then joins the lines, and a place in the expression is no longer a \
                 place in the file."
                "A message or an explanation must point at the very words of the rule. One that \
                 points beside them sends the reviewer to the wrong condition."
                "Example: when: > with lactate > lactate_high in the next line and && map < \
                 map_low in the line after it."
                "Write the expression on one line, or after the sign | with each line indented. A \
                 long condition is clearer as several definitions."
            }
        } }
    };
}
