//! Columns as the few kinds that a patient is made of.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, LargeStringArray, TimestampMicrosecondArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{DataType, TimeUnit};
use shockpath::diagnostic::Code;
use shockpath::timeline::{Instant, parse_instant};

use crate::{Refusal, refuse};

/// A column of values.
#[derive(Debug, Clone)]
pub(crate) enum Column {
    /// Numbers. One that is not a number is not charted, as in the tables that write it for want of a null.
    Numbers(Float64Array),
    /// Texts: codes, or numbers with a comparator or a unit.
    Texts(LargeStringArray),
    /// True or false.
    Truths(BooleanArray),
}

/// A column of instants.
#[derive(Debug, Clone)]
pub(crate) enum Instants {
    /// As Arrow has them.
    Stamps(TimestampMicrosecondArray),
    /// As texts with an offset.
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

/// Reads a column of texts, or of what has one form as text: numbers of patients.
pub(crate) fn texts(array: &ArrayRef, name: &str) -> Result<LargeStringArray, Refusal> {
    Ok(cast(array, &DataType::LargeUtf8, name)?.as_string::<i64>().clone())
}

/// Whether a type can say when something was.
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
            Ok(Instants::Stamps(cast(array, &to, name)?.as_primitive::<TimestampMicrosecondType>().clone()))
        }
        _ => Ok(Instants::Texts(texts(array, name)?)),
    }
}

impl Instants {
    /// The instant of a row; none, if it is null.
    pub(crate) fn at(&self, row: usize) -> Result<Option<Instant>, String> {
        match self {
            Instants::Stamps(stamps) => Ok(stamps.is_valid(row).then(|| stamps.value(row))),
            Instants::Texts(texts) if texts.is_null(row) => Ok(None),
            Instants::Texts(texts) => parse_instant(texts.value(row)).map(|(at, _)| Some(at)),
        }
    }
}
