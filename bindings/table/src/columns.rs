//! Columns of what is written: names once, as dictionaries.

use std::sync::Arc;

use arrow_array::types::{Int8Type, Int16Type, Int32Type};
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Int8Array, Int16Array, Int32Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use shockpath::timeline::Instant;

/// Columns with their names.
pub(crate) type Fields = Vec<(&'static str, ArrayRef)>;

/// Instants of a zone.
pub(crate) fn stamps(zone: &Arc<str>, instants: impl Iterator<Item = Option<Instant>>) -> ArrayRef {
    let array: TimestampMicrosecondArray = instants.collect();
    Arc::new(array.with_timezone(Arc::clone(zone)))
}

pub(crate) fn words(words: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from(words.to_vec()))
}

pub(crate) fn small(position: usize) -> i16 {
    i16::try_from(position).unwrap_or(i16::MAX)
}

// Keys are positions of what the dictionary was made of.
pub(crate) fn dictionary8(keys: Int8Array, texts: &[&str]) -> ArrayRef {
    let (texts, nulls) = (words(texts), keys.clone());
    match DictionaryArray::<Int8Type>::try_new(keys, texts) {
        Ok(array) => Arc::new(array),
        Err(_) => arrow_array::new_null_array(&ty(&DataType::Int8), nulls.len()),
    }
}

pub(crate) fn dictionary16(keys: Int16Array, texts: &Arc<StringArray>) -> ArrayRef {
    let len = keys.len();
    match DictionaryArray::<Int16Type>::try_new(keys, Arc::clone(texts) as ArrayRef) {
        Ok(array) => Arc::new(array),
        Err(_) => arrow_array::new_null_array(&ty(&DataType::Int16), len),
    }
}

pub(crate) fn dictionary32(keys: Int32Array, texts: Arc<StringArray>) -> ArrayRef {
    let len = keys.len();
    match DictionaryArray::<Int32Type>::try_new(keys, texts) {
        Ok(array) => Arc::new(array),
        Err(_) => arrow_array::new_null_array(&ty(&DataType::Int32), len),
    }
}

fn ty(keys: &DataType) -> DataType {
    DataType::Dictionary(Box::new(keys.clone()), Box::new(DataType::Utf8))
}

pub(crate) fn schema(fields: &Fields) -> SchemaRef {
    Arc::new(Schema::new(
        fields.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect::<Vec<_>>(),
    ))
}

pub(crate) fn batch(fields: Fields) -> Result<RecordBatch, ArrowError> {
    let schema = schema(&fields);
    RecordBatch::try_new(schema, fields.into_iter().map(|(_, array)| array).collect())
}
