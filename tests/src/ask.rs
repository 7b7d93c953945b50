//! Asking one expression of one timeline.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use shockpath::diagnostic::{Diagnostic, Sources};
use shockpath::document::{self, Limits, Node};
use shockpath::expression::{
    Checker, Domain, Expected, Expr, ExprKind, Growing, Lanes, Lowerer, Parser, Program, Ranged, Register, Scope,
    Symbol, Symbols, Truth, Ty, WindowSpan, Workspace, next_change,
};
use shockpath::quantity::{Quantity, Unit, Written, convert, round12};
use shockpath::timeline::{Instant, Lookup, Reason, RunState, Timeline, View, format_instant};
use shockpath::vocabulary::{self, Vocabulary};

/// The shipped vocabulary; a test fails if it cannot be read without a message.
pub fn vocabulary() -> &'static Vocabulary {
    static SHIPPED: LazyLock<Vocabulary> = LazyLock::new(|| {
        let mut sources = Sources::default();
        let mut out = Vec::new();
        let nodes: Vec<Node> = shockpath_protocols::files()
            .into_iter()
            .filter(|(path, _)| path.starts_with("vocabulary/"))
            .filter_map(|(path, text)| {
                let file = sources.add(&path, text);
                let (node, problems) = document::parse(file, text, &Limits::default());
                out.extend(problems);
                node
            })
            .collect();
        let read = vocabulary::read(&nodes.iter().collect::<Vec<_>>(), &mut out);
        assert!(out.is_empty(), "{}", shockpath::diagnostic::render(&out, &sources, false));
        read
    });
    &SHIPPED
}

/// What an expression can name beside the vocabulary.
#[derive(Debug, Default)]
pub struct Setup {
    /// Parameters.
    pub symbols: Symbols,
    /// Names of used protocols, by alias.
    pub used: BTreeMap<String, Symbols>,
    /// Any number may stand in the text.
    pub literals: bool,
}

/// Parameters from their names and quantities.
pub fn constants<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Setup {
    let mut setup = Setup::default();
    for (index, (name, text)) in pairs.into_iter().enumerate() {
        let written = Written::read(text).unwrap_or_else(|error| fails(format!("`{name}`: {error}")));
        let unit = written.unit.unwrap_or_else(Unit::one);
        let index = u32::try_from(index).unwrap_or(u32::MAX);
        let symbol = Symbol::Parameter { protocol: 0, index, value: written.value, unit };
        setup.symbols.insert(name.to_owned(), symbol);
    }
    setup
}

/// Ends a test with a message.
#[allow(clippy::panic, reason = "a helper of tests")]
pub fn fails(message: impl AsRef<str>) -> ! {
    panic!("{}", message.as_ref())
}

/// A checked and lowered expression.
#[derive(Debug)]
pub struct Question {
    /// As checked.
    pub expr: Expr,
    /// As evaluated.
    pub program: Program,
    /// Where its result is kept.
    pub register: Register,
}

impl Question {
    /// Reads an expression; the messages, if it cannot be used.
    pub fn read(setup: &Setup, node: &Node, expected: &Expected) -> Result<Question, Vec<Diagnostic>> {
        let mut out = Vec::new();
        let mut scope = Scope::new(vocabulary(), &setup.symbols, &setup.used);
        scope.literals = setup.literals;
        let expr = Checker::read(scope, &Parser::default(), node, expected, &mut out);
        let Some(expr) = expr.filter(|_| out.is_empty()) else { return Err(out) };
        let mut lowerer = Lowerer::new(vocabulary(), &[]);
        let register = lowerer.lower(&expr);
        Ok(Question { expr, program: lowerer.finish(), register })
    }

    /// Reads an expression that must be right.
    pub fn new(setup: &Setup, text: &str) -> Question {
        let mut sources = Sources::default();
        let quoted = format!("\"{text}\"");
        let file = sources.add("expression", &quoted);
        let node = document::parse(file, &quoted, &Limits::default()).0.unwrap_or_else(|| fails(text));
        Question::read(setup, &node, &Expected::Any)
            .unwrap_or_else(|out| fails(shockpath::diagnostic::render(&out, &sources, false)))
    }

    /// The answer at an instant, in words.
    pub fn answer(&self, timeline: &Timeline, instant: Instant) -> String {
        let mut registers = Workspace::<1>::new(&self.program);
        self.run(&mut registers, timeline, instant);
        shown(&self.expr.ty, self.register, &registers, timeline.offset())
    }

    /// Runs it at an instant.
    pub fn run(&self, registers: &mut Workspace<1>, timeline: &Timeline, instant: Instant) {
        let mut lane = Lanes::one(vocabulary(), timeline, View::at(instant));
        registers.run::<Ranged, _>(&self.program, &mut lane, 1);
    }

    /// When the answer can change without a new entry.
    pub fn next(&self, timeline: &Timeline, instant: Instant) -> Option<Instant> {
        let mut registers = Workspace::<1>::new(&self.program);
        self.run(&mut registers, timeline, instant);
        next_change(&self.program, &registers, vocabulary(), timeline, instant)
    }

