//! E1xx: the text of a document, before anything is known about its meaning.

macro_rules! document {
    ([$($rest:ident)*] { $($entries:tt)* }) => {
        table! { [$($rest)*] { $($entries)*
            Syntax "E101" "the text is not YAML" {
                "The text cannot be read as YAML (or JSON): a quote or bracket is never closed, \
                 the indentation does not fit, or a character stands where it means something \
                 else than the author thought."
                "A protocol that is read in part would leave out rules without a sign that they \
                 are missing. So nothing of a file is used unless all of it can be read."
                "Example: because: shock: stage C. The second colon followed by a space begins \
                 a new mapping, and a mapping cannot begin there."
                "Write instead: because: \"shock: stage C\". Text that holds a colon and a \
                 space, a number sign, or that begins with one of the characters @ ` % & * ! | > \
                 { [ is put in quotes. Indent with spaces, not tabs."
            }
            EmptyDocument "E102" "the document is empty" {
                "The file holds nothing but blank lines and comments."
                "An empty protocol would recommend nothing for every patient, which looks the \
                 same as a patient who needs nothing."
                "Example: a file that was created but never written to, or one in which every \
                 line is commented out."
                "Write the document, or remove the file from the folder."
            }
            ManyDocuments "E103" "more than one document in a file" {
                "A line of three dashes begins a second document in the same file."
                "Only one document has an identity that can be approved and traced; with two it \
                 would not be clear which one gave an answer."
                "Example: a protocol, a line with ---, and a second protocol below it."
                "Put each document in a file of its own."
            }
            DuplicateKey "E104" "a key is written twice" {
                "A mapping holds the same key twice. Many readers keep the last one and drop the \
                 first without a word."
                "If a rule has two conditions of the same name, one of them silently does not \
                 count, and the author believes that both do."
                "Example: a recommendation with when: lactate > high in one line and \
                 when: map < low in another."
                "Join what belongs together, when: lactate > high && map < low, or give the \
                 second one another name."
            }
            NotAName "E105" "a key is not text" {
                "A key of a mapping is a number, true or false, nothing, a list or a mapping. \
                 Keys are names."
                "The key 1.0 is the same number as 1 but not the same name, so whether two \
                 entries are the same would depend on who reads the file."
                "Example: a table of levels with the keys 1:, 2: and 3:."
                "Put the key in quotes, \"1\":, or use a name, level_1:."
            }
            NotFinite "E106" "a number is infinite or not a number" {
                "The values .inf and .nan, and numbers too large to be held, are refused."
                "A comparison with such a value is decided whatever the patient's value is, so \
                 a rule would always or never apply."
                "Example: range: [0, .inf] for a limit that is not bounded above."
                "Leave the bound out, or write the largest value that is physically possible."
            }
            InexactNumber "E107" "a number cannot be kept exactly" {
                "A whole number beyond 9007199254740992 (2 to the power of 53), or a number so \
                 small that it would become zero. Numbers are held as IEEE double values, and \
                 beyond these limits another number would be stored than the one written."
                "Such long numbers are almost always identifiers. One changed digit is another \
                 patient or another device."
                "Example: id: 90071992547409931."
                "Put an identifier in quotes: id: \"90071992547409931\"."
            }
            Tag "E108" "a tag is not allowed" {
                "A tag such as !!str or !include tells a YAML reader to treat a value as \
                 another type or to do something with it. Tags are refused."
                "What a document says must stand in its text and not depend on the program that \
                 reads it."
                "Example: version: !!str 1.0."
                "Put text in quotes, version: \"1.0\", and leave the tag out."
            }
            MergeKey "E109" "a merge key is not allowed" {
                "The key << asks to copy the entries of another mapping into this one. It is not \
                 part of YAML 1.2, and readers differ in which entry wins."
                "A clinician who reviews a rule must see its whole content where it stands."
                "Example: <<: *common above the fields of a recommendation."
                "Write the fields out. A whole value may be repeated with an alias: \
                 sources: *common_sources."
            }
            UnknownAlias "E110" "an alias refers to nothing" {
                "An alias such as *name stands for the value marked &name earlier in the same \
                 document. There is no such value, or the alias stands inside the value that it \
                 refers to."
                "A reference that cannot be resolved leaves a hole in a rule."
                "Example: window: *early_hours with no &early_hours above it."
                "Mark the value where it first stands, window: &early_hours {from: zero, to: \
                 six_hours}, or write it out. If text begins with a star, put it in quotes."
            }
            TooLarge "E111" "the document is too large" {
                "The file has more bytes, or more values after aliases are expanded, than the \
                 limit. The limits are far above any real document and can be set by the program \
                 that reads it."
                "A service at the bedside must answer in bounded time, whatever it is sent."
                "Example: a list of nine lists, each of which repeats the one before it nine \
                 times by alias, grows to a billion values in a few lines."
                "Split the file, or write fewer aliases. If it is a record, check that it holds \
                 one patient."
            }
            TooDeep "E112" "the document is nested too deeply" {
                "Lists and mappings stand inside one another to a greater depth than the limit."
                "No protocol or record is nested so deeply; such a file is broken or hostile, \
                 and reading it on would use up memory."
                "Example: a few hundred opening brackets in a row."
                "Check for brackets that are never closed."
            }
            TooManyProblems "E113" "too many problems to go on" {
                "So many problems were found that reading stopped. What follows the last of them \
                 was not checked."
                "A file with hundreds of problems is usually of another kind than expected, and \
                 a longer list would not help."
                "Example: a table exported with numbers as keys, in which every line is wrong."
                "Correct the problems listed, the first one first, and check again."
            }
            WrongKind "E114" "a value is of the wrong kind" {
                "A field holds another kind of value than it should: text where a number is \
                 needed, a list where a mapping is needed, and so on."
                "A value of another kind is never converted by guessing: 1.10 as a version and \
                 1.1 as a number are not the same."
                "Example: version: 1.0 is a number. A version is text."
                "Put text in quotes, version: \"1.0.0\"; leave the quotes off a number; write a \
                 list with dashes or brackets."
            }
            UnknownField "E115" "a field is unknown" {
                "A mapping holds a field that has no meaning there, often by a slip of the \
                 hand."
                "A misspelled field is the same as a missing one: with wen instead of when a \
                 rule would have no condition and might apply to everybody."
                "Example: wen: lactate > high in a recommendation."
                "Write the field as the message suggests, or remove it. What is only for the \
                 reader stands in a comment."
            }
            MissingField "E116" "a required field is missing" {
                "A mapping lacks a field without which it has no meaning."
                "Nothing is filled in by guessing, since a default that the author did not see \
                 would act at the bedside in the author's name."
                "Example: a recommendation without because."
                "Add the field. A field that is written with no value after the colon counts as \
                 missing."
            }
            Invalid "E117" "a value does not fit" {
                "A value is of the right kind but not one of those that are possible: not one of \
                 a fixed set of words, out of range, or of the wrong length."
                "A word that is not understood must not be skipped: status: activ would \
                 otherwise be neither a draft nor in force."
                "Example: urgency: at once, where the possible words are emergent, urgent, soon \
                 and routine."
                "Write one of the values that the message lists."
            }
        } }
    };
}
