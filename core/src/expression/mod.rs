//! Expressions: rhai text -> checked, typed form -> three-valued evaluation.
//!
//! `syntax` is the only module that names rhai: it parses and hands on a tree of our own with places. `check`
//! gives it names, types and units; `lower` turns it into a flat [`Program`] in which equal parts stand once;
//! `eval` runs a program over one patient or over a block of up to 64.

mod argument;
mod arithmetic;
mod bits;
mod call;
mod check;
mod comparison;
mod domain;
mod eval;
mod explain;
mod functions;
mod incremental;
mod inputs;
mod lower;
mod next;
mod order;
mod over_time;
mod possible;
mod probe;
mod program;
mod replay;
mod scope;
mod source;
mod suppose;
mod syntax;
mod truth;
mod typed;

pub use check::{Checker, Expected};
pub use domain::Domain;
pub use eval::Workspace;
pub use explain::Explained;
pub use functions::{FUNCTIONS, FunctionDoc};
pub use incremental::{Change, Dependencies, Touched, Watch};
pub use lower::{Lowerer, OutputBody, Row, ScoreItem};
pub use next::{change_points, next_change};
pub use possible::can_hold;
pub use probe::{Answer, Probe, ProbeKind, run as run_probe};
pub use program::{CompareOp, Program, Read, Register};
pub use replay::{Backward, Ground, Moment, Replay};
pub use scope::{Scope, Symbol, Symbols};
pub use source::{Columns, Lanes, Source};
pub use suppose::{SUPPOSED, Supposing};
pub use syntax::{MAX_LENGTH, Parser, Syntax};
pub use truth::{Definite, Mode, Ranged, Truth};
pub use typed::{Arithmetic, Expr, ExprKind, Growing, Landmark, OutputId, Past, TrialPart, Ty, Unary, WindowSpan};
