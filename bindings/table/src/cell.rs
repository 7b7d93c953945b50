//! Columns as the few kinds that a patient is made of.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, LargeStringArray, TimestampMicrosecondArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, TimeUnit};
use chrono::DateTime;
use shockpath::diagnostic::Code;
use shockpath::timeline::Instant;

use crate::times::Times;
use crate::{Refusal, refuse};

/// A column of values.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Numbers. One that is not a number is not charted, as in the tables that write it for want of a null.
    Numbers(Float64Array),
    /// Texts: codes, or numbers with a comparator or a unit. One that is blank is not charted.
    Texts(LargeStringArray),
    /// True or false.
    Truths(BooleanArray),
}

/// What is charted in one cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Cell<'a> {
    Number(f64),
    Text(&'a str),
    Truth(bool),
}

/// A column of instants.
#[derive(Debug, Clone)]
pub(crate) enum Instants {
    /// As Arrow has them.
    Stamps(TimestampMicrosecondArray),
    /// As Arrow has them, by a clock on the wall.
    Local(TimestampMicrosecondArray),
    /// As texts.
    Texts(LargeStringArray),
}

/// What a column can be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Numbers,
    Texts,
    Truths,
}

/// The form of a type, if it has one.
pub(crate) fn form(ty: &DataType) -> Option<Form> {
    match ty {
        ty if ty.is_numeric() => Some(Form::Numbers),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Some(Form::Texts),
        DataType::Dictionary(_, values) => form(values).filter(|form| *form == Form::Texts),
        DataType::Boolean => Some(Form::Truths),
        // A column of nothing: never charted.
        DataType::Null => Some(Form::Numbers),
        _ => None,
    }
}

fn cast(array: &ArrayRef, to: &DataType, name: &str) -> Result<ArrayRef, Refusal> {
    if array.data_type() == to {
        return Ok(Arc::clone(array));
    }
    // What does not fit is an error, and never a null that nobody sees.
    cast_with_options(array, to, &CastOptions { safe: false, ..CastOptions::default() }).map_err(|error| {
        let message = format!("column `{name}`: {}", error.to_string().to_lowercase());
        refuse(Code::BadValue, message, "give numbers, texts, or true and false")
    })
}

/// Reads a column in the form of its type.
pub(crate) fn column(array: &ArrayRef, name: &str) -> Result<Column, Refusal> {
    match form(array.data_type()) {
        Some(Form::Numbers) => {
            Ok(Column::Numbers(cast(array, &DataType::Float64, name)?.as_primitive::<Float64Type>().clone()))
        }
        Some(Form::Truths) => Ok(Column::Truths(array.as_boolean().clone())),
        _ => Ok(Column::Texts(texts(array, name)?)),
    }
}

impl Column {
    /// What is charted in a row, if anything is.
    pub(crate) fn cell(&self, row: usize) -> Option<Cell<'_>> {
        match self {
            Column::Numbers(numbers) => {
                (numbers.is_valid(row) && !numbers.value(row).is_nan()).then(|| Cell::Number(numbers.value(row)))
            }
            Column::Texts(texts) => text(texts, row).map(Cell::Text),
            Column::Truths(truths) => truths.is_valid(row).then(|| Cell::Truth(truths.value(row))),
        }
    }
}

/// As text: what a mapping lists raw values by.
impl std::fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Cell::Number(number) => write!(f, "{number}"),
            Cell::Text(text) => f.write_str(text),
            Cell::Truth(truth) => write!(f, "{truth}"),
        }
    }
}

/// The text of a row, if it is not blank.
pub(crate) fn text(texts: &LargeStringArray, row: usize) -> Option<&str> {
    texts.is_valid(row).then(|| texts.value(row).trim()).filter(|text| !text.is_empty())
}

/// Reads a column of texts, or of what has one form as text: numbers of patients.
pub(crate) fn texts(array: &ArrayRef, name: &str) -> Result<LargeStringArray, Refusal> {
    Ok(cast(array, &DataType::LargeUtf8, name)?.as_string::<i64>().clone())
}

/// Whether a type can say when something was; a clock on the wall can where its zone is declared.
pub(crate) fn is_instant(ty: &DataType) -> Result<(), &'static str> {
    match ty {
        DataType::Timestamp(_, Some(_)) => Ok(()),
        DataType::Timestamp(_, None) => Err("has no time zone"),
        ty if form(ty) == Some(Form::Texts) => Ok(()),
        _ => Err("holds no instants"),
    }
}

/// Reads a column of instants.
pub(crate) fn instants(array: &ArrayRef, name: &str) -> Result<Instants, Refusal> {
    match array.data_type() {
        DataType::Timestamp(_, zone) => {
            let to = DataType::Timestamp(TimeUnit::Microsecond, zone.clone());
            let stamps = cast(array, &to, name)?.as_primitive::<TimestampMicrosecondType>().clone();
            Ok(if zone.is_some() { Instants::Stamps(stamps) } else { Instants::Local(stamps) })
        }
        _ => Ok(Instants::Texts(texts(array, name)?)),
    }
}

/// Reads a column of dates or of times of day as texts, which [`Times`] puts together.
pub(crate) fn parts(array: &ArrayRef, name: &str, times: &Times) -> Result<LargeStringArray, Refusal> {
    if let (DataType::Date32, true) = (array.data_type(), times.dates != crate::times::Dates::Iso) {
        // Arrow's own dates have no order of day and month: they are written in the declared one.
        let days = array.as_primitive::<Date32Type>();
        let date = |row: usize| days.is_valid(row).then(|| days.value_as_date(row)).flatten();
        let written = (0..days.len()).map(|row| date(row).map(|date| times.dates.write(date)));
        return Ok(written.collect());
    }
    texts(array, name)
}

impl Instants {
    /// The instant of a row; none, if it is blank.
    pub(crate) fn at(&self, row: usize, times: &Times) -> Result<Option<Instant>, String> {
        match self {
            Instants::Stamps(stamps) => Ok(stamps.is_valid(row).then(|| stamps.value(row))),
            Instants::Local(stamps) if stamps.is_null(row) => Ok(None),
            Instants::Local(stamps) => {
                let local = DateTime::from_timestamp_micros(stamps.value(row)).map(|at| at.naive_utc());
                local.ok_or_else(|| "has no instant".to_owned()).and_then(|local| times.local(local)).map(Some)
            }
            Instants::Texts(texts) => text(texts, row).map(|text| times.read(text)).transpose(),
        }
    }
}