    /// Why it is unknown, for an expression that is a single question to the timeline.
    pub fn reason(&self, timeline: &Timeline, instant: Instant) -> Option<Reason> {
        let (vocabulary, view) = (vocabulary(), View::at(instant));
        match &self.expr.kind {
            ExprKind::Concept(read) | ExprKind::Growing(Growing::AgeOf(read)) => {
                match timeline.current(vocabulary, read.concept, read.qualifier, view) {
                    Lookup::Unknown(reason) => Some(reason),
                    Lookup::Value(_) if read.max_age.is_some() => Some(Reason::TooOld),
                    _ => None,
                }
            }
            ExprKind::Window { function, concept, qualifier, span: WindowSpan::Trailing(length) } => {
                timeline.window(vocabulary, *function, *concept, *qualifier, (instant - length, instant), view).err()
            }
            ExprKind::Baseline(concept) => timeline.baseline(vocabulary, *concept, view).err(),
            ExprKind::Running(agent) | ExprKind::Setting { agent, .. } | ExprKind::Dose(agent) => {
                match timeline.run_state(vocabulary, *agent, view) {
                    RunState::Unknown(reason) => Some(reason),
                    _ => None,
                }
            }
            _ => None,
        }
    }
}

/// A reason in the words of the tables.
pub fn reason_text(reason: Reason, offset: i32) -> String {
    match reason {
        Reason::Stale(since) => format!("stale since {}", format_instant(since, offset)),
        Reason::NeverCharted => "never charted".to_owned(),
        Reason::NotYetKnown => "not yet known".to_owned(),
        Reason::Rejected => "rejected".to_owned(),
        Reason::Conflict => "conflict".to_owned(),
        Reason::Expired(event) => format!("expired by {}", vocabulary().event_at(event).name),
        Reason::Invalid(agent) => format!("invalid on {}", vocabulary().agent_at(agent).name),
        Reason::PerhapsInvalid(agent) => format!("perhaps invalid on {}", vocabulary().agent_at(agent).name),
        Reason::NotCaptured => "not captured".to_owned(),
        Reason::Configuration => "configuration not stated".to_owned(),
        Reason::NotReaffirmed => "not reaffirmed".to_owned(),
        Reason::TooOld => "too old".to_owned(),
        Reason::Apart => "apart".to_owned(),
        Reason::NotValid => "not valid".to_owned(),
        Reason::Undefined => "undefined".to_owned(),
        Reason::TooFew => "too few".to_owned(),
        Reason::Gap => "gap".to_owned(),
        Reason::NotKnownThen => "not known then".to_owned(),
        Reason::Input => "input".to_owned(),
    }
}

/// A result in words: `true`, `5.2 mmol/L`, `<0.3 ng/mL`, `2 to 3`, `male`, an instant, or `unknown`.
pub fn shown<const N: usize>(ty: &Ty, register: Register, registers: &Workspace<N>, offset: i32) -> String {
    match register {
        Register::Truth(register) => match registers.truth(register, 0) {
            Truth::True => "true".to_owned(),
            Truth::False => "false".to_owned(),
            Truth::Unknown => "unknown".to_owned(),
        },
        Register::Code(register) => codes(ty, registers.codes(register, 0)),
        Register::Number(register) => match (ty, registers.number(register, 0)) {
            (_, None) => "unknown".to_owned(),
            #[allow(clippy::cast_possible_truncation, reason = "an instant in whole microseconds")]
            (Ty::Instant, Some((low, _))) => format_instant(low as Instant, offset),
            (Ty::Number(unit), Some((low, high))) => number(unit, low, high),
            _ => fails("a number without a unit"),
        },
    }
}

fn codes(ty: &Ty, set: u64) -> String {
    let domain: &Domain = match ty {
        Ty::Code(domain) => domain,
        _ => fails("codes without a domain"),
    };
    let members: Vec<&str> = domain.members(set).collect();
    if members.is_empty() { "unknown".to_owned() } else { members.join(" or ") }
}

fn number(unit: &Unit, low: f64, high: f64) -> String {
    let minute = Unit::parse("min").unwrap_or_else(|error| fails(error.to_string()));
    let duration = *unit == Unit::microseconds();
    let written = |value: f64| {
        let (value, unit) = match duration {
            true => {
                let converted = convert(value, unit, &minute, &Default::default());
                (converted.unwrap_or_else(|error| fails(error.to_string())), minute.clone())
            }
            false => (value, unit.clone()),
        };
        Quantity { value: round12(value), unit }.to_string()
    };
    let open = |end: f64| round12(end) != end;
    match (low == high, low == f64::NEG_INFINITY, high == f64::INFINITY) {
        (true, ..) => written(low),
        (_, true, true) => "anything".to_owned(),
        (_, true, _) => format!("{}{}", if open(high) { "<" } else { "<=" }, written(high)),
        (_, _, true) => format!("{}{}", if open(low) { ">" } else { ">=" }, written(low)),
        _ => format!("{} to {}", written(low), written(high)),
    }
}
