//! Text of an expression -> tree with places. The only module that names rhai.

use rhai::{Engine, Expr as RhaiExpr, Position, Stmt, Token};

/// Longest text of an expression, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// Deepest nesting of an expression.
const MAX_DEPTH: usize = 48;

/// An expression with its place in the text, as byte offsets.
#[derive(Debug, Clone, PartialEq)]
pub struct Syntax {
    /// What it is.
    pub kind: SyntaxKind,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// The forms of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum SyntaxKind {
    /// `true`, `false`.
    Truth(bool),
    /// A number.
    Number(f64),
    /// A name.
    Name(String),
    /// `owner.member`.
    Member(String, String),
    /// A function call.
    Call(String, Vec<Syntax>),
    /// `-x`.
    Negate(Box<Syntax>),
    /// `!x`.
    Not(Box<Syntax>),
    /// Arithmetic or comparison.
    Binary(Operator, Box<Syntax>, Box<Syntax>),
    /// `a && b && …`.
    And(Vec<Syntax>),
    /// `a || b || …`.
    Or(Vec<Syntax>),
    /// `x in [a, b]`.
    In(Box<Syntax>, Vec<Syntax>),
}

/// A binary operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operator of its name")]
pub enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

impl Operator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
        }
    }
}

/// Why a text is not an expression, with the place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub message: String,
    /// First byte of what is wrong.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The text or its nesting is beyond the limits.
    pub limit: bool,
}

/// A parser of expressions; reusable, since setting it up costs more than an expression.
pub struct Parser {
    engine: Engine,
}

impl Default for Parser {
    fn default() -> Self {
        let mut engine = Engine::new_raw();
        engine.set_max_expr_depths(MAX_DEPTH, MAX_DEPTH);
        for word in ["if", "switch", "loop", "while", "for", "fn", "let", "const", "eval", "Fn"] {
            engine.disable_symbol(word);
        }
        Parser { engine }
    }
}

impl Parser {
    /// Parses one expression.
    pub fn parse(&self, text: &str) -> Result<Syntax, SyntaxError> {
        let whole =
            |message: &str, limit| SyntaxError { message: message.to_owned(), start: 0, end: text.len(), limit };
        if text.len() > MAX_LENGTH {
            let end = (0..=32).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            return Err(SyntaxError {
                end,
                ..whole(&format!("the expression is longer than {MAX_LENGTH} bytes"), true)
            });
        }
        if text.trim().is_empty() {
            return Err(whole("the expression is empty", false));
        }
        let source = Source { text };
        let ast = self.engine.compile_expression(text).map_err(|error| {
            let start = source.offset(error.position());
            let message = error.err_type().to_string();
            let limit = message.contains("too complex") || message.contains("maximum complexity");
            // The parser calls what it reads a script.
            let message = lower_first(&message).replace("script", "the expression");
            SyntaxError { message, start, end: source.word_end(start), limit }
        })?;
        match ast.statements() {
            [Stmt::Expr(expression)] => source.lower(expression, 0),
            _ => Err(whole("not a single expression", false)),
        }
    }
}

fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|letter| letter.to_lowercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str()).trim_end_matches('.').replace('\'', "`")
}

/// The text, to find places in.
struct Source<'a> {
    text: &'a str,
}

