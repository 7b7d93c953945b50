//! What a command has to say, and where it goes: the answer to standard output, messages to standard error.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};
use serde::Serialize;
use shockpath::diagnostic::Report;
pub(crate) use shockpath_files::Messages;

use crate::args::{Color, Format};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// It did what was asked.
    Fine = 0,
    /// It looked for errors and found some.
    Found = 1,
    /// It could not be carried out.
    Failed = 2,
}

/// Why a command could not be carried out.
#[derive(Debug)]
pub(crate) struct Failed {
    messages: Vec<Messages>,
    format: Format,
}

impl Failed {
    pub(crate) fn new(messages: Vec<Messages>, format: Format) -> Self {
        Failed { messages, format }
    }
}

/// Everything that a command has to say.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The answer, with terminal escapes.
    pub(crate) answer: String,
    /// Messages for people.
    pub(crate) messages: Vec<Messages>,
    /// How it ended.
    pub(crate) exit: Exit,
}

impl From<Failed> for Outcome {
    fn from(failed: Failed) -> Outcome {
        let Failed { messages, format } = failed;
        match format {
            Format::Text => Outcome { answer: String::new(), messages, exit: Exit::Failed },
            Format::Json => {
                #[derive(Serialize)]
                struct Reply {
                    error: Vec<Report>,
                }
                let error = messages.iter().flat_map(Messages::reports).collect();
                Outcome { answer: json(&Reply { error }), messages: Vec::new(), exit: Exit::Failed }
            }
        }
    }
}

impl Outcome {
    /// An answer and nothing else.
    pub(crate) fn fine(answer: String) -> Outcome {
        Outcome { answer, messages: Vec::new(), exit: Exit::Fine }
    }

    /// Prints messages and answer, and gives the exit code.
    pub(crate) fn print(self, color: Color) -> ExitCode {
        let drawn: String = self.messages.iter().map(|m| m.render(true)).collect();
        let messages = put(&mut AutoStream::new(io::stderr().lock(), choice(color)), &drawn);
        let answer = put(&mut AutoStream::new(io::stdout().lock(), choice(color)), &self.answer);
        match messages.and(answer) {
            Ok(()) => ExitCode::from(self.exit as u8),
            Err(error) => {
                // Where standard error is gone too there is no one left to tell.
                let _ = writeln!(io::stderr(), "error: cannot write the answer: {error}");
                ExitCode::from(Exit::Failed as u8)
            }
        }
    }
}

fn choice(color: Color) -> ColorChoice {
    match color {
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
}

/// Writes a text. A reader that has seen enough, such as `head`, is no error.
fn put(stream: &mut impl Write, text: &str) -> io::Result<()> {
    match stream.write_all(text.as_bytes()).and_then(|()| stream.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// A value as JSON, with a line break at its end.
pub(crate) fn json(value: &impl Serialize) -> String {
    // Answers hold no maps with other keys than text, so that this cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
