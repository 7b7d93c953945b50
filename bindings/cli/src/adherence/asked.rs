//! What was asked: the documents beside a cohort, read and linked.

use std::collections::BTreeMap;
use std::path::Path;

use shockpath::diagnostic::{Diagnostic, Sources, closest, excerpt};
use shockpath::document::digest;
use shockpath::timeline::{Capture, Coverage};
use shockpath::wire::{ENGINE, Inquiry, PeriodCall, Terms, Text};
use shockpath_files::{self as files, Home, UNREADABLE};
use shockpath_statistics::{Export, Judged, Options as Sums, Origin};
use shockpath_table::{Mapping, Options, Verdicts};

use crate::args::{AdherenceArgs, Kind};
use crate::output::Messages;

/// What was asked.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) terms: Terms,
    pub(super) mapping: Option<Mapping>,
    pub(super) options: Options,
    inquiry: Inquiry,
}

impl Asked {
    pub(super) fn read(home: &Home, args: &AdherenceArgs) -> Result<Asked, Vec<Messages>> {
        let mut problems = Vec::new();
        let mut document = |path: Option<&Path>| match path.map(files::read).transpose() {
            Ok(text) => text,
            Err(found) => {
                problems.push(found);
                None
            }
        };
        let (site, schedule) = (document(args.site.as_deref()), document(args.schedule.as_deref()));
        let mapping = args.mapping.as_deref().map(|name| mapping(home, name)).transpose();
        let mapping = mapping.unwrap_or_else(|found| {
            problems.push(found);
            None
        });
        let inquiry = Inquiry {
            protocols: args.protocol.clone(),
            site,
            clock: args.clock.into(),
            period: (args.from.is_some() || args.to.is_some()).then(|| PeriodCall {
                from: args.from.clone(),
                to: args.to.clone(),
                end: None,
            }),
            schedule,
            coverage: BTreeMap::new(),
        };
        let terms = Terms::new(&home.library, &inquiry);
        match terms {
            Ok(terms) if problems.is_empty() => {
                let options = Options { coverage: coverage(&args.complete), ..Options::default() };
                Ok(Asked { terms, mapping, options, inquiry })
            }
            Ok(_) => Err(problems),
            Err(failure) => {
                problems.push(failure.into());
                Err(problems)
            }
        }
    }

    /// Messages about a cohort, which can point into the mapping.
    pub(super) fn messages(&self, diagnostics: Vec<Diagnostic>) -> Messages {
        let sources = self.mapping.as_ref().map_or_else(Sources::default, |mapping| mapping.sources().clone());
        Messages { diagnostics, sources }
    }

    /// Counts for others.
    pub(super) fn export(
        &self,
        (args, by): (&AdherenceArgs, &[String]),
        verdicts: &Verdicts,
        sums: &Sums,
    ) -> Result<Export, Messages> {
        let Some(site) = self.terms.plan().site() else {
            let problem = Diagnostic::error(UNREADABLE, None, "an export says from which site it is");
            return Err(problem.help("name a site profile with `--site`; it may hold the name alone").into());
        };
        let origin = Origin {
            site: site.site.clone(),
            engine: ENGINE.to_owned(),
            protocols: self
                .terms
                .protocols()
                .into_iter()
                .map(|held| Judged { protocol: format!("{}@{}", held.id, held.version), hash: held.hash })
                .collect(),
            parameters: self.parameters(),
            profile: self.inquiry.site.as_ref().map(|text| digest(&text.text)),
            mapping: self.mapping.as_ref().map(|mapping| mapping.hash().to_owned()),
            clock: self.terms.clock(),
            period: args.from.clone().zip(args.to.clone()),
        };
        let sums = Sums { threshold: sums.threshold.max(Sums::default().threshold), ..sums.clone() };
        let export = verdicts.export(&self.terms, by, &sums, origin);
        export.map_err(|problem| Diagnostic::error(UNREADABLE, None, problem).into())
    }

    /// Parameters in force that are not those of the protocols.
    fn parameters(&self) -> BTreeMap<String, String> {
        let linked = self.terms.plan().protocols().iter();
        let changed = linked.flat_map(|linked| {
            let id = &linked.document.identity.id;
            let set = linked.parameters.iter().filter(|held| held.default.is_some());
            set.map(move |held| (format!("{id}.{}", held.name), format!("{} {}", held.value, held.unit)))
        });
        changed.collect()
    }
}

/// A mapping from a file, or one that is built in.
fn mapping(home: &Home, name: &str) -> Result<Mapping, Messages> {
    let path = Path::new(name);
    let Text { name, text } = match Mapping::built_in(name) {
        Some(text) if !path.exists() => Text { name: format!("{name}.yaml"), text: text.to_owned() },
        None if !path.exists() && path.extension().is_none() => {
            let message = format!("there is no mapping `{}`", excerpt(name));
            let all: Vec<String> = Mapping::built_in_names().map(|held| format!("`{held}`")).collect();
            let help = match closest(name, Mapping::built_in_names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("name a file, or one that is built in: {}", all.join(", ")),
            };
            return Err(Diagnostic::error(UNREADABLE, None, message).help(help).into());
        }
        _ => files::read(path)?,
    };
    Mapping::read(&name, &text, home.library.vocabulary())
        .map_err(|(diagnostics, sources)| Messages { diagnostics, sources })
}

fn coverage(complete: &[Kind]) -> Coverage {
    let of = |kind: Kind| if complete.contains(&kind) { Capture::Complete } else { Capture::NotCaptured };
    Coverage {
        devices: of(Kind::Devices),
        infusions: of(Kind::Infusions),
        problems: of(Kind::Problems),
        events: of(Kind::Events),
        observations: of(Kind::Observations),
    }
}
