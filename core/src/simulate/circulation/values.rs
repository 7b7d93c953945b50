//! The numbers of the circulation, by group.

use crate::diagnostic::Diagnostic;
use crate::protocol::Library;
use crate::simulate::parameter::{Parameters, Section, group};

group! {
    /// The four chambers and the pericardium.
    Heart {
        /// Volume of every chamber at no pressure.
        unstressed_volume: "mL",
        /// End-systolic elastance of the left atrium.
        la_elastance: "mm[Hg]/mL",
        /// End-systolic elastance of the right atrium.
        ra_elastance: "mm[Hg]/mL",
        /// Scale of the passive pressure of the ventricles.
        ventricular_stiffness: "mm[Hg]",
        /// Scale of the passive pressure of the atria.
        atrial_stiffness: "mm[Hg]",
        /// Exponent of the passive pressure of the left ventricle.
        lv_exponent: "/mL",
        /// Exponent of the passive pressure of the right ventricle.
        rv_exponent: "/mL",
        /// Exponent of the passive pressure of the left atrium.
        la_exponent: "/mL",
        /// Exponent of the passive pressure of the right atrium.
        ra_exponent: "/mL",
        /// Time to the end of systole: the part that does not depend on the rate.
        systole_offset: "s",
        /// Time to the end of systole: its growth with the length of the beat.
        systole_share: "1",
        /// Time of relaxation as a share of the time to the end of systole.
        relaxation_share: "1",
        /// How long before the ventricles the atria begin.
        atrial_lead: "s",
        /// Time in which the atrial activation rises.
        atrial_rise: "s",
        /// Time in which the atrial activation falls.
        atrial_fall: "s",
        /// Scale of the pericardial pressure.
        pericardial_stiffness: "mm[Hg]",
        /// Exponent of the pericardial pressure.
        pericardial_exponent: "/mL",
        /// Sum of the chambers above which the pericardium presses.
        pericardial_volume: "mL",
    }
}

group! {
    /// Vessels and valves.
    Vessels {
        /// Compliance of the systemic arteries.
        systemic_artery_compliance: "mL/mm[Hg]",
        /// Compliance of the systemic veins.
        systemic_vein_compliance: "mL/mm[Hg]",
        /// Compliance of the pulmonary arteries.
        pulmonary_artery_compliance: "mL/mm[Hg]",
        /// Compliance of the pulmonary veins.
        pulmonary_vein_compliance: "mL/mm[Hg]",
        /// Resistance between left ventricle and aorta.
        aortic_outlet_resistance: "mm[Hg].s/mL",
        /// Resistance between right ventricle and pulmonary artery.
        pulmonary_outlet_resistance: "mm[Hg].s/mL",
        /// Resistance of each atrioventricular valve.
        inlet_resistance: "mm[Hg].s/mL",
        /// Resistance between veins and atrium.
        venous_resistance: "mm[Hg].s/mL",
    }
}

group! {
    /// The reflex on systemic resistance.
    Reflex {
        /// Relative fall of resistance for a relative rise of pressure.
        gain: "1",
        /// Least factor.
        lowest: "1",
        /// Greatest factor.
        highest: "1",
        /// Time constant with which it settles.
        time: "s",
    }
}

group! {
    /// The intra-aortic balloon.
    BalloonValues {
        /// Volume of the filled balloon.
        volume: "mL",
        /// Time in which it fills or empties.
        ramp: "s",
    }
}

group! {
    /// A microaxial pump between left ventricle and aorta.
    PumpValues {
        /// Flow against no pressure at the reference speed.
        flow: "mL/s",
        /// The same while ECMO runs.
        flow_on_ecmo: "mL/s",
        /// Flow lost for each unit of pressure between ventricle and aorta.
        slope: "mL/s/mm[Hg]",
        /// Volume of the ventricle at which it draws nothing.
        suction_volume: "mL",
        /// Volume above it at which it draws in full.
        suction_span: "mL",
        /// Speed at which the flows are stated.
        reference_speed: "/min",
        /// Speed at P-1.
        p1: "/min",
        /// Speed at P-2.
        p2: "/min",
        /// Speed at P-3.
        p3: "/min",
        /// Speed at P-4.
        p4: "/min",
        /// Speed at P-5.
        p5: "/min",
        /// Speed at P-6.
        p6: "/min",
        /// Speed at P-7.
        p7: "/min",
        /// Speed at P-8.
        p8: "/min",
        /// Speed at P-9.
        p9: "/min",
    }
}

