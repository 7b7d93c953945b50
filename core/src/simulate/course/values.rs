//! The numbers of the course, by group.

use crate::diagnostic::Diagnostic;
use crate::protocol::Library;
use crate::simulate::parameter::{Parameters, Section, group};

group! {
    /// How contractility and metabolism go on.
    Healing {
        /// Time constant with which the elastance of a recoverer returns.
        recovery_time: "h",
        /// Where it returns to, as a share of the healthy one.
        recovered_share: "1",
        /// Time constant with which the elastance of the others is lost.
        failing_time: "h",
        /// Where it goes to, as a share of that at the onset.
        failing_share: "1",
        /// Lactate in sound perfusion.
        lactate_base: "mmol/L",
        /// Rise of lactate in the absence of any flow.
        lactate_rise: "mmol/L",
        /// Cardiac index below which lactate rises.
        lactate_index: "L/min/m2",
        /// Exponent of that rise.
        lactate_exponent: "1",
        /// Time constant of lactate.
        lactate_time: "h",
        /// Lactate above which organs are harmed.
        debt_lactate: "mmol/L",
        /// Time in which one mmol/L above that makes one unit of organ debt.
        debt_time: "h",
        /// Time constant with which organ debt is paid back.
        repair_time: "h",
    }
}

group! {
    /// What ends a course.
    Ends {
        /// Hazard of death at the reference age without organ debt and low pressure.
        death: "/h",
        /// Its logarithm for each unit of organ debt.
        death_debt: "1",
        /// Pressure below which it rises.
        death_pressure: "mm[Hg]",
        /// Its logarithm for each 10 mm Hg below that.
        death_low_pressure: "1",
        /// Its logarithm for each year above the reference age.
        death_age: "/a",
        /// The reference age.
        death_reference_age: "a",
        /// Its logarithm while the balloon runs, beyond what perfusion and complications say.
        device_balloon: "1",
        /// The same of an Impella.
        device_impella: "1",
        /// The same of ECMO.
        device_ecmo: "1",
        /// Hazard of leaving shock care once free of devices and drugs, perfused, and with a low lactate.
        recovery: "/h",
        /// Lactate below which that is possible.
        recovery_lactate: "mmol/L",
        /// Cardiac index above which it is.
        recovery_index: "L/min/m2",
        /// Hazard of a transplant or a durable device while on a device.
        replacement: "/h",
        /// When that becomes possible.
        replacement_from: "h",
        /// When the course is over in any case.
        horizon: "h",
    }
}

group! {
    /// A complication of one kind of device.
    Complication {
        /// Share with it in the trial's control arm.
        control: "1",
        /// Share with it in the trial's device arm.
        device: "1",
    }
}

group! {
    /// What complications do, and when they come.
    Harm {
        /// Share of the excess hazard at insertion.
        at_insertion: "1",
        /// Time in which the rest comes; a longer run goes on at the same rate.
        over: "h",
        /// Volume that a bleeding takes.
        bleeding_volume: "mL",
        /// Time constant with which it is given back.
        bleeding_time: "h",
        /// Rise of the lactate toward which a patient with limb ischemia goes.
        limb_lactate: "mmol/L",
        /// How long that lasts.
        limb_time: "h",
    }
}

group! {
    /// What a cause of shock says about its course.
    Etiology {
        /// Share of the cohort.
        share: "1",
        /// Share of those who recover.
        recovering: "1",
    }
}

/// Everything that the course is computed with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prognosis {
    /// How contractility and metabolism go on.
    pub healing: Healing,
    /// What ends a course.
    pub ends: Ends,
    /// What complications do.
    pub harm: Harm,
    /// Bleeding under an Impella.
    pub impella_bleeding: Complication,
    /// Limb ischemia under an Impella.
    pub impella_limb: Complication,
    /// Bleeding under ECMO.
    pub ecmo_bleeding: Complication,
    /// Limb ischemia under ECMO.
    pub ecmo_limb: Complication,
    /// Causes of shock by their code in the vocabulary, in the order of their names.
    pub etiologies: Vec<(String, Etiology)>,
}

const SECTIONS: [Section; 8] = [
    Section::One("healing", Healing::SHAPE),
    Section::One("ends", Ends::SHAPE),
    Section::One("harm", Harm::SHAPE),
    Section::One("impella_bleeding", Complication::SHAPE),
    Section::One("impella_limb", Complication::SHAPE),
    Section::One("ecmo_bleeding", Complication::SHAPE),
    Section::One("ecmo_limb", Complication::SHAPE),
    Section::Many("etiology", Etiology::SHAPE),
];

impl Prognosis {
    /// Reads the course of a library, with every number by its path.
    ///
    /// # Errors
    /// What is wrong with the file, or that there is none.
    pub fn read(library: &Library) -> Result<(Prognosis, Parameters), Vec<Diagnostic>> {
        let parameters = Parameters::of_model(library, "course", &SECTIONS)?;
        Ok((Prognosis::of(&parameters), parameters))
    }

    /// The course by these numbers.
    pub fn of(values: &Parameters) -> Prognosis {
        let named = |name: &str| (name.to_owned(), Etiology::of(values, &format!("etiology.{name}")));
        Prognosis {
            healing: Healing::of(values, "healing"),
            ends: Ends::of(values, "ends"),
            harm: Harm::of(values, "harm"),
            impella_bleeding: Complication::of(values, "impella_bleeding"),
            impella_limb: Complication::of(values, "impella_limb"),
            ecmo_bleeding: Complication::of(values, "ecmo_bleeding"),
            ecmo_limb: Complication::of(values, "ecmo_limb"),
            etiologies: values.names("etiology").into_iter().map(named).collect(),
        }
    }
}
