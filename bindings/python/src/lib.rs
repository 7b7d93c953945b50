//! The native part of the Python package `shockpath`.
//!
//! It converts, and holds what is costly to make: a library with its linked protocols, a record once it is read, and the
//! compact result of an assessment. What a reader asks of a result is written when it is asked for, as JSON or text; the
//! package makes Python objects of it. Python's lock is released wherever the engine works.

mod adherence;
mod assess;
mod error;
mod library;
mod table;

use pyo3::prelude::*;

/// The native module.
#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("ENGINE", shockpath::wire::ENGINE)?;
    module.add_class::<library::Library>()?;
    module.add_class::<assess::Record>()?;
    module.add_class::<assess::Assessment>()?;
    module.add_class::<table::Table>()?;
    module.add_class::<adherence::Adherence>()?;
    module.add_function(wrap_pyfunction!(assess::assess, module)?)?;
    module.add_function(wrap_pyfunction!(table::assess_table, module)?)?;
    module.add_function(wrap_pyfunction!(adherence::adherence, module)?)?;
    module.add_function(wrap_pyfunction!(library::explain, module)?)?;
    module.add_function(wrap_pyfunction!(library::schema, module)?)?;
    module.add_function(wrap_pyfunction!(assess::assess_in_rust, module)?)
}
