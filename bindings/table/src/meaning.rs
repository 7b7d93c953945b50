//! What a name means, and what a cell under that name says.

use shockpath::diagnostic::{Code, closest, excerpt};
use shockpath::quantity::{Comparator, Context, Unit, Written};
use shockpath::timeline::{Datum, Refused, Scale};
use shockpath::vocabulary::{AgentId, ConceptId, EventId, Kind, Qualifiers, Vocabulary};

use crate::cell::Cell;

/// What a row does with what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Act {
    Observe,
    Event,
    Start,
    Running,
    Stop,
    Set,
}

impl Act {
    /// As a table writes them.
    pub(crate) const NAMES: [(&str, Act); 6] = [
        ("observe", Act::Observe),
        ("event", Act::Event),
        ("start", Act::Start),
        ("running", Act::Running),
        ("stop", Act::Stop),
        ("set", Act::Set),
    ];

    /// The act of this name.
    pub(crate) fn read(text: &str) -> Option<Act> {
        Act::NAMES.iter().find(|(name, _)| *name == text).map(|(_, act)| *act)
    }
}

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Target {
    Concept(ConceptId, Qualifiers),
    Event(EventId),
    Agent(AgentId),
    Setting(AgentId, u8),
}

/// How the numbers of a column become those of the vocabulary.
#[derive(Debug, Clone)]
enum Gauge {
    /// In a stated unit; whether that is another than the vocabulary's.
    Scale(Scale, bool),
    /// Only with the dosing weight, which is known when all of the patient is.
    Weighed(Unit),
    /// In no stated unit: texts bring their own.
    Own,
}

/// A name with the unit in which its values stand.
#[derive(Debug, Clone)]
pub(crate) struct Meaning {
    pub(crate) target: Target,
    gauge: Gauge,
}

/// A value as a cell says it.
#[derive(Debug, Clone)]
pub(crate) enum Said {
    /// In the unit of the vocabulary; whether it stood in another.
    Value(Datum, bool),
    /// A dose that waits for the dosing weight.
    Dose(Option<Comparator>, f64, Unit),
}

fn refused(code: Code, message: String, help: Option<String>) -> Refused {
    Refused { code, message, help }
}

impl Target {
    /// What a name stands for: a concept, perhaps with qualifiers as in `pao2.right_radial`, an event, a device or drug,
    /// or a setting as in `va_ecmo.flow`.
    pub(crate) fn read(vocabulary: &Vocabulary, name: &str) -> Result<Target, Refused> {
        if let Some(id) = vocabulary.concept(name) {
            return Ok(Target::Concept(id, Qualifiers::default()));
        }
        let whole = vocabulary.event(name).map(Target::Event);
        if let Some(found) = whole.or_else(|| vocabulary.agent(name).map(Target::Agent)) {
            return Ok(found);
        }
        // Names of devices have points of their own: `Impella_2.5.flow`.
        if let Some((agent, setting)) = name.rsplit_once('.')
            && let Some(id) = vocabulary.agent(agent)
        {
            return setting_of(vocabulary, id, setting).map(|setting| Target::Setting(id, setting));
        }
        if let Some((concept, ways)) = name.split_once('.')
            && let Some(id) = vocabulary.concept(concept)
        {
            return qualified(vocabulary, id, concept, ways).map(|qualifiers| Target::Concept(id, qualifiers));
        }
        let names = vocabulary.concept_names().chain(vocabulary.event_names()).chain(vocabulary.agent_names());
        let near = closest(name, names).or_else(|| vocabulary.by_title(name));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        Err(refused(Code::NotInVocabulary, format!("unknown name `{}`", excerpt(name)), help))
    }

    /// What its values are; none for what has no value.
    pub(crate) fn kind(self, vocabulary: &Vocabulary) -> Option<&Kind> {
        match self {
            Target::Concept(id, _) => Some(&vocabulary.concept_at(id).kind),
            Target::Setting(id, setting) => {
                vocabulary.agent_at(id).settings.get(usize::from(setting)).map(|setting| &setting.kind)
            }
            Target::Event(_) | Target::Agent(_) => None,
        }
    }

