//! The numbers of a cohort.

use crate::diagnostic::Diagnostic;
use crate::protocol::Library;
use crate::simulate::parameter::{Parameters, Section, group};

group! {
    /// Who comes with shock. Spreads of what cannot be negative are of its logarithm, around the reference patient.
    People {
        /// Mean age.
        age: "a",
        /// Its standard deviation.
        age_spread: "a",
        /// The youngest.
        youngest: "a",
        /// The oldest.
        oldest: "a",
        /// Median weight.
        weight: "kg",
        /// Spread of the weight.
        weight_spread: "1",
        /// Body surface at the median weight.
        surface: "m2",
        /// Spread of the left ventricular elastance.
        lv_spread: "1",
        /// Spread of the right ventricular elastance.
        rv_spread: "1",
        /// Spread of the systemic resistance.
        resistance_spread: "1",
        /// Spread of the pulmonary resistance.
        pulmonary_spread: "1",
        /// Spread of the stressed volume.
        volume_spread: "1",
        /// Spread of the heart rate.
        rate_spread: "1",
        /// Median lactate at the onset.
        lactate: "mmol/L",
        /// Spread of the lactate.
        lactate_spread: "1",
    }
}

const SECTIONS: [Section; 1] = [Section::One("people", People::SHAPE)];

impl People {
    /// Reads the cohort of a library, with every number by its path.
    ///
    /// # Errors
    /// What is wrong with the file, or that there is none.
    pub fn read(library: &Library) -> Result<(People, Parameters), Vec<Diagnostic>> {
        let parameters = Parameters::of_model(library, "cohort", &SECTIONS)?;
        Ok((People::by(&parameters), parameters))
    }

    /// The cohort by these numbers.
    pub fn by(values: &Parameters) -> People {
        People::of(values, "people")
    }
}
