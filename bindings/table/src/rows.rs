//! Rows of one table to what they chart.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{LargeStringArray, RecordBatch};
use shockpath::diagnostic::{Code, Diagnostic, closest, excerpt};
use shockpath::quantity::Unit;
use shockpath::timeline::{End, Instant, Mark, Refused};
use shockpath::vocabulary::{Kind, Qualifiers, Vocabulary};

use crate::cell::{Cell, Column, Instants, column, instants, parts, text, texts};
use crate::items::Items;
use crate::layout::{Action, Dictionary, Layout, Moment, Settings, Spec, Values};
use crate::meaning::{Act, Meaning, Target};
use crate::open::{Head, Names, Open, Place, What};
use crate::times::Times;
use crate::{Refusal, refuse};

pub(crate) const HOW: &str = "give each row its instant, with a zone or an offset";

/// One table that is read.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) layout: Layout,
    /// Its position among the tables.
    position: u16,
    /// Of one row per value: by name, then by unit, once it was found what they mean.
    found: HashMap<String, Vec<(String, Resolved)>>,
}

/// What a row of a long table names.
#[derive(Debug, Clone)]
enum Resolved {
    /// What the mapping or the vocabulary knows.
    Named(Named),
    /// What is deliberately not read.
    Ignored(String),
    /// What neither knows.
    Unknown(String, Refused),
    /// Nothing, though there is a value.
    Nameless,
}

/// What a name of a long table means, with its unit.
#[derive(Debug, Clone)]
struct Named {
    name: u32,
    text: Arc<str>,
    meaning: Result<Arc<Meaning>, Refused>,
    /// What becomes unknown where it cannot be read.
    concept: Option<Target>,
    values: Values,
    act: Option<Act>,
}

/// A batch with its columns in their forms.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) patients: LargeStringArray,
    center: Option<LargeStringArray>,
    at: Option<Stamps>,
    known: Option<Stamps>,
    from: Option<Stamps>,
    to: Option<Stamps>,
    end: Option<Column>,
    groups: Vec<Column>,
    only: Vec<Column>,
    wide: Vec<Column>,
    names: Option<LargeStringArray>,
    value: Option<Column>,
    units: Option<LargeStringArray>,
    actions: Option<Column>,
    settings: Vec<Column>,
}

/// Instants of a batch, in one column or in two.
#[derive(Debug)]
enum Stamps {
    One(Instants),
    Apart(LargeStringArray, LargeStringArray),
}

impl Stamps {
    fn at(&self, row: usize, times: &Times) -> Result<Option<Instant>, String> {
        match self {
            Stamps::One(instants) => instants.at(row, times),
            Stamps::Apart(dates, clocks) => match (text(dates, row), text(clocks, row)) {
                (None, None) => Ok(None),
                (Some(date), Some(clock)) => times.joined(date, clock).map(Some),
                (Some(date), None) => Err(format!("`{}` has no time of day", excerpt(date))),
                (None, Some(clock)) => Err(format!("`{}` has no date", excerpt(clock))),
            },
        }
    }
}

/// Where an end of observation is held.
type Held = fn(&mut Head) -> &mut Option<Instant>;

/// What became of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It charts something, or says something of the patient as a whole.
    Charted,
    /// Nothing stands in it.
    Empty,
    /// It is refused as a whole.
    Refused(Code),
    /// Its name is neither in the mapping nor in the vocabulary.
    Unmapped(String, Refused),
    /// Its name is deliberately not read.
    Ignored(String),
}

impl Table {
    pub(crate) fn new(layout: Layout, position: u16) -> Table {
        Table { layout, position, found: HashMap::new() }
    }

