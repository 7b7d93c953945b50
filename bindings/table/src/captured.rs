//! What centers chart, and how completely.

use std::collections::BTreeMap;

use shockpath::timeline::{Capture, Coverage};
use shockpath::vocabulary::ConceptId;

/// How completely single concepts are charted, where that is not as of all values.
pub type Concepts = Vec<(ConceptId, Capture)>;

/// What is charted by all centers, and by single ones where that is another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Captured {
    pub(crate) all: (Coverage, Concepts),
    /// By center; complete in itself.
    pub(crate) centers: BTreeMap<String, (Coverage, Concepts)>,
}

impl Captured {
    /// What a center charts.
    pub(crate) fn of(&self, center: Option<&str>) -> (Coverage, Concepts) {
        center.and_then(|center| self.centers.get(center)).unwrap_or(&self.all).clone()
    }
}
