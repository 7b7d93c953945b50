//! A record once it is read, and a patient under protocols as the engine holds it.

use std::rc::Rc;

use self_cell::self_cell;
use serde::Serialize;
use shockpath::assess::{Answer, Detail, Session, write_text};
use shockpath::protocol::Plan;
use shockpath::timeline::format_instant;
use shockpath::vocabulary::Language;
use shockpath::wire::{self, Failure, Patient, Prepared, Text};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::many::position;
use crate::{LibraryHandle, json, language, thrown};

/// A record, read.
#[wasm_bindgen(js_name = Record)]
#[derive(Debug)]
pub struct RecordHandle {
    patient: Rc<Patient>,
}

#[wasm_bindgen(js_class = Record)]
impl RecordHandle {
    /// The patient's id.
    pub fn id(&self) -> String {
        self.patient.timeline.id().to_owned()
    }

    /// The instants at which something becomes known, ascending.
    pub fn instants(&self) -> Vec<String> {
        let timeline = &self.patient.timeline;
        timeline.admissions().iter().map(|at| format_instant(*at, timeline.offset())).collect()
    }

    /// What was wrong with it, as JSON.
    pub fn issues(&self) -> String {
        let Patient { issues, sources, .. } = &*self.patient;
        thrown(Failure { diagnostics: issues.clone(), sources: sources.clone() })
    }
}

self_cell!(
    struct Held {
        owner: Rc<Prepared>,
        #[covariant]
        dependent: Session,
    }
);

/// A patient under protocols.
#[wasm_bindgen(js_name = Session)]
pub struct SessionHandle {
    held: Held,
    patient: Rc<Patient>,
    language: Language,
}

#[wasm_bindgen(js_class = Library)]
impl LibraryHandle {
    /// Reads a record.
    pub fn record(&self, name: String, text: String, received: Option<String>) -> Result<RecordHandle, String> {
        let read = wire::patient(&self.library, &Text { name, text }, received.as_deref());
        read.map(|patient| RecordHandle { patient: Rc::new(patient) }).map_err(thrown)
    }

    /// A patient under protocols.
    pub fn session(
        &self,
        record: &RecordHandle,
        protocols: Vec<String>,
        site_name: Option<String>,
        site_text: Option<String>,
        set: Vec<String>,
        language_name: Option<String>,
    ) -> Result<SessionHandle, String> {
        let prepared = self.prepare(protocols, (site_name, site_text), &set)?;
        let language = language(language_name.as_deref(), prepared.language)?;
        let patient = record.patient.clone();
        let held = Held::new(prepared, |prepared| Session::new(&prepared.plan, patient.timeline.clone()));
        Ok(SessionHandle { held, patient, language })
    }
}

#[wasm_bindgen(js_class = Session)]
impl SessionHandle {
    /// Assesses the patient at an instant, the last of the record if none is given.
    pub fn assess(&mut self, at: Option<String>) -> Result<(), String> {
        let at = wire::instant_of(&self.patient, at.as_deref()).map_err(thrown)?;
        self.held.with_dependent_mut(|_, session| {
            session.assess(at);
        });
        Ok(())
    }

    /// The instant of the last assessment, in the offset of the record.
    pub fn at(&self) -> String {
        let session = self.held.borrow_dependent();
        format_instant(session.table().at, session.timeline().offset())
    }

    /// The answer as JSON.
    pub fn json(&self, trace: bool, what_if: bool, language_name: Option<String>) -> Result<String, String> {
        let language = language(language_name.as_deref(), self.language)?;
        Ok(json(&self.answer(Detail { language, trace, what_if })))
    }

    /// The note.
    pub fn text(&self, language_name: Option<String>) -> Result<String, String> {
        let language = language(language_name.as_deref(), self.language)?;
        Ok(write_text(&self.answer(Detail { language, trace: false, what_if: true }), language))
    }

    /// Where each rule stands.
    pub fn status(&self) -> Vec<u8> {
        self.held.borrow_dependent().table().rules.iter().map(|rule| position(rule.status)).collect()
    }

    /// The rules, as JSON.
    pub fn rules(&self) -> String {
        json(&rules(&self.held.borrow_owner().plan))
    }
}

impl SessionHandle {
    fn answer(&self, detail: Detail) -> Answer {
        let diagnostics = self.held.borrow_owner().issues(&self.patient);
        let issues = Failure { diagnostics, sources: self.patient.sources.clone() }.reports();
        self.held.borrow_dependent().answer(issues, detail)
    }
}

/// A rule of the list that goes with its states.
#[derive(Debug, Serialize)]
pub(crate) struct Named<'p> {
    protocol: &'p str,
    version: String,
    rule: &'p str,
}

/// The rules of a plan in the order of its table.
pub(crate) fn rules(plan: &Plan) -> Vec<Named<'_>> {
    let named = plan.rules().iter().filter_map(|(protocol, rule)| {
        let linked = plan.protocols().get(*protocol)?;
        let identity = &linked.document.identity;
        Some(Named {
            protocol: &identity.id,
            version: identity.version.to_string(),
            rule: &linked.rules.get(*rule)?.id,
        })
    });
    named.collect()
}
