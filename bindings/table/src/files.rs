//! Cohorts on disk: a CSV file, a Parquet file, or a folder of them under a mapping.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::LargeStringBuilder;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use shockpath::diagnostic::{Code, Diagnostic, excerpt};
use shockpath::vocabulary::Vocabulary;

use crate::cohort::{Chunk, Cohort, Feed};
use crate::layout::Options;
use crate::mapping::Mapping;
use crate::{Refusal, refuse};

/// Rows of a CSV file that are read at once.
const ROWS: usize = 8192;

/// What Excel writes before UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// What a file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Parquet,
}

fn format(path: &Path) -> Option<Format> {
    match path.extension()?.to_str()?.to_lowercase().as_str() {
        "csv" | "tsv" | "txt" => Some(Format::Csv),
        "parquet" | "pq" => Some(Format::Parquet),
        _ => None,
    }
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn unreadable(path: &Path, problem: &str, help: &str) -> Refusal {
    refuse(Code::Invalid, format!("`{}` {problem}", excerpt(&name(path))), help)
}

impl<'v> Cohort<'v> {
    /// A cohort on disk. Without a mapping it is one file whose columns have our own names and whose rows are sorted by
    /// patient.
    ///
    /// # Errors
    /// What cannot be read at all: a file of another kind, one that is cut off, one without a column of patients; and
    /// columns that a mapping names and a file lacks.
    pub fn open(
        vocabulary: &'v Vocabulary,
        path: &Path,
        options: &Options,
        mapping: Option<&Mapping>,
    ) -> Result<Cohort<'v>, Refusal> {
        match (path.is_dir(), mapping) {
            (false, None) => Cohort::plain(vocabulary, feed(path, b',')?, options),
            (false, Some(mapping)) => {
                Cohort::mapped(vocabulary, vec![feed(path, mapping.delimiter())?], mapping, Vec::new())
            }
            (true, None) => Err(unreadable(path, "is a folder", "say by a mapping what its files are")),
            (true, Some(mapping)) => {
                let (mut feeds, mut unused, mut problems) = (Vec::new(), Vec::new(), Vec::new());
                for file in files(path)? {
                    let name = name(&file);
                    if !mapping.tables().any(|table| table.is(&name)) {
                        unused.push(name);
                        continue;
                    }
                    match feed(&file, mapping.delimiter()) {
                        Ok(feed) => feeds.push(feed),
                        Err(found) => problems.extend(found),
                    }
                }
                match problems.is_empty() {
                    true => Cohort::mapped(vocabulary, feeds, mapping, unused),
                    false => Err(problems),
                }
            }
        }
    }
}

/// The files of a folder, in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let wrong = |error: std::io::Error| unreadable(folder, &format!("cannot be listed: {error}"), "name a folder");
    let entries = std::fs::read_dir(folder).map_err(wrong)?.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let mut files: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

fn feed(path: &Path, delimiter: u8) -> Result<Feed, Refusal> {
    let Some(format) = format(path) else {
        return Err(unreadable(path, "is no table", "give a file that ends in .csv or .parquet"));
    };
    let file = File::open(path).map_err(|error| {
        unreadable(
            path,
            &format!("cannot be opened: {}", error.to_string().to_lowercase()),
            "name a file that is there",
        )
    })?;
    let feed = match format {
        Format::Csv => csv(path, file, delimiter)?,
        Format::Parquet => parquet(path, file)?,
    };
    match empty(&feed.name, &feed.schema) {
        Some(refusal) => Err(refusal),
        None => Ok(feed),
    }
}

fn parquet(path: &Path, file: File) -> Result<Feed, Refusal> {
    let wrong = |path: &Path, error: &dyn std::fmt::Display| {
        let problem = format!("is no whole Parquet file: {}", error.to_string().to_lowercase());
        unreadable(path, &problem, "it may have been cut off; copy it again")
    };
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|error| wrong(path, &error))?;
    let schema = Arc::clone(builder.schema());
    let reader = builder.with_batch_size(ROWS).build().map_err(|error| wrong(path, &error))?;
    let owned = path.to_owned();
    let chunks = reader.map(move |batch| {
        batch.map(|batch| Chunk { batch, broken: Vec::new() }).map_err(|error| wrong(&owned, &error))
    });
    Ok(Feed { name: name(path).into(), schema, chunks: Box::new(chunks) })
}

