//! A table of a mapping, found in the columns of a file.

use std::sync::Arc;

use arrow_schema::{DataType, Schema};
use shockpath::diagnostic::{Code, Diagnostic, closest, excerpt};
use shockpath::vocabulary::Vocabulary;

use crate::Refusal;
use crate::cell::{form, is_instant};
use crate::layout::{Action, Dictionary, Known, Layout, Long, Moment, Settings};
use crate::meaning::Meaning;
use crate::open::Names;

use super::Mapping;
use super::table::{ActionMap, Coded, LongMap, MomentMap, TableMap, Word};

/// Columns that are looked for in a file.
struct Finder<'t> {
    table: &'t TableMap,
    schema: &'t Schema,
    file: &'t str,
    used: Vec<usize>,
    problems: Refusal,
}

impl Finder<'_> {
    fn column(&mut self, word: &Word) -> Option<usize> {
        let found = self.schema.fields().iter().position(|field| *field.name() == word.text);
        match found {
            Some(index) => self.used.push(index),
            None if self.table.optional_columns.contains(&word.text) => {}
            None => {
                let message = format!("`{}` has no column `{}`", excerpt(self.file), excerpt(&word.text));
                let names = self.schema.fields().iter().map(|field| field.name().as_str());
                let help = match closest(&word.text, names) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "name a column of the file, or list it under `optional_columns`".to_owned(),
                };
                self.problems.push(Diagnostic::error(Code::UnknownName, word.span, message).help(help));
            }
        }
        found
    }

    /// A column of values, which must have a form that values can have.
    fn values(&mut self, word: &Word) -> Option<usize> {
        let index = self.column(word)?;
        let ty = self.schema.field(index).data_type();
        if form(ty).is_none() {
            let message = format!("column `{}` is `{ty}`", excerpt(&word.text));
            let found = Diagnostic::error(Code::BadValue, word.span, message);
            self.problems.push(found.help("give numbers, texts, or true and false"));
            return None;
        }
        Some(index)
    }

    fn moment(&mut self, moment: Option<&MomentMap>) -> Option<Moment> {
        match moment? {
            MomentMap::One(word) => {
                let index = self.column(word)?;
                let ty = self.schema.field(index).data_type();
                if is_instant(ty).is_err() && !matches!(ty, DataType::Timestamp(..) | DataType::Null) {
                    let message = format!("column `{}` holds no instants", excerpt(&word.text));
                    let found = Diagnostic::error(Code::BadInstant, word.span, message);
                    self.problems.push(found.help("name a column of date and time, or `{date: …, time: …}`"));
                }
                Some(Moment::One(index))
            }
            MomentMap::Apart(date, time) => {
                let (date, time) = (self.column(date), self.column(time));
                Some(Moment::Apart(date?, time?))
            }
        }
    }

    fn coded(&mut self, coded: &Coded) -> Option<usize> {
        self.values(&coded.column)
    }

    fn long(&mut self, long: &LongMap, names: &mut Names) -> Option<Long> {
        let name = self.column(&long.name);
        let value = long.value.as_ref().and_then(|word| self.values(word));
        let unit = long.unit.as_ref().and_then(|word| self.column(word));
        let action = match &long.action {
            Some(ActionMap::Always(act)) => Some(Action::Always(*act)),
            Some(ActionMap::Column(coded)) => {
                self.coded(coded).map(|index| Action::Column(index, coded.values.clone()))
            }
            None => None,
        };
        let mut settings = Vec::new();
        for (word, any) in &long.settings {
            let Some(index) = self.values(word) else { continue };
            let (name, text) = (names.position(&word.text), word.text.as_str().into());
            settings.push(Settings { index, name, text, any: Arc::clone(any) });
        }
        let dictionary = match &long.names {
            None => Dictionary::Vocabulary,
            Some(names) => Dictionary::Mapped(Arc::clone(names)),
        };
        Some(Long { name: name?, value, unit, action, dictionary, units: Arc::clone(&long.units), settings })
    }
}

impl TableMap {
    /// Whether a file is this table: by its name, with or without what follows the last point.
    pub(crate) fn is(&self, file: &str) -> bool {
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        self.file.text == file || self.file.text == stem
    }

    /// That the folder lacks it.
    pub(crate) fn absent(&self) -> Diagnostic {
        let message = format!("the cohort has no file `{}`", excerpt(&self.file.text));
        Diagnostic::error(Code::UnknownName, self.file.span, message)
            .help("add it, or write `optional: true` where it may be lacking")
    }

    /// The table in the columns of a file.
    pub(crate) fn layout(
        &self,
        (vocabulary, mapping): (&Vocabulary, &Mapping),
        schema: &Schema,
        file: &str,
        names: &mut Names,
    ) -> Result<Layout, Refusal> {
        let mut finder = Finder { table: self, schema, file, used: Vec::new(), problems: Vec::new() };
        let patient = finder.column(&self.patient);
        let mut layout = Layout {
            patient: patient.unwrap_or_default(),
            patient_name: names.position(&self.patient.text),
            times: mapping.times(),
            comma: mapping.comma(),
            ..Layout::default()
        };
        let head = |word: Option<&Word>, names: &mut Names| names.position(word.map_or("", |word| word.text.as_str()));
        let first = |moment: &Option<MomentMap>| match moment {
            Some(MomentMap::One(word) | MomentMap::Apart(word, _)) => Some(word.clone()),
            None => None,
        };
        layout.heads = vec![
            head(self.center.as_ref(), names),
            head(first(&self.from).as_ref(), names),
            head(first(&self.to).as_ref(), names),
            head(self.end.as_ref().map(|coded| &coded.column), names),
        ];
        layout.center = self.center.as_ref().and_then(|word| finder.column(word));
        layout.at = finder.moment(self.at.as_ref());
        layout.known = finder.moment(self.known.as_ref());
        layout.from = finder.moment(self.from.as_ref());
        layout.to = finder.moment(self.to.as_ref());
        layout.end = self.end.as_ref().and_then(|coded| Some((finder.coded(coded)?, coded.values.clone())));
        for (group, coded) in &self.groups {
            let Some(index) = finder.coded(coded) else { continue };
            layout.groups.push((Arc::clone(group), index, coded.values.clone()));
            layout.heads.push(names.position(&coded.column.text));
        }
        for (word, values) in &self.only {
            layout.only.extend(finder.values(word).map(|index| (index, values.clone())));
        }
        if let Some((text, meaning, act)) = &self.chart {
            layout.chart = Some((names.position(text), Arc::clone(text), meaning.clone(), *act));
        }
        for (word, spec) in &self.columns {
            let Some(index) = finder.values(word) else { continue };
            let (name, text) = (names.position(&word.text), Arc::<str>::from(word.text.as_str()));
            // The mapping was read against this vocabulary, so that the unit fits.
            let Ok(meaning) = Meaning::new(vocabulary, spec.target, &text, spec.unit.as_ref()) else { continue };
            layout.wide.push(Known { index, name, text, meaning, values: spec.values.clone(), act: spec.act });
        }
        layout.long = self.long.as_ref().and_then(|long| finder.long(long, names));
        for word in &self.ignore {
            finder.column(word);
        }
        layout.used = finder.used;
        match finder.problems.is_empty() {
            true => Ok(layout),
            false => Err(finder.problems),
        }
    }
}
