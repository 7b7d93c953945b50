//! Experiments as documents: how many patients, by which seed, and what each arm treats them by.
//!
//! ```yaml
//! shockpath: 1
//! title: Usual care beside a protocol
//! seed: 1
//! patients: 200
//! baseline: {usual_care: true}
//! variants:
//!   escalation:
//!     protocols: [ami-shock-escalation]
//!     set: {ami-shock-escalation.ci_low: 2 L/min/m2}
//! ```

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Severity, closest, excerpt, sort};
use crate::document::{self, Fields, Key, Kind, Node};
use crate::protocol::{Choice, Library, Plan, Request, check_language, is_id};
use crate::simulate::clinic::Policy;

/// Name of the arm that the others are compared with.
pub const BASELINE: &str = "baseline";

/// Fewest and most patients: an error needs two, and what is beyond the most was hardly meant.
const PATIENTS: (f64, f64) = (2.0, 100_000.0);
/// Least and largest seed: whole numbers that a document keeps exactly.
const SEEDS: (f64, f64) = (0.0, 9_007_199_254_740_991.0);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Experiment {
    /// What a reader sees.
    pub title: String,
    /// Seed of everything that is drawn.
    pub seed: u64,
    /// Number of patients, the same in every arm.
    pub patients: u64,
    /// The baseline, then the variants in the order written.
    pub arms: Vec<Arm>,
    /// Hash over the document.
    pub hash: String,
}

/// What the patients are treated by.
#[derive(Debug, Clone)]
pub struct Arm {
    /// Its name: [`BASELINE`], or that of the variant.
    pub name: String,
    /// Its protocols, as they are written.
    pub protocols: Vec<String>,
    /// Parameters that it sets, as `protocol.parameter`, and their values as they are written.
    pub set: BTreeMap<String, String>,
    /// The protocols, linked; none where usual care is alone.
    pub plan: Option<Plan>,
    /// Whether usual care starts devices: as `devices_by_usual_care` says, or else where `usual_care: true` is written.
    pub usual_devices: bool,
}

