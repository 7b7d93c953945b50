//! Tables to disk, in the form that the reader's tools read best.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, DataType, Schema};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use shockpath::timeline::format_instant;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Parquet.
    Parquet,
    /// CSV in UTF-8, instants in UTC.
    Csv,
    /// Arrow's own file, also called Feather.
    Arrow,
}

impl Form {
    /// What the name of such a file ends in.
    pub fn extension(self) -> &'static str {
        match self {
            Form::Parquet => "parquet",
            Form::Csv => "csv",
            Form::Arrow => "arrow",
        }
    }

    /// Writes a table.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write(self, path: &Path, schema: &Schema, batches: &[RecordBatch]) -> io::Result<()> {
        let file = BufWriter::new(File::create(path)?);
        match self {
            Form::Csv => csv(file, schema, batches),
            Form::Parquet => parquet(file, schema, batches).map_err(io::Error::other),
            Form::Arrow => arrow(file, schema, batches).map_err(io::Error::other),
        }
    }
}

fn parquet(file: impl Write + Send, schema: &Schema, batches: &[RecordBatch]) -> parquet::errors::Result<()> {
    let snappy = WriterProperties::builder().set_compression(Compression::SNAPPY);
    // Whose engine wrote a file shows in its manifest, not in its bytes.
    let properties = snappy.set_created_by("shockpath".to_owned()).build();
    let mut writer = ArrowWriter::try_new(file, schema.clone().into(), Some(properties))?;
    for batch in batches {
        writer.write(batch)?;
    }
    writer.close().map(|_| ())
}

fn arrow(file: impl Write, schema: &Schema, batches: &[RecordBatch]) -> Result<(), ArrowError> {
    // A file has one dictionary for each column, and each batch its own: so names are written out.
    let plain = plain(schema);
    let mut writer = FileWriter::try_new(file, &plain)?;
    for batch in batches {
        let columns = batch.columns().iter().zip(plain.fields());
        let columns: Vec<ArrayRef> =
            columns.map(|(column, field)| arrow_cast::cast(column, field.data_type())).collect::<Result<_, _>>()?;
        writer.write(&RecordBatch::try_new(plain.clone().into(), columns)?)?;
    }
    writer.finish()
}

/// The same columns without dictionaries.
fn plain(schema: &Schema) -> Schema {
    let fields = schema.fields().iter().map(|field| match field.data_type() {
        DataType::Dictionary(_, values) => field.as_ref().clone().with_data_type(values.as_ref().clone()),
        _ => field.as_ref().clone(),
    });
    Schema::new(fields.collect::<Vec<_>>())
}

fn csv(file: impl Write, schema: &Schema, batches: &[RecordBatch]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(schema.fields().iter().map(|field| field.name()))?;
    let options = FormatOptions::default();
    for batch in batches {
        let cells = batch.columns().iter().map(|column| Cells::new(column, &options));
        let cells: Vec<Cells<'_>> = cells.collect::<Result<_, _>>().map_err(io::Error::other)?;
        for row in 0..batch.num_rows() {
            for cells in &cells {
                writer.write_field(cells.text(row))?;
            }
            writer.write_record(None::<&[u8]>)?;
        }
    }
    writer.flush()
}

/// The texts of a column.
enum Cells<'a> {
    Instants(&'a arrow_array::TimestampMicrosecondArray),
    Others(ArrayFormatter<'a>),
}

impl<'a> Cells<'a> {
    fn new(column: &'a ArrayRef, options: &'a FormatOptions<'a>) -> Result<Cells<'a>, ArrowError> {
        match column.as_primitive_opt::<TimestampMicrosecondType>() {
            Some(instants) => Ok(Cells::Instants(instants)),
            None => ArrayFormatter::try_new(column, options).map(Cells::Others),
        }
    }

    fn text(&self, row: usize) -> String {
        match self {
            Cells::Instants(instants) if instants.is_null(row) => String::new(),
            Cells::Instants(instants) => format_instant(instants.value(row), 0),
            Cells::Others(cells) => cells.value(row).to_string(),
        }
    }
}