    /// The columns of a batch in their forms.
    pub(crate) fn open(&self, batch: &RecordBatch) -> Result<Batch, Refusal> {
        let (schema, layout) = (batch.schema(), &self.layout);
        let name = |index: usize| schema.fields().get(index).map_or("", |field| field.name().as_str());
        let get = |index: usize| {
            batch.columns().get(index).ok_or_else(|| {
                refuse(Code::Invalid, "a batch has other columns than the first".to_owned(), "give one table")
            })
        };
        let read = |index: usize| column(get(index)?, name(index));
        let strings = |index: usize| texts(get(index)?, name(index));
        let stamps = |moment: &Option<Moment>| -> Result<Option<Stamps>, Refusal> {
            Ok(match moment {
                None => None,
                Some(Moment::One(index)) => Some(Stamps::One(instants(get(*index)?, name(*index))?)),
                Some(Moment::Apart(date, clock)) => {
                    let part = |index: usize| parts(get(index)?, name(index), &layout.times);
                    Some(Stamps::Apart(part(*date)?, part(*clock)?))
                }
            })
        };
        let long = layout.long.as_ref();
        let actions = match long.and_then(|long| long.action.as_ref()) {
            Some(Action::Column(index, _)) => Some(read(*index)?),
            _ => None,
        };
        let settings = long.map(|long| long.settings.as_slice()).unwrap_or_default();
        Ok(Batch {
            patients: strings(layout.patient)?,
            center: layout.center.map(strings).transpose()?,
            at: stamps(&layout.at)?,
            known: stamps(&layout.known)?,
            from: stamps(&layout.from)?,
            to: stamps(&layout.to)?,
            end: layout.end.as_ref().map(|(index, _)| read(*index)).transpose()?,
            groups: layout.groups.iter().map(|(_, index, _)| read(*index)).collect::<Result<_, _>>()?,
            only: layout.only.iter().map(|(index, _)| read(*index)).collect::<Result<_, _>>()?,
            wide: layout.wide.iter().map(|known| read(known.index)).collect::<Result<_, _>>()?,
            names: long.map(|long| strings(long.name)).transpose()?,
            value: long.and_then(|long| long.value).map(read).transpose()?,
            units: long.and_then(|long| long.unit).map(strings).transpose()?,
            actions,
            settings: settings.iter().map(|settings| read(settings.index)).collect::<Result<_, _>>()?,
        })
    }

    /// Whether a row is one of those that are read.
    pub(crate) fn selects(&self, batch: &Batch, row: usize) -> bool {
        let has = |((_, wanted), column): (&(usize, Vec<String>), &Column)| {
            let cell = column.cell(row).map(|cell| cell.to_string()).unwrap_or_default();
            wanted.contains(&cell)
        };
        self.layout.only.iter().zip(&batch.only).all(has)
    }