impl Experiment {
    /// Reads an experiment and links its arms. Everything that is wrong is reported; beside an experiment without errors
    /// stand warnings, such as that a protocol is a draft.
    pub fn read(library: &Library, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Experiment> {
        let mut found = Vec::new();
        let experiment = read(library, node, &mut found);
        // Arms with the same protocol have the same problems.
        sort(&mut found);
        found.dedup();
        let wrong = found.iter().any(|found| found.severity == Severity::Error);
        out.append(&mut found);
        experiment.filter(|_| !wrong)
    }
}

fn read(library: &Library, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Experiment> {
    let mut fields = Fields::new(node, "an experiment", out)?;
    check_language(&mut fields, out);
    let title = fields.required_text("title", out);
    let seed = whole(&mut fields, "seed", SEEDS, out);
    let patients = whole(&mut fields, "patients", PATIENTS, out);
    let mut arms = Vec::new();
    if let Some(node) = fields.required("baseline", out) {
        arms.extend(Arm::read(library, BASELINE, node, out));
    }
    if let Some(node) = fields.required("variants", out)
        && node.map().is_some_and(<[_]>::is_empty)
    {
        let problem =
            Diagnostic::error(Code::MissingField, node.span, "there is no variant to compare with the baseline");
        out.push(problem.help("write one, such as `early: {protocols: [ami-shock-escalation]}`"));
    }
    for (key, node) in fields.map("variants", out) {
        if !is_id(&key.name) || key.name == BASELINE {
            let message = format!("`{}` names no variant", excerpt(&key.name));
            let help = "lower-case letters, digits and hyphens, and not `baseline`";
            out.push(Diagnostic::error(Code::BadIdentity, key.span, message).help(help));
        }
        arms.extend(Arm::read(library, &key.name, node, out));
    }
    fields.finish(out);
    Some(Experiment { title: title?.to_owned(), seed: seed?, patients: patients?, arms, hash: document::hash(node) })
}

/// A whole number between two others.
fn whole(fields: &mut Fields<'_>, key: &str, (least, most): (f64, f64), out: &mut Vec<Diagnostic>) -> Option<u64> {
    let node = fields.required(key, out)?;
    let value = fields.number(key, out)?;
    if value.fract() == 0.0 && (least..=most).contains(&value) {
        return Some(value as u64);
    }
    let message = format!("`{key}` must be a whole number from {least} to {most}");
    out.push(Diagnostic::error(Code::Invalid, node.span, message));
    None
}

impl Arm {
    /// What the clinic treats by.
    pub fn policy(&self) -> Policy<'_> {
        Policy { plan: self.plan.as_ref(), usual_devices: self.usual_devices }
    }

    fn read(library: &Library, name: &str, node: &Node, out: &mut Vec<Diagnostic>) -> Option<Arm> {
        let mut fields = Fields::new(node, &format!("the arm `{}`", excerpt(name)), out)?;
        let usual = fields.bool("usual_care", out);
        // Where it is neither true nor false, that has been reported.
        let stated = usual.unwrap_or_else(|| fields.optional("usual_care").is_some());
        let listed = fields.optional("protocols").and_then(Node::seq);
        let mut request = Request::default();
        for node in fields.seq("protocols", out) {
            match choice(library, node) {
                Ok(choice) => request.choices.push(choice),
                Err(problem) => out.push(problem),
            }
        }
        let mut set = BTreeMap::new();
        for (key, node) in fields.map("set", out) {
            match key.name.split_once('.') {
                Some((protocol, parameter)) if !protocol.is_empty() && !parameter.is_empty() => {
                    set.insert(key.name.clone(), node.written().to_owned());
                    let key = Key { name: parameter.to_owned(), span: key.span };
                    let node = Node { kind: Kind::Map(vec![(key, node.clone())]), span: node.span };
                    request.set.push((protocol.to_owned(), node));
                }
                _ => {
                    let message = format!("`{}` names no parameter of a protocol", excerpt(&key.name));
                    let help = "write `protocol.parameter: value`, such as `scai-stage.lactate_high: 4 mmol/L`";
                    out.push(Diagnostic::error(Code::BadOverlay, key.span, message).help(help));
                }
            }
        }
        let devices = fields.bool("devices_by_usual_care", out);
        let alone = fields.optional("protocols").is_none() || listed.is_some_and(<[_]>::is_empty);
        fields.finish(out);
        if alone && !stated {
            let message = format!("the arm `{}` treats by nothing", excerpt(name));
            let help = "write `usual_care: true`, or `protocols: [id]`";
            out.push(Diagnostic::error(Code::MissingField, node.span, message).help(help));
        }
        let complete = listed.is_some_and(|listed| listed.len() == request.choices.len());
        if !alone && !complete {
            return None;
        }
        let plan = match alone {
            true => None,
            false => Some(link(library, &request, out)?),
        };
        for (protocol, node) in &request.set {
            unused(plan.as_ref(), protocol, node, out);
        }
        let protocols = request.choices.iter().map(ToString::to_string).collect();
        let usual_devices = devices.unwrap_or(usual == Some(true));
        Some(Arm { name: name.to_owned(), protocols, set, plan, usual_devices })
    }
}

/// The protocol that an item of a list names.
fn choice(library: &Library, node: &Node) -> Result<Choice, Diagnostic> {
    let Some(choice) = node.text().and_then(Choice::read) else {
        let message = match node.text() {
            Some(text) => format!("`{}` names no protocol", excerpt(text)),
            None => format!("a protocol is named by text, and this is {}", node.kind_name()),
        };
        return Err(Diagnostic::error(Code::NoSuchProtocol, node.span, message).help("write `id` or `id@1.0.0`"));
    };
    match library.resolve(&choice) {
        Ok(_) => Ok(choice),
        Err(problem) => Err(Diagnostic { span: Some(node.span), ..problem }),
    }
}

fn link(library: &Library, request: &Request, out: &mut Vec<Diagnostic>) -> Option<Plan> {
    match Plan::link(library, request) {
        Ok((plan, notes)) => {
            // Of what linking found only what concerns an experiment, not advice to the author of a protocol.
            out.extend(notes.into_iter().filter(|note| note.code == Code::Inactive));
            Some(plan)
        }
        Err(mut problems) => {
            out.append(&mut problems);
            None
        }
    }
}

/// Reports a parameter of a protocol that the arm does not use: it would change nothing.
fn unused(plan: Option<&Plan>, protocol: &str, node: &Node, out: &mut Vec<Diagnostic>) {
    let used: Vec<&str> = plan.map_or_else(Vec::new, |plan| {
        plan.protocols().iter().map(|linked| linked.document.identity.id.as_str()).collect()
    });
    if used.contains(&protocol) {
        return;
    }
    let span = node.map().and_then(|entries| entries.first()).map(|(key, _)| key.span);
    let message = format!("a parameter of `{}` is set, which this arm does not use", excerpt(protocol));
    let help = match closest(protocol, used.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if used.is_empty() => "name the protocol under `protocols`".to_owned(),
        None => format!("it uses `{}`", used.join("`, `")),
    };
    out.push(Diagnostic::error(Code::BadOverlay, span, message).help(help));
}
