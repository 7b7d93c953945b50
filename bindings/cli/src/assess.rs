//! `shockpath assess`.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use shockpath::assess::write_text;
use shockpath::diagnostic::Diagnostic;
use shockpath::timeline::format_instant;
use shockpath::wire::{self, AssessCall};
use shockpath_files::{self as files, Home, UNREADABLE};

use crate::args::{AssessArgs, Format};
use crate::fhir::{self, Asked};
use crate::output::{Exit, Failed, Messages, Outcome, json};

pub(crate) fn run(folder: Option<&Path>, args: &AssessArgs) -> Result<Outcome, Failed> {
    let fail = |messages| Failed::new(messages, args.format);
    let stdin = Path::new("-");
    if args.record == stdin && args.site.as_deref() == Some(stdin) {
        let problem = Diagnostic::error(UNREADABLE, None, "standard input cannot be both record and site profile");
        return Err(fail(vec![problem.help("give one of them as a file").into()]));
    }
    let home = Home::usable(folder).map_err(fail)?;
    let record = files::read(&args.record);
    let site = args.site.as_deref().map(files::read).transpose();
    let (record, site) = match (record, site) {
        (Ok(record), Ok(site)) => (record, site),
        (record, site) => return Err(fail(record.err().into_iter().chain(site.err()).collect())),
    };
    let received = now();
    let (record, mut messages) = match shockpath_fhir::is_fhir(&record.text) {
        true => {
            let asked =
                Asked { map: args.map.as_deref(), patient: args.patient.as_deref(), received: received.as_deref() };
            fhir::record(&record, &asked, home.library.vocabulary()).map_err(fail)?
        }
        false => (record, Vec::new()),
    };
    let mut call = AssessCall::new(record);
    call.site = site;
    call.protocols.clone_from(&args.protocol);
    call.at.clone_from(&args.at);
    call.language = args.lang.map(Into::into);
    call.received = received;
    // The text form does not show it.
    call.trace = args.format == Format::Json && !args.no_trace;
    for set in &args.set {
        call.set.entry(set.protocol.clone()).or_default().insert(set.parameter.clone(), set.value.clone());
    }
    let assessed = wire::assess(&home.library, &call).map_err(|failure| fail(vec![failure.into()]))?;
    Ok(match args.format {
        // The answer holds what is said of the record, and not how it came out of FHIR.
        Format::Json => Outcome { answer: json(&assessed.answer), messages, exit: Exit::Fine },
        Format::Text => {
            messages.push(Messages { diagnostics: assessed.diagnostics, sources: assessed.sources });
            Outcome { answer: write_text(&assessed.answer, assessed.language), messages, exit: Exit::Fine }
        }
    })
}

/// The time of day, against which entries that lie in the future are refused.
#[expect(clippy::disallowed_methods, reason = "the host says when it received the record, and here it is the host")]
pub(crate) fn now() -> Option<String> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(format_instant(i64::try_from(since.as_micros()).ok()?, 0))
}
