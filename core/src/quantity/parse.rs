//! The grammar of UCUM codes.

use super::atom;
use super::error::UnitError;
use super::unit::{Symbol, Term, Unit};

/// No unit of medicine is longer; a longer text is not a unit.
const MAX_LENGTH: usize = 200;
/// Parentheses inside parentheses.
const MAX_DEPTH: usize = 8;

/// Reads a case-sensitive UCUM code.
pub(crate) fn unit(code: &str) -> Result<Unit, UnitError> {
    if code.is_empty() {
        return Err(UnitError::Empty);
    }
    if code.len() > MAX_LENGTH {
        let unit: String = code.chars().take(40).collect();
        return Err(UnitError::Malformed { unit: format!("{unit}…"), problem: "it is too long" });
    }
    let mut parser = Parser { code, rest: code, terms: Vec::new() };
    let sign = if parser.take('/') { -1 } else { 1 };
    parser.product(sign, 0)?;
    if !parser.rest.is_empty() {
        return Err(parser.malformed(parser.surplus()));
    }
    Unit::build(parser.terms).map_err(|error| match error {
        UnitError::OutOfRange { .. } => UnitError::OutOfRange { unit: code.into() },
        other => other,
    })
}

/// The name of a unit without its exponent, and the exponent: `cm`, `-5`. Digits between brackets
/// belong to the name.
pub(crate) fn split_exponent(symbol: &str) -> (&str, &str) {
    let name = symbol.trim_end_matches(|c: char| c.is_ascii_digit());
    if name.len() == symbol.len() {
        return (symbol, "");
    }
    let name = name.strip_suffix(['+', '-']).unwrap_or(name);
    symbol.split_at(name.len())
}

/// How many bytes of `text` the symbol at its start takes: up to a separator outside brackets.
pub(crate) fn symbol_length(text: &str, ends: impl Fn(char) -> bool) -> usize {
    let mut bracket = false;
    for (at, c) in text.char_indices() {
        match c {
            '[' => bracket = true,
            ']' => bracket = false,
            _ if !bracket && ends(c) => return at,
            _ => {}
        }
    }
    text.len()
}

struct Parser<'a> {
    code: &'a str,
    rest: &'a str,
    terms: Vec<Term>,
}

impl Parser<'_> {
    fn take(&mut self, c: char) -> bool {
        let rest = self.rest.strip_prefix(c);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn malformed(&self, problem: &'static str) -> UnitError {
        UnitError::Malformed { unit: self.code.into(), problem }
    }

    fn surplus(&self) -> &'static str {
        match self.rest.chars().next() {
            Some(')') => "a parenthesis closes that was not opened",
            Some('}') => "a brace closes that was not opened",
            _ => "`.` or `/` is missing between two units",
        }
    }

    /// Division holds for the next component only: `a/b.c` is `(a/b).c`.
    fn product(&mut self, sign: i8, depth: usize) -> Result<(), UnitError> {
        let mut next = sign;
        let outer = if depth == 0 { 1 } else { sign };
        loop {
            self.component(next, depth)?;
            if self.take('.') {
                next = outer;
            } else if self.take('/') {
                next = -outer;
            } else {
                return Ok(());
            }
        }
    }

    fn component(&mut self, sign: i8, depth: usize) -> Result<(), UnitError> {
        if self.take('(') {
            if depth >= MAX_DEPTH {
                return Err(self.malformed("its parentheses are nested too deeply"));
            }
            self.product(sign, depth + 1)?;
            if !self.take(')') {
                let problem = if self.rest.is_empty() { "a parenthesis is not closed" } else { self.surplus() };
                return Err(self.malformed(problem));
            }
            return Ok(());
        }
        let length = symbol_length(self.rest, |c| "./(){}".contains(c));
        let (symbol, rest) = self.rest.split_at(length);
        self.rest = rest;
        let note = self.note()?;
        let (symbol, exponent) = match (symbol, &note) {
            ("", None) => return Err(self.malformed("a part of it is missing")),
            ("", Some(_)) => (Symbol::Note, 1),
            _ => self.symbol(symbol)?,
        };
        let symbol = match symbol {
            Symbol::Number(1) if note.is_none() => return Ok(()),
            Symbol::Number(1) => Symbol::Note,
            other => other,
        };
        self.terms.push(Term { symbol, note, exponent: exponent * sign });
        Ok(())
    }

    fn symbol(&self, symbol: &str) -> Result<(Symbol, i8), UnitError> {
        let unknown = || UnitError::Unknown { unit: self.code.into(), part: symbol.into() };
        let out_of_range = || UnitError::OutOfRange { unit: self.code.into() };
        if symbol.bytes().all(|b| b.is_ascii_digit()) {
            let number: u64 = symbol.parse().map_err(|_| out_of_range())?;
            if number == 0 {
                return Err(self.malformed("a factor of it is zero"));
            }
            return Ok((Symbol::Number(number), 1));
        }
        let (name, exponent) = split_exponent(symbol);
        let (prefix, atom) = atom::resolve(name).ok_or_else(unknown)?;
        let exponent = match exponent {
            "" => 1,
            digits => match digits.parse::<i8>().map_err(|_| out_of_range())? {
                0 => return Err(self.malformed("an exponent of it is zero")),
                power if power.unsigned_abs() > 60 => return Err(out_of_range()),
                power => power,
            },
        };
        Ok((Symbol::Atom(prefix, atom), exponent))
    }

    fn note(&mut self) -> Result<Option<String>, UnitError> {
        if !self.take('{') {
            return Ok(None);
        }
        let Some((note, rest)) = self.rest.split_once('}') else {
            return Err(self.malformed("a brace is not closed"));
        };
        if note.is_empty() || !note.bytes().all(|b| b.is_ascii_graphic() && b != b'{') {
            return Err(self.malformed("an annotation holds printable ASCII without spaces"));
        }
        self.rest = rest;
        Ok(Some(note.into()))
    }
}