    /// The patient whose row it is.
    pub(crate) fn patient<'b>(&self, batch: &'b Batch, row: usize) -> Option<&'b str> {
        text(&batch.patients, row)
    }

    /// The instants of a row.
    pub(crate) fn mark(&self, batch: &Batch, row: usize) -> Result<Option<Mark>, String> {
        let times = &self.layout.times;
        let read = |stamps: &Option<Stamps>| stamps.as_ref().map_or(Ok(None), |stamps| stamps.at(row, times));
        let at = read(&batch.at)?.or(if batch.at.is_none() { self.layout.fixed } else { None });
        let Some(at) = at else { return Ok(None) };
        let known = read(&batch.known)?.unwrap_or(at);
        match known >= at {
            true => Ok(Some(Mark { at, known })),
            false => Err("is known before it was true".to_owned()),
        }
    }

    pub(crate) fn place(&self, number: u64, name: u32) -> Place {
        Place { row: number, name, table: self.position }
    }

    /// Charts a row; `number` counts from 1.
    pub(crate) fn chart(
        &mut self,
        (vocabulary, names): (&Vocabulary, &mut Names),
        (batch, row, number): (&Batch, usize, u64),
        open: &mut Open,
    ) -> Outcome {
        let said = self.say(names, (batch, row, number), open);
        let mark = self.mark(batch, row);
        let blank = matches!(mark, Ok(None));
        let mark = mark.and_then(|mark| mark.ok_or_else(|| "has no instant".to_owned())).map_err(|message| Refused {
            code: Code::BadInstant,
            message,
            help: Some(HOW.to_owned()),
        });
        let named = self.named((vocabulary, names), batch, row);
        let mut items = Items {
            vocabulary,
            names,
            comma: self.layout.comma,
            mark,
            row: number,
            table: self.position,
            open,
            charted: said,
            refused: None,
        };
        if let (Some((name, text, meaning, act)), false) = (&self.layout.chart, blank) {
            items.item((*name, text), meaning, *act, None, true);
        }
        for (known, column) in self.layout.wide.iter().zip(&batch.wide) {
            let mut cell = column.cell(row);
            let held = mapped(&known.values, &mut cell);
            let cell = held.as_deref().map(Cell::Text).or(cell);
            items.item((known.name, &known.text), &known.meaning, known.act, cell, false);
        }
        let outcome = match named {
            Some(Resolved::Named(named)) => self.long(&mut items, named, batch, row),
            Some(Resolved::Ignored(name)) => Some(Outcome::Ignored(name)),
            Some(Resolved::Unknown(name, refused)) => Some(Outcome::Unmapped(name, refused)),
            Some(Resolved::Nameless) => {
                let message = "has a value without a name".to_owned();
                items.refuse(0, Refused { code: Code::MissingField, message, help: None });
                None
            }
            None => None,
        };
        match (items.charted, items.refused, outcome) {
            (true, ..) => Outcome::Charted,
            (false, _, Some(outcome)) => outcome,
            (false, Some(code), None) => Outcome::Refused(code),
            (false, None, None) => Outcome::Empty,
        }
    }

    /// Charts what a row of a long table names.
    fn long(&self, items: &mut Items<'_>, named: Named, batch: &Batch, row: usize) -> Option<Outcome> {
        let long = self.layout.long.as_ref()?;
        let mut act = named.act;
        match (&long.action, &batch.actions) {
            (Some(Action::Always(always)), _) => act = act.or(Some(*always)),
            (Some(Action::Column(_, values)), Some(column)) => {
                let mut cell = column.cell(row);
                let held = mapped(values, &mut cell);
                match held.or_else(|| cell.map(|cell| cell.to_string())) {
                    None => {}
                    Some(text) => match Act::read(&text) {
                        Some(found) => act = Some(found),
                        None => {
                            let near = closest(&text, Act::NAMES.iter().map(|(name, _)| *name));
                            let help = near.map(|near| format!("did you mean `{near}`?"));
                            let message = format!("unknown action `{}`", excerpt(&text));
                            items.refuse(named.name, Refused { code: Code::BadValue, message, help });
                            return None;
                        }
                    },
                }
            }
            _ => {}
        }
        let mut cell = batch.value.as_ref().and_then(|value| value.cell(row));
        let held = mapped(&named.values, &mut cell);
        let cell = held.as_deref().map(Cell::Text).or(cell);
        match &named.meaning {
            Ok(meaning) => {
                items.item((named.name, &named.text), meaning, act, cell, true);
                for (settings, column) in long.settings.iter().zip(&batch.settings) {
                    let Some(cell) = column.cell(row) else { continue };
                    match settings_of(items.vocabulary, meaning.target, settings) {
                        Ok(meaning) => {
                            items.item((settings.name, &settings.text), &meaning, Some(Act::Set), Some(cell), true);
                        }
                        Err(refused) => items.refuse(settings.name, refused),
                    }
                }
            }
            Err(refused) => match named.concept {
                // What was charted cannot be used, and it is not as if it had not been charted.
                Some(Target::Concept(id, qualifiers)) => {
                    items.value(named.name, |value| What::Observe(id, qualifiers, value), None, Err(refused.clone()))
                }
                _ => items.refuse(named.name, refused.clone()),
            },
        }
        None
    }

    /// What a row of a long table names.
    fn named(&mut self, (vocabulary, names): (&Vocabulary, &mut Names), batch: &Batch, row: usize) -> Option<Resolved> {
        let long = self.layout.long.as_ref()?;
        let Some(name) = batch.names.as_ref().and_then(|names| text(names, row)) else {
            let value = batch.value.as_ref().and_then(|value| value.cell(row));
            return value.map(|_| Resolved::Nameless);
        };
        let unit = batch.units.as_ref().and_then(|units| text(units, row)).unwrap_or_default();
        if let Some(found) = self.found.get(name)
            && let Some((_, resolved)) = found.iter().find(|(held, _)| held == unit)
        {
            return Some(resolved.clone());
        }
        let read_as = long.units.get(unit).map_or(unit, String::as_str);
        let position = names.position(name);
        let resolved = match &long.dictionary {
            Dictionary::Vocabulary => match Target::read(vocabulary, name) {
                Ok(target) => {
                    let spec = Spec { target, unit: None, values: None, act: None };
                    Resolved::Named(Named::new(vocabulary, (position, name), &spec, read_as))
                }
                Err(refused) => {
                    let concept = name.split('.').next().and_then(|name| vocabulary.concept(name));
                    match concept.map(|id| Target::Concept(id, Qualifiers::default())) {
                        None => Resolved::Unknown(name.to_owned(), refused),
                        concept => Resolved::Named(Named {
                            name: position,
                            text: name.into(),
                            meaning: Err(refused),
                            concept,
                            values: None,
                            act: None,
                        }),
                    }
                }
            },
            Dictionary::Mapped(specs) => match specs.get(name) {
                Some(Some(spec)) => Resolved::Named(Named::new(vocabulary, (position, name), spec, read_as)),
                Some(None) => Resolved::Ignored(name.to_owned()),
                None => {
                    let message = format!("`{}` is not in the mapping", excerpt(name));
                    Resolved::Unknown(name.to_owned(), Refused { code: Code::NotInVocabulary, message, help: None })
                }
            },
        };
        self.found.entry(name.to_owned()).or_default().push((unit.to_owned(), resolved.clone()));
        Some(resolved)
    }

    /// What a row says of the patient as a whole, and whether it says anything.
    fn say(&self, names: &Names, (batch, row, number): (&Batch, usize, u64), open: &mut Open) -> bool {
        let layout = &self.layout;
        let place = |index: usize| self.place(number, layout.heads.get(index).copied().unwrap_or(u32::MAX));
        let mut said = false;
        if let Some(center) = batch.center.as_ref().and_then(|center| text(center, row)) {
            open.center(names, place(0), center);
            // A center beside a value is said in every row; alone it is what the row is for.
            said |= layout.wide.is_empty() && layout.long.is_none() && layout.chart.is_none();
        }
        let ends: [(_, Held); 2] = [(&batch.from, |head| &mut head.from), (&batch.to, |head| &mut head.to)];
        for (index, (stamps, held)) in ends.into_iter().enumerate() {
            match stamps.as_ref().map_or(Ok(None), |stamps| stamps.at(row, &layout.times)) {
                Ok(None) => {}
                Ok(Some(at)) => {
                    said = true;
                    open.say(names, place(index + 1), held, at);
                }
                Err(problem) => {
                    let found = Diagnostic::error(Code::BadInstant, None, problem).help(HOW);
                    open.issue(names, place(index + 1), found);
                }
            }
        }
        if let (Some((_, values)), Some(column)) = (&layout.end, &batch.end) {
            let mut cell = column.cell(row);
            let held = mapped(values, &mut cell);
            if let Some(text) = held.or_else(|| cell.map(|cell| cell.to_string())) {
                match ENDS.iter().find(|(name, _)| *name == text) {
                    Some((_, end)) => {
                        said = true;
                        open.say(names, place(3), |head| &mut head.end, *end);
                    }
                    None => {
                        let message = format!("unknown end of a stay `{}`", excerpt(&text));
                        let found = Diagnostic::error(Code::BadValue, None, message).help(
                            "one of death, discharge, transfer, withdrawal, lost, open; or list it under `values`",
                        );
                        open.issue(names, place(3), found);
                    }
                }
            }
        }
        for (index, ((group, _, values), column)) in layout.groups.iter().zip(&batch.groups).enumerate() {
            let mut cell = column.cell(row);
            let held = mapped(values, &mut cell);
            if let Some(text) = held.or_else(|| cell.map(|cell| cell.to_string())) {
                said = true;
                open.group(names, place(index + 4), group, &text);
            }
        }
        said
    }
}

