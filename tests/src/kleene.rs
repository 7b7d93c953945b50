//! A reference for three-valued logic: a tree, evaluated the slow and obvious way.

/// A value of the reference: nothing known, a truth, or a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Known {
    /// Nothing.
    Nothing,
    /// True or false.
    Truth(bool),
    /// A number.
    Number(f64),
}

/// An expression of the reference.
#[derive(Debug, Clone)]
pub enum Tree {
    /// A number in the text.
    Literal(f64),
    /// The input at this position.
    Input(usize),
    /// `true` or `false`.
    Constant(bool),
    /// `+ - * /` and the comparisons, by symbol.
    Binary(&'static str, Box<Tree>, Box<Tree>),
    /// `abs sqrt ln exp`, negation `-` and `!`, by name.
    Unary(&'static str, Box<Tree>),
    /// `least greatest`, by name.
    Choose(&'static str, Vec<Tree>),
    /// `clamp(x, low, high)`.
    Clamp(Box<Tree>, Box<Tree>, Box<Tree>),
    /// All of them.
    And(Vec<Tree>),
    /// Any of them.
    Or(Vec<Tree>),
    /// At least so many.
    AtLeast(usize, Vec<Tree>),
    /// Whether it is known.
    IsKnown(Box<Tree>),
}

impl Tree {
    /// The expression as text; `name` gives the names of inputs.
    pub fn text(&self, name: &dyn Fn(usize) -> String) -> String {
        let list = |parts: &[Tree], by: &str| {
            let texts: Vec<String> = parts.iter().map(|part| part.text(name)).collect();
            texts.join(by)
        };
        match self {
            Tree::Literal(value) => format!("{value:?}"),
            Tree::Input(position) => name(*position),
            Tree::Constant(truth) => truth.to_string(),
            Tree::Binary(symbol, a, b) => format!("({} {symbol} {})", a.text(name), b.text(name)),
            Tree::Unary(symbol @ ("-" | "!"), a) => format!("{symbol}({})", a.text(name)),
            Tree::Unary(function, a) => format!("{function}({})", a.text(name)),
            Tree::Choose(function, parts) => format!("{function}({})", list(parts, ", ")),
            Tree::Clamp(a, b, c) => format!("clamp({}, {}, {})", a.text(name), b.text(name), c.text(name)),
            Tree::And(parts) => format!("({})", list(parts, " && ")),
            Tree::Or(parts) => format!("({})", list(parts, " || ")),
            Tree::AtLeast(count, parts) => format!("at_least({count}, {})", list(parts, ", ")),
            Tree::IsKnown(a) => format!("known({})", a.text(name)),
        }
    }
}

/// The value of a tree over inputs.
pub fn evaluate(tree: &Tree, inputs: &[Known]) -> Known {
    let number = |tree: &Tree| match evaluate(tree, inputs) {
        Known::Number(value) => Some(value),
        _ => None,
    };
    let truth = |tree: &Tree| match evaluate(tree, inputs) {
        Known::Truth(value) => Some(value),
        _ => None,
    };
    let finite = |value: Option<f64>| match value {
        Some(value) if value.is_finite() => Known::Number(value),
        _ => Known::Nothing,
    };
    let of_truth = |value: Option<bool>| value.map_or(Known::Nothing, Known::Truth);
    match tree {
        Tree::Literal(value) => Known::Number(*value),
        Tree::Input(position) => inputs[*position],
        Tree::Constant(value) => Known::Truth(*value),
        Tree::Binary(symbol, a, b) => {
            let pair = number(a).zip(number(b));
            match *symbol {
                "+" => finite(pair.map(|(a, b)| a + b)),
                "-" => finite(pair.map(|(a, b)| a - b)),
                "*" => finite(pair.map(|(a, b)| a * b)),
                "/" => finite(pair.map(|(a, b)| a / b)),
                "<" => of_truth(pair.map(|(a, b)| a < b)),
                "<=" => of_truth(pair.map(|(a, b)| a <= b)),
                ">" => of_truth(pair.map(|(a, b)| a > b)),
                ">=" => of_truth(pair.map(|(a, b)| a >= b)),
                "==" => of_truth(pair.map(|(a, b)| a == b)),
                _ => of_truth(pair.map(|(a, b)| a != b)),
            }
        }
        Tree::Unary("!", a) => of_truth(truth(a).map(|a| !a)),
        Tree::Unary(function, a) => finite(number(a).map(|a| match *function {
            "-" => -a,
            "abs" => a.abs(),
            "sqrt" => shockpath::math::sqrt(a),
            "ln" => shockpath::math::ln(a),
            _ => shockpath::math::exp(a),
        })),
        Tree::Choose(function, parts) => {
            let values: Option<Vec<f64>> = parts.iter().map(number).collect();
            let choose = if *function == "least" { f64::min } else { f64::max };
            finite(values.and_then(|values| values.into_iter().reduce(choose)))
        }
        Tree::Clamp(a, low, high) => match (number(a), number(low), number(high)) {
            (Some(a), Some(low), Some(high)) => Known::Number(a.max(low).min(high)),
            _ => Known::Nothing,
        },
        Tree::And(parts) => {
            let parts: Vec<Option<bool>> = parts.iter().map(truth).collect();
            if parts.contains(&Some(false)) {
                Known::Truth(false)
            } else if parts.contains(&None) {
                Known::Nothing
            } else {
                Known::Truth(true)
            }
        }
        Tree::Or(parts) => {
            let parts: Vec<Option<bool>> = parts.iter().map(truth).collect();
            if parts.contains(&Some(true)) {
                Known::Truth(true)
            } else if parts.contains(&None) {
                Known::Nothing
            } else {
                Known::Truth(false)
            }
        }
        Tree::AtLeast(count, parts) => {
            let parts: Vec<Option<bool>> = parts.iter().map(truth).collect();
            let sure = parts.iter().filter(|part| **part == Some(true)).count();
            let possible = parts.iter().filter(|part| **part != Some(false)).count();
            if sure >= *count {
                Known::Truth(true)
            } else if possible < *count {
                Known::Truth(false)
            } else {
                Known::Nothing
            }
        }
        Tree::IsKnown(a) => Known::Truth(evaluate(a, inputs) != Known::Nothing),
    }
}
