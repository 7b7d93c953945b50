//! The items of one row, charted one by one.

use shockpath::diagnostic::Code;
use shockpath::timeline::{Datum, Mark, Refused};
use shockpath::vocabulary::{AgentId, Vocabulary};

use crate::cell::Cell;
use crate::meaning::{Act, Meaning, Said, Target, truth};
use crate::open::{Names, Open, Place, What};

/// One row as it is charted.
pub(crate) struct Items<'r> {
    pub(crate) vocabulary: &'r Vocabulary,
    pub(crate) names: &'r Names,
    /// Whether numbers have decimal commas.
    pub(crate) comma: bool,
    /// When, or why that cannot be told.
    pub(crate) mark: Result<Mark, Refused>,
    pub(crate) row: u64,
    pub(crate) table: u16,
    pub(crate) open: &'r mut Open,
    /// Something was charted.
    pub(crate) charted: bool,
    /// Something was refused, and why.
    pub(crate) refused: Option<Code>,
}

impl Items<'_> {
    /// Charts a cell under a name. `alone` says that the row is there for this name, so that being there means it; in a
    /// column of many a blank cell means nothing.
    pub(crate) fn item(
        &mut self,
        (position, name): (u32, &str),
        meaning: &Meaning,
        act: Option<Act>,
        cell: Option<Cell<'_>>,
        alone: bool,
    ) {
        if cell.is_none() && !alone {
            return;
        }
        let wrong = |message: String, help: &str| Refused {
            code: Code::BadValue,
            message,
            help: Some(help.to_owned()).filter(|help| !help.is_empty()),
        };
        // Whether a row or a checkbox says that something was done.
        let done = |cell: Option<Cell<'_>>| cell.map_or(Ok(true), |cell| truth(name, cell));
        match (meaning.target, act) {
            (Target::Concept(id, qualifiers), None | Some(Act::Observe)) => {
                let Some(cell) = cell else { return };
                let said = meaning.take(self.vocabulary, name, cell, self.comma);
                self.value(position, |value| What::Observe(id, qualifiers, value), None, said);
            }
            (Target::Event(event), None | Some(Act::Event)) => match done(cell) {
                Ok(true) => self.add(position, What::Event(event)),
                Ok(false) => {}
                Err(refused) => self.refuse(position, refused),
            },
            (Target::Agent(agent), None) => {
                let Some(cell) = cell else { return };
                match truth(name, cell) {
                    Ok(on) => self.add(position, What::Seen(agent, on)),
                    Err(refused) => self.refuse(position, refused),
                }
            }
            (Target::Agent(agent), Some(act @ (Act::Start | Act::Running | Act::Stop))) => {
                let valued = alone && act != Act::Stop && matches!(cell, Some(cell) if truth(name, cell).is_err());
                match (valued, done(cell)) {
                    (false, Ok(false)) => {}
                    (false, Err(refused)) if act != Act::Stop => self.refuse(position, refused),
                    _ => self.add(position, did(agent, act)),
                }
                if valued {
                    let message = format!("the value of `{name}` is of no setting");
                    self.refuse(position, wrong(message, "name the setting, such as `va_ecmo.flow`"));
                }
            }
            (
                Target::Setting(agent, setting),
                act @ (None | Some(Act::Set | Act::Start | Act::Running | Act::Stop)),
            ) => {
                if let Some(act @ (Act::Start | Act::Running | Act::Stop)) = act {
                    self.add(position, did(agent, act));
                }
                // What a drug ran at before it was stopped is no setting from then on.
                if let (Some(cell), false) = (cell, act == Some(Act::Stop)) {
                    let said = meaning.take(self.vocabulary, name, cell, self.comma);
                    self.value(position, |value| What::Set(agent, setting, value), Some((agent, setting)), said);
                }
            }
            (target, Some(act)) => {
                let does = match target {
                    Target::Concept(..) => "is observed",
                    Target::Event(_) => "is an event",
                    Target::Agent(_) => "starts, runs or stops; a setting is named, such as `va_ecmo.flow`",
                    Target::Setting(..) => "is set",
                };
                let written = Act::NAMES.iter().find(|(_, held)| *held == act).map_or("", |(name, _)| name);
                self.refuse(position, wrong(format!("`{name}` is no `{written}`"), &format!("`{name}` {does}")));
            }
        }
    }

    fn place(&self, name: u32) -> Place {
        Place { row: self.row, name, table: self.table }
    }

    fn add(&mut self, name: u32, what: What) {
        let place = self.place(name);
        match &self.mark {
            Ok(mark) => {
                self.charted = true;
                self.open.add(*mark, what, place);
            }
            Err(_) => self.untimed(place),
        }
    }

    /// Charts a value, or that it is refused.
    pub(crate) fn value(
        &mut self,
        name: u32,
        make: impl Fn(Datum) -> What,
        dose: Option<(AgentId, u8)>,
        said: Result<Said, Refused>,
    ) {
        let place = self.place(name);
        match &self.mark {
            Ok(mark) => {
                match &said {
                    Ok(_) => self.charted = true,
                    Err(refused) => self.refused = Some(refused.code),
                }
                self.open.value(self.names, (*mark, place), make, dose, said);
            }
            Err(_) => self.untimed(place),
        }
    }

    /// What is wrong with an item.
    pub(crate) fn refuse(&mut self, name: u32, refused: Refused) {
        let place = self.place(name);
        if self.mark.is_err() {
            return self.untimed(place);
        }
        self.refused = Some(refused.code);
        self.open.refuse(self.names, place, refused);
    }

    /// An item of a row without a usable instant: told once for the row.
    fn untimed(&mut self, place: Place) {
        let Err(refused) = &self.mark else { return };
        match self.refused {
            None => self.open.refuse(self.names, place, refused.clone()),
            Some(_) => self.open.refuse_too(refused.code),
        }
        self.refused = Some(refused.code);
    }
}

fn did(agent: AgentId, act: Act) -> What {
    match act {
        Act::Start => What::Start(agent),
        Act::Stop => What::Stop(agent),
        _ => What::Affirm(agent),
    }
}