/// How a stay can end, as a table writes it.
const ENDS: [(&str, End); 6] = [
    ("open", End::Open),
    ("death", End::Death),
    ("discharge", End::Discharge),
    ("transfer", End::Transfer),
    ("withdrawal", End::Withdrawal),
    ("lost", End::Lost),
];

/// What a mapping reads instead of a raw value; empties the cell where a value means that nothing was charted.
fn mapped(values: &Values, cell: &mut Option<Cell<'_>>) -> Option<String> {
    let found = values.as_ref()?.get(&(*cell)?.to_string())?.clone();
    *cell = None;
    found
}

/// The setting that a column holds of a device or drug: the first that this one has.
fn settings_of(vocabulary: &Vocabulary, target: Target, settings: &Settings) -> Result<Meaning, Refused> {
    let agent = target.agent().map(|id| (id, vocabulary.agent_at(id)));
    let found = agent.and_then(|(id, agent)| {
        let has = |(name, unit): &(String, Option<Unit>)| Some((agent.setting(name)?, unit.clone()));
        settings.any.iter().find_map(has).map(|(setting, unit)| (id, setting, unit))
    });
    match found {
        Some((id, setting, unit)) => {
            let target = Target::Setting(id, u8::try_from(setting).unwrap_or(u8::MAX));
            Meaning::new(vocabulary, target, &settings.text, unit.as_ref())
        }
        None => {
            let name = agent.map_or("what the row names", |(_, agent)| agent.name.as_str());
            let message = format!("`{}` is no setting of `{name}`", settings.text);
            Err(Refused { code: Code::NotInVocabulary, message, help: None })
        }
    }
}

impl Named {
    fn new(vocabulary: &Vocabulary, (name, text): (u32, &str), spec: &Spec, unit: &str) -> Named {
        let read = match unit {
            "" => Ok(spec.unit.clone()),
            // Devices, events and codes have no unit, whatever stands beside them.
            _ if !matches!(spec.target.kind(vocabulary), Some(Kind::Quantity { .. })) => Ok(None),
            unit => Unit::read(unit).map(Some).map_err(|error| Refused {
                code: Code::BadQuantity,
                message: format!("`{}`: {error}", excerpt(text)),
                help: error.help(),
            }),
        };
        let meaning = read.and_then(|unit| Meaning::new(vocabulary, spec.target, text, unit.as_ref()));
        let (values, act) = (spec.values.clone(), spec.act);
        Named { name, text: text.into(), meaning: meaning.map(Arc::new), concept: Some(spec.target), values, act }
    }
}