fn csv(path: &Path, file: File, delimiter: u8) -> Result<Feed, Refusal> {
    let mut input = BufReader::with_capacity(1 << 16, file);
    let wrong = |path: &Path, error: &dyn std::fmt::Display| {
        unreadable(path, &format!("cannot be read: {}", error.to_string().to_lowercase()), "give a CSV file in UTF-8")
    };
    let mark = input.fill_buf().map_err(|error| wrong(path, &error))?.starts_with(BYTE_ORDER_MARK);
    if mark {
        input.consume(BYTE_ORDER_MARK.len());
    }
    // Rows of another length are told one by one, and not by the end of the reading.
    let mut reader = ::csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input);
    let header = reader.byte_headers().map_err(|error| wrong(path, &error))?;
    let mut names: Vec<String> = Vec::new();
    for column in header {
        match std::str::from_utf8(column) {
            Ok(column) if names.iter().any(|held| held == column.trim()) => {
                let problem = format!("has two columns `{}`", excerpt(column));
                return Err(unreadable(path, &problem, "give each column a name of its own"));
            }
            Ok(column) => names.push(column.trim().to_owned()),
            Err(_) => return Err(unreadable(path, "is not in UTF-8", "save it as `CSV UTF-8`")),
        }
    }
    if let [one] = names.as_slice()
        && one.contains([',', ';', '\t', '|'])
    {
        let help = "say by a mapping what parts the columns: `csv: {delimiter: \";\"}`";
        return Err(unreadable(path, &format!("has one column only, `{}`", excerpt(one)), help));
    }
    let fields: Vec<Field> = names.iter().map(|name| Field::new(name, DataType::LargeUtf8, true)).collect();
    let schema = Arc::new(Schema::new(fields));
    let rows = Rows { reader, schema: Arc::clone(&schema), path: path.to_owned(), ended: false };
    Ok(Feed { name: name(path).into(), schema, chunks: Box::new(rows) })
}

/// Rows of a CSV file, some at once.
struct Rows {
    reader: ::csv::Reader<BufReader<File>>,
    schema: SchemaRef,
    path: PathBuf,
    ended: bool,
}

impl Iterator for Rows {
    type Item = Result<Chunk, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let width = self.schema.fields().len();
        let mut columns: Vec<LargeStringBuilder> = (0..width).map(|_| LargeStringBuilder::new()).collect();
        let (mut broken, mut record, mut rows) = (Vec::new(), ::csv::ByteRecord::new(), 0);
        while rows < ROWS {
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => {
                    self.ended = true;
                    break;
                }
                Err(error) => {
                    self.ended = true;
                    let problem = format!("cannot be read: {}", error.to_string().to_lowercase());
                    return Some(Err(unreadable(&self.path, &problem, "copy it again")));
                }
            }
            let cells: Result<Vec<&str>, _> = record.iter().map(std::str::from_utf8).collect();
            let cells = match cells {
                Ok(cells) if cells.len() == width => cells,
                Ok(cells) => {
                    broken.push((rows, format!("has {} columns where the header has {width}", cells.len())));
                    Vec::new()
                }
                Err(_) => {
                    broken.push((rows, "is not in UTF-8".to_owned()));
                    Vec::new()
                }
            };
            for (position, column) in columns.iter_mut().enumerate() {
                column.append_option(cells.get(position).filter(|cell| !cell.is_empty()));
            }
            rows += 1;
        }
        if rows == 0 {
            return None;
        }
        let columns = columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef).collect();
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns);
        Some(match batch {
            Ok(batch) => Ok(Chunk { batch, broken }),
            Err(error) => Err(vec![Diagnostic::error(Code::Invalid, None, error.to_string().to_lowercase())]),
        })
    }
}

/// Why a table has no rows to read.
fn empty(name: &str, schema: &Schema) -> Option<Refusal> {
    schema.fields().is_empty().then(|| {
        refuse(Code::EmptyDocument, format!("`{}` is empty", excerpt(name)), "the first row names the columns")
    })
}
