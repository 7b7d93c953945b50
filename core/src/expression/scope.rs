//! What the names of an expression mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::quantity::Unit;
use crate::timeline::WeaningPlan;
use crate::vocabulary::Vocabulary;

use super::typed::{OutputId, Ty};

/// Something that a protocol names.
#[derive(Debug, Clone)]
pub enum Symbol {
    /// A parameter with the value in force.
    Parameter {
        /// Position of the protocol.
        protocol: u32,
        /// Position in the protocol.
        index: u32,
        /// The value in force.
        value: f64,
        /// Its unit.
        unit: Unit,
    },
    /// A definition, classification, score or modifier.
    Output {
        /// Its position.
        id: OutputId,
        /// Its type.
        ty: Ty,
    },
    /// Something whose own definition is wrong; what uses it is not reported again.
    Broken,
}

/// Names of one protocol. A modifier stands as `classification/modifier`.
pub type Symbols = BTreeMap<String, Symbol>;

/// Everything that an expression can name.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    /// Concepts, devices, drugs, events.
    pub vocabulary: &'a Vocabulary,
    /// Names of the protocol itself.
    pub own: &'a Symbols,
    /// Names of the protocols that it uses, by alias.
    pub used: &'a BTreeMap<String, Symbols>,
    /// A definition that is being read: inside it its name is the charted concept.
    pub hidden: Option<&'a str>,
    /// The weaning plan whose conditions are being read, with its device.
    pub weaning: Option<&'a (crate::vocabulary::AgentId, Arc<WeaningPlan>)>,
    /// Any number may stand in the text; else only 0, 1 and counts.
    pub literals: bool,
}

impl<'a> Scope<'a> {
    /// A scope over the vocabulary and the protocol's own names.
    pub fn new(vocabulary: &'a Vocabulary, own: &'a Symbols, used: &'a BTreeMap<String, Symbols>) -> Self {
        Scope { vocabulary, own, used, hidden: None, weaning: None, literals: false }
    }

    /// What a bare name means in the protocol itself.
    pub fn symbol(&self, name: &str) -> Option<&'a Symbol> {
        self.own.get(name).filter(|_| self.hidden != Some(name))
    }
}