    fn context(self, vocabulary: &Vocabulary) -> Context {
        match self {
            Target::Concept(id, _) => {
                let concept = vocabulary.concept_at(id);
                Context { molar_mass: concept.molar_mass, weight: None, charge: concept.charge }
            }
            _ => Context::default(),
        }
    }

    /// The device or drug that it is or belongs to.
    pub(crate) fn agent(self) -> Option<AgentId> {
        match self {
            Target::Agent(id) | Target::Setting(id, _) => Some(id),
            Target::Concept(..) | Target::Event(_) => None,
        }
    }
}

/// The position of a setting.
fn setting_of(vocabulary: &Vocabulary, agent: AgentId, name: &str) -> Result<u8, Refused> {
    let agent = vocabulary.agent_at(agent);
    agent.setting(name).and_then(|position| u8::try_from(position).ok()).ok_or_else(|| {
        let near = closest(name, agent.settings.iter().map(|setting| setting.name.as_str()));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        refused(Code::NotInVocabulary, format!("unknown setting `{}` of `{}`", excerpt(name), agent.name), help)
    })
}

fn qualified(vocabulary: &Vocabulary, id: ConceptId, name: &str, ways: &str) -> Result<Qualifiers, Refused> {
    let concept = vocabulary.concept_at(id);
    let mut stated = Qualifiers::default();
    for way in ways.split('.') {
        let Some(found) = concept.qualifier(way) else {
            let near = closest(way, concept.qualifiers.iter().flatten().map(|held| held.name.as_str()));
            let help = near.map(|near| format!("did you mean `{near}`?"));
            let message = format!("unknown qualifier `{}` of `{name}`", excerpt(way));
            return Err(refused(Code::NotInVocabulary, message, help));
        };
        for (held, new) in stated.iter_mut().zip(found.alone()) {
            if *held != 0 && new != 0 {
                let message = format!("`{name}` is qualified twice in the same way");
                return Err(refused(Code::BadValue, message, Some("state each way once".to_owned())));
            }
            *held = (*held).max(new);
        }
    }
    Ok(stated)
}

impl Meaning {
    /// A name whose values stand in this unit; without one, in none or in their own.
    pub(crate) fn new(
        vocabulary: &Vocabulary,
        target: Target,
        name: &str,
        unit: Option<&Unit>,
    ) -> Result<Meaning, Refused> {
        let Some(Kind::Quantity { unit: into, limits }) = target.kind(vocabulary) else {
            return Ok(Meaning { target, gauge: Gauge::Own });
        };
        let gauge = match unit.or(into.bare().then_some(into)) {
            None => Gauge::Own,
            Some(from) => {
                let scale = |context: Context| {
                    Scale::new(name, from, into, *limits, &context).map(|s| Gauge::Scale(s, from != into))
                };
                match (scale(target.context(vocabulary)), target) {
                    (Err(problem), Target::Setting(..)) => {
                        // With any weight at all it is a dose; without one it is what it is.
                        let weighed = scale(Context { weight: Some(1.0), ..Context::default() });
                        weighed.map(|_| Gauge::Weighed(from.clone())).map_err(|_| problem)?
                    }
                    (scale, _) => scale?,
                }
            }
        };
        Ok(Meaning { target, gauge })
    }

    /// Whether numbers without a unit of their own can be read.
    pub(crate) fn has_unit(&self, vocabulary: &Vocabulary) -> bool {
        let quantity = matches!(self.target.kind(vocabulary), Some(Kind::Quantity { .. }));
        !quantity || !matches!(self.gauge, Gauge::Own)
    }

