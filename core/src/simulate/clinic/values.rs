//! The numbers of the clinic, by group.

use crate::diagnostic::Diagnostic;
use crate::protocol::Library;
use crate::simulate::parameter::{Parameters, Section, group};

group! {
    /// How a team works.
    Care {
        /// How often it looks at the patient.
        step: "min",
        /// Share of what a protocol asks for that is done.
        adherence: "1",
        /// After which it decides anew.
        reconsider: "min",
        /// How often what runs is charted as running.
        affirm: "min",
    }
}

group! {
    /// Usual care as a policy.
    Usual {
        /// Age up to which a charted mean pressure is gone by.
        pressure_age: "min",
        /// The same of cardiac index and lactate.
        flow_age: "min",
        /// Mean pressure below which norepinephrine is raised.
        map_low: "mm[Hg]",
        /// Mean pressure above which it is lowered.
        map_high: "mm[Hg]",
        /// Cardiac index below which dobutamine is raised.
        ci_low: "L/min/m2",
        /// Cardiac index above which it is lowered.
        ci_high: "L/min/m2",
        /// Lactate above which, with a low index, a balloon is considered.
        device_lactate: "mmol/L",
        /// Share of such patients in whom it is started.
        device_share: "1",
        /// Cardiac index above which, with a low lactate, a device is lowered.
        wean_ci: "L/min/m2",
        /// That lactate.
        wean_lactate: "mmol/L",
    }
}

group! {
    /// How a concept is charted.
    Chart {
        /// How often.
        every: "min",
        /// Standard deviation of its error, as a share of the value.
        noise: "1",
        /// When it becomes known.
        delay: "min",
        /// Share that is not charted.
        missing: "1",
    }
}

group! {
    /// How an order is carried out. Levels are in the unit of the agent's setting.
    Order {
        /// Time from the order.
        delay: "min",
        /// Shortest time between two steps.
        interval: "min",
        /// The first level.
        start: "1",
        /// One step.
        step: "1",
        /// A level below it is off.
        least: "1",
        /// The highest level.
        most: "1",
    }
}

group! {
    /// How the order of a drug is carried out.
    DrugOrder {
        /// Time from the order.
        delay: "min",
        /// Shortest time between two steps.
        interval: "min",
        /// The first rate.
        start: "ug/kg/min",
        /// One step.
        step: "ug/kg/min",
        /// A rate below it is off.
        least: "ug/kg/min",
        /// The highest rate.
        most: "ug/kg/min",
    }
}

impl From<DrugOrder> for Order {
    fn from(of: DrugOrder) -> Order {
        let DrugOrder { delay, interval, start, step, least, most } = of;
        Order { delay, interval, start, step, least, most }
    }
}

group! {
    /// A part of the history.
    Context {
        /// Share of the patients in whom it is true.
        share: "1",
    }
}

/// Everything that the clinic works with.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Practice {
    /// How the team works.
    pub care: Care,
    /// Usual care.
    pub usual: Usual,
    /// What is charted, by the concept's name.
    pub charts: Vec<(String, Chart)>,
    /// Orders, in the order of [`Agent::ALL`](super::Agent::ALL).
    pub orders: [Order; 6],
    /// Parts of the history, by the concept's name.
    pub context: Vec<(String, Context)>,
}

const SECTIONS: [Section; 10] = [
    Section::One("care", Care::SHAPE),
    Section::One("usual", Usual::SHAPE),
    Section::Many("chart", Chart::SHAPE),
    Section::One("norepinephrine", DrugOrder::SHAPE),
    Section::One("dobutamine", DrugOrder::SHAPE),
    Section::One("iabp", Order::SHAPE),
    Section::One("impella_cp", Order::SHAPE),
    Section::One("impella_5_5", Order::SHAPE),
    Section::One("va_ecmo", Order::SHAPE),
    Section::Many("context", Context::SHAPE),
];

impl Practice {
    /// Reads the clinic of a library, with every number by its path.
    ///
    /// # Errors
    /// What is wrong with the file, or that there is none.
    pub fn read(library: &Library) -> Result<(Practice, Parameters), Vec<Diagnostic>> {
        let parameters = Parameters::of_model(library, "clinic", &SECTIONS)?;
        Ok((Practice::of(&parameters), parameters))
    }

    /// The clinic by these numbers.
    pub fn of(values: &Parameters) -> Practice {
        let chart = |name: &str| (name.to_owned(), Chart::of(values, &format!("chart.{name}")));
        let context = |name: &str| (name.to_owned(), Context::of(values, &format!("context.{name}")));
        Practice {
            care: Care::of(values, "care"),
            usual: Usual::of(values, "usual"),
            charts: values.names("chart").into_iter().map(chart).collect(),
            orders: [
                DrugOrder::of(values, "norepinephrine").into(),
                DrugOrder::of(values, "dobutamine").into(),
                Order::of(values, "iabp"),
                Order::of(values, "impella_cp"),
                Order::of(values, "impella_5_5"),
                Order::of(values, "va_ecmo"),
            ],
            context: values.names("context").into_iter().map(context).collect(),
        }
    }
}