impl Source<'_> {
    fn offset(&self, position: Position) -> usize {
        let (Some(line), Some(column)) = (position.line(), position.position()) else {
            return self.text.trim_end().len();
        };
        let before: usize = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let rest = self.text.get(before..).unwrap_or_default();
        before + rest.char_indices().nth(column.saturating_sub(1)).map_or(rest.len(), |(offset, _)| offset)
    }

    /// End of the word, number or operator that begins at `start`.
    fn word_end(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        let word = |c: char| c.is_alphanumeric() || c == '_';
        let length: usize = match rest.chars().next() {
            None => 0,
            Some(first) if word(first) => {
                let digits = first.is_ascii_digit();
                rest.chars().take_while(|c| word(*c) || (digits && *c == '.')).map(char::len_utf8).sum()
            }
            Some(first) => first.len_utf8(),
        };
        start + length
    }

    /// End of a call whose name begins at `start`: its closing parenthesis.
    fn call_end(&self, start: usize) -> usize {
        let mut depth = 0_usize;
        for (offset, letter) in self.text.get(start..).unwrap_or_default().char_indices() {
            match letter {
                '(' => depth += 1,
                ')' if depth <= 1 => return start + offset + 1,
                ')' => depth -= 1,
                _ => {}
            }
        }
        self.text.len()
    }

    fn refuse(&self, position: Position, message: &str) -> SyntaxError {
        let start = self.offset(position);
        SyntaxError { message: message.to_owned(), start, end: self.word_end(start), limit: false }
    }

    fn all(
        &self,
        parts: impl IntoIterator<Item = impl std::borrow::Borrow<RhaiExpr>>,
        depth: usize,
    ) -> Result<Vec<Syntax>, SyntaxError> {
        parts.into_iter().map(|part| self.lower(part.borrow(), depth)).collect()
    }

    fn lower(&self, expression: &RhaiExpr, depth: usize) -> Result<Syntax, SyntaxError> {
        if depth > MAX_DEPTH * 2 {
            return Err(SyntaxError {
                limit: true,
                ..self.refuse(expression.position(), "the expression is nested too deeply")
            });
        }
        let at = expression.position();
        let leaf = |kind| {
            let start = self.offset(at);
            Ok(Syntax { kind, start, end: self.word_end(start) })
        };
        match expression {
            RhaiExpr::BoolConstant(truth, _) => leaf(SyntaxKind::Truth(*truth)),
            #[allow(clippy::cast_precision_loss, reason = "all numbers are floats; a larger integer is refused")]
            RhaiExpr::IntegerConstant(number, _) if number.unsigned_abs() <= 1 << 53 => {
                leaf(SyntaxKind::Number(*number as f64))
            }
            RhaiExpr::IntegerConstant(..) => Err(self.refuse(at, "this number is too large to be exact")),
            RhaiExpr::FloatConstant(number, _) => leaf(SyntaxKind::Number(**number)),
            RhaiExpr::Variable(variable, ..) => leaf(SyntaxKind::Name(variable.1.to_string())),
            RhaiExpr::Dot(pair, ..) => match (&pair.lhs, &pair.rhs) {
                (RhaiExpr::Variable(owner, ..), RhaiExpr::Property(member, place)) => {
                    let start = self.offset(pair.lhs.position());
                    let end = self.word_end(self.offset(*place));
                    Ok(Syntax { kind: SyntaxKind::Member(owner.1.to_string(), member.2.to_string()), start, end })
                }
                _ => Err(self.refuse(at, "only `name.name` can stand here")),
            },
            RhaiExpr::And(parts, _) => self.all(parts.iter(), depth + 1).map(|parts| join(SyntaxKind::And, parts)),
            RhaiExpr::Or(parts, _) => self.all(parts.iter(), depth + 1).map(|parts| join(SyntaxKind::Or, parts)),
            RhaiExpr::FnCall(call, _) => {
                let position = self.offset(at);
                match (&call.op_token, call.args.as_slice()) {
                    (Some(token), [left, right]) if *token != Token::NotIn => {
                        let operator = operator(token).ok_or_else(|| {
                            self.refuse(at, &format!("the operator `{}` has no meaning here", call.name))
                        })?;
                        let (left, right) = (self.lower(left, depth + 1)?, self.lower(right, depth + 1)?);
                        let (start, end) = (left.start, right.end);
                        Ok(Syntax { kind: SyntaxKind::Binary(operator, left.into(), right.into()), start, end })
                    }
                    (Some(Token::Minus | Token::UnaryMinus), [operand]) => {
                        let operand = self.lower(operand, depth + 1)?;
                        let end = operand.end;
                        Ok(Syntax { kind: SyntaxKind::Negate(operand.into()), start: position, end })
                    }
                    (Some(Token::Bang), [operand]) => {
                        let operand = self.lower(operand, depth + 1)?;
                        let (start, end) = (position.min(operand.start), operand.end);
                        Ok(Syntax { kind: SyntaxKind::Not(operand.into()), start, end })
                    }
                    // rhai reads `x in [a, b]` as `contains([a, b], x)`.
                    (_, [RhaiExpr::Array(members, _), value]) if call.name == "contains" => {
                        let value = self.lower(value, depth + 1)?;
                        let members = self.all(members.iter(), depth + 1)?;
                        let start = value.start;
                        let after = members.last().map_or(value.end, |last| last.end);
                        let close = self
                            .text
                            .get(after..)
                            .and_then(|rest| rest.find(']'))
                            .map_or(after, |offset| after + offset + 1);
                        Ok(Syntax { kind: SyntaxKind::In(value.into(), members), start, end: close })
                    }
                    (None, arguments) => {
                        let arguments = self.all(arguments.iter(), depth + 1)?;
                        Ok(Syntax {
                            kind: SyntaxKind::Call(call.name.to_string(), arguments),
                            start: position,
                            end: self.call_end(position),
                        })
                    }
                    _ => Err(self.refuse(at, &format!("the operator `{}` has no meaning here", call.name))),
                }
            }
            RhaiExpr::StringConstant(..) | RhaiExpr::CharConstant(..) | RhaiExpr::InterpolatedString(..) => {
                Err(self.refuse(at, "text in quotes has no meaning here; write a code by its name"))
            }
            RhaiExpr::Array(..) => Err(self.refuse(at, "a list can stand only after `in`")),
            _ => Err(self.refuse(at, "this has no meaning in an expression")),
        }
    }
}

fn join(make: fn(Vec<Syntax>) -> SyntaxKind, parts: Vec<Syntax>) -> Syntax {
    let start = parts.first().map_or(0, |part| part.start);
    let end = parts.last().map_or(0, |part| part.end);
    Syntax { kind: make(parts), start, end }
}

fn operator(token: &Token) -> Option<Operator> {
    Some(match token {
        Token::Plus | Token::UnaryPlus => Operator::Add,
        Token::Minus | Token::UnaryMinus => Operator::Subtract,
        Token::Multiply => Operator::Multiply,
        Token::Divide => Operator::Divide,
        Token::LessThan => Operator::Less,
        Token::LessThanEqualsTo => Operator::LessOrEqual,
        Token::GreaterThan => Operator::Greater,
        Token::GreaterThanEqualsTo => Operator::GreaterOrEqual,
        Token::EqualsTo => Operator::Equal,
        Token::NotEqualsTo => Operator::NotEqual,
        _ => return None,
    })
}