    /// The value that a cell says.
    pub(crate) fn take(
        &self,
        vocabulary: &Vocabulary,
        name: &str,
        cell: Cell<'_>,
        comma: bool,
    ) -> Result<Said, Refused> {
        match (self.target.kind(vocabulary), cell) {
            (Some(Kind::Quantity { .. }), Cell::Number(number)) => self.number(vocabulary, name, (None, number, None)),
            (Some(Kind::Quantity { .. }), Cell::Text(text)) => {
                let written = written(name, text, comma)?;
                self.number(vocabulary, name, (written.comparator, written.value, written.unit))
            }
            (Some(Kind::Code(codes)), cell) => {
                let text = cell.to_string();
                match codes.iter().position(|code| code.name == text) {
                    Some(position) => Ok(Said::Value(Datum::Code(u8::try_from(position).unwrap_or(u8::MAX)), false)),
                    None => {
                        let near = closest(&text, codes.iter().map(|code| code.name.as_str()));
                        let help = near.map(|near| format!("did you mean `{near}`?"));
                        let message = format!("unknown code `{}` of `{name}`", excerpt(&text));
                        Err(refused(Code::BadValue, message, help))
                    }
                }
            }
            (Some(Kind::Boolean), cell) => truth(name, cell).map(|truth| Said::Value(Datum::Truth(truth), false)),
            _ => Err(refused(Code::BadValue, format!("`{name}` is `{cell}`, not a number"), None)),
        }
    }

    fn number(
        &self,
        vocabulary: &Vocabulary,
        name: &str,
        (comparator, value, own): (Option<Comparator>, f64, Option<Unit>),
    ) -> Result<Said, Refused> {
        if let Some(own) = own {
            let meaning = Meaning::new(vocabulary, self.target, name, Some(&own))?;
            return meaning.number(vocabulary, name, (comparator, value, None));
        }
        match &self.gauge {
            Gauge::Scale(scale, converted) => Ok(Said::Value(scale.take(comparator, value)?, *converted)),
            Gauge::Weighed(unit) => Ok(Said::Dose(comparator, value, unit.clone())),
            Gauge::Own => {
                let unit = match self.target.kind(vocabulary) {
                    Some(Kind::Quantity { unit, .. }) => unit.to_string(),
                    _ => String::new(),
                };
                let help = format!("write it with its unit, such as `{value} {unit}`");
                Err(refused(Code::BadQuantity, format!("`{name}` has no unit"), Some(help)))
            }
        }
    }
}

/// True or false, as a cell says.
pub(crate) fn truth(name: &str, cell: Cell<'_>) -> Result<bool, Refused> {
    match cell {
        Cell::Truth(truth) => Ok(truth),
        Cell::Text("true") => Ok(true),
        Cell::Text("false") => Ok(false),
        cell => {
            let message = format!("`{name}` is `{}`, not true or false", excerpt(&cell.to_string()));
            Err(refused(Code::BadValue, message, None))
        }
    }
}

/// A number as text. In a table with decimal commas a point is none of them: it may part thousands.
fn written(name: &str, text: &str, comma: bool) -> Result<Written, Refused> {
    let number = text.trim_start_matches(['<', '>', '=', '≤', '≥', ' ', '+', '-']);
    let end = number.find(|c: char| !c.is_ascii_digit() && !".,".contains(c)).unwrap_or(number.len());
    let (digits, rest) = number.split_at(end);
    let read = match comma {
        false => Written::read(text),
        true if digits.contains('.') => {
            let message = format!("`{name}`: `{}` has a point in a table with decimal commas", excerpt(text));
            return Err(refused(Code::BadQuantity, message, Some("write the number with a comma".to_owned())));
        }
        // A unit may have commas of its own; only the number's is one.
        true => {
            let sign = text.len() - number.len();
            Written::read(&format!("{}{}{rest}", &text[..sign], digits.replacen(',', ".", 1)))
        }
    };
    read.map_err(|error| refused(Code::BadQuantity, format!("`{name}`: {error}"), error.help()))
}
