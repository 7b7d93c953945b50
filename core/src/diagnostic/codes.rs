//! The table of codes.
//!
//! One file per group, each a macro that hands its entries on to the next, so that one
//! enumeration comes out of all of them. An entry is: name, code, title, and the paragraphs of
//! the explanation (what it means, why it matters at the bedside, an example, what to write
//! instead).

use std::str::FromStr;

use thiserror::Error;

macro_rules! table {
    ([$next:ident $($rest:ident)*] { $($entries:tt)* }) => {
        $next! { [$($rest)*] { $($entries)* } }
    };
    ([] { $($name:ident $code:literal $title:literal { $first:literal $($more:literal)* })* }) => {
        /// What kind of message a diagnostic is. A code, once released, keeps its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = concat!($code, ": ", $title, ".")] $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text, such as `E105`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What it is about, in one line.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What it means, why it matters at the bedside, an example, and what to write
            /// instead: paragraphs of plain text, a blank line between them.
            pub const fn explanation(self) -> &'static str {
                match self { $(Self::$name => concat!($first $(, "\n\n", $more)*),)* }
            }
        }
    };
}

#[macro_use]
mod advice;
#[macro_use]
mod document;
#[macro_use]
mod expression;
#[macro_use]
mod protocol;
#[macro_use]
mod record;

table! { [document expression protocol record advice] {} }

/// A text that names no [`Code`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("unknown code `{0}`")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads a code as written in a message; case does not count.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownCode(super::excerpt(text)))
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}