impl PumpValues {
    /// Speed at a level as a share of the reference speed; nothing at P-0, P-9 above it.
    pub(super) fn share(&self, level: u8) -> f64 {
        let speeds = [0.0, self.p1, self.p2, self.p3, self.p4, self.p5, self.p6, self.p7, self.p8, self.p9];
        speeds.get(usize::from(level)).unwrap_or(&self.p9) / self.reference_speed
    }
}

group! {
    /// Veno-arterial ECMO from the right atrium to the systemic arteries.
    EcmoValues {
        /// Right atrial pressure at which the cannula draws nothing.
        suction_pressure: "mm[Hg]",
        /// Pressure above it at which it draws the set flow.
        suction_span: "mm[Hg]",
    }
}

group! {
    /// What is the same for all drugs.
    DrugValues {
        /// Time constant from a change of the rate to its effect.
        lag: "s",
    }
}

group! {
    /// What one drug does at its reference dose.
    Drug {
        /// Dose of the stated effects.
        reference_dose: "ug/kg/min",
        /// Dose of half the greatest effect.
        half_dose: "ug/kg/min",
        /// Relative change of the elastance of both ventricles.
        elastance: "1",
        /// Relative change of the systemic resistance.
        resistance: "1",
        /// Relative change of the heart rate.
        rate: "1",
        /// Volume that the veins give up.
        volume: "mL",
    }
}

group! {
    /// What differs between patients, and in one patient over time.
    Condition {
        /// End-systolic elastance of the left ventricle.
        lv_elastance: "mm[Hg]/mL",
        /// End-systolic elastance of the right ventricle.
        rv_elastance: "mm[Hg]/mL",
        /// Systemic resistance, before the reflex.
        systemic_resistance: "mm[Hg].s/mL",
        /// Pulmonary resistance.
        pulmonary_resistance: "mm[Hg].s/mL",
        /// Volume in the chambers and, above their unstressed volume, in the vessels.
        stressed_volume: "mL",
        /// Heart rate.
        heart_rate: "/min",
    }
}

/// Everything that the circulation is computed with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Physiology {
    /// The chambers.
    pub heart: Heart,
    /// Vessels and valves.
    pub vessels: Vessels,
    /// The reflex.
    pub reflex: Reflex,
    /// The balloon.
    pub balloon: BalloonValues,
    /// The Impella CP.
    pub impella_cp: PumpValues,
    /// The Impella 5.5.
    pub impella_5_5: PumpValues,
    /// ECMO.
    pub ecmo: EcmoValues,
    /// All drugs.
    pub drugs: DrugValues,
    /// Norepinephrine.
    pub norepinephrine: Drug,
    /// Dobutamine.
    pub dobutamine: Drug,
    /// A healthy adult at rest.
    pub healthy: Condition,
    /// The reference patient in cardiogenic shock.
    pub shock: Condition,
}

const SECTIONS: [Section; 12] = [
    Section::One("heart", Heart::SHAPE),
    Section::One("vessels", Vessels::SHAPE),
    Section::One("reflex", Reflex::SHAPE),
    Section::One("balloon", BalloonValues::SHAPE),
    Section::One("impella_cp", PumpValues::SHAPE),
    Section::One("impella_5_5", PumpValues::SHAPE),
    Section::One("ecmo", EcmoValues::SHAPE),
    Section::One("drugs", DrugValues::SHAPE),
    Section::One("norepinephrine", Drug::SHAPE),
    Section::One("dobutamine", Drug::SHAPE),
    Section::One("healthy", Condition::SHAPE),
    Section::One("shock", Condition::SHAPE),
];

impl Physiology {
    /// Reads the physiology of a library, with every number by its path.
    ///
    /// # Errors
    /// What is wrong with the file, or that there is none.
    pub fn read(library: &Library) -> Result<(Physiology, Parameters), Vec<Diagnostic>> {
        let parameters = Parameters::of_model(library, "physiology", &SECTIONS)?;
        Ok((Physiology::of(&parameters), parameters))
    }

    /// The physiology by these numbers.
    pub fn of(values: &Parameters) -> Physiology {
        Physiology {
            heart: Heart::of(values, "heart"),
            vessels: Vessels::of(values, "vessels"),
            reflex: Reflex::of(values, "reflex"),
            balloon: BalloonValues::of(values, "balloon"),
            impella_cp: PumpValues::of(values, "impella_cp"),
            impella_5_5: PumpValues::of(values, "impella_5_5"),
            ecmo: EcmoValues::of(values, "ecmo"),
            drugs: DrugValues::of(values, "drugs"),
            norepinephrine: Drug::of(values, "norepinephrine"),
            dobutamine: Drug::of(values, "dobutamine"),
            healthy: Condition::of(values, "healthy"),
            shock: Condition::of(values, "shock"),
        }
    }
}
