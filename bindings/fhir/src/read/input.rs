//! From a text to its resources, each with its place: a bundle of any kind, one resource, or one on each line.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Deserializer, Error};
use shockpath::diagnostic::{Code, Diagnostic, FileId, Span, excerpt};
use shockpath::document::Limits;

use super::model::{Bundle, Entry, Head};

/// Bundles inside one another.
const DEEPEST_BUNDLE: usize = 8;

/// A resource and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Resource<'a> {
    pub(crate) raw: &'a str,
    pub(crate) kind: String,
    pub(crate) id: Option<String>,
    /// The address of its entry.
    pub(crate) url: Option<String>,
    pub(crate) head: Head<'a>,
    pub(crate) span: Span,
}

/// The resources of a text, in its order.
#[derive(Debug, Default)]
pub(crate) struct Input<'a> {
    pub(crate) resources: Vec<Resource<'a>>,
    /// Addresses of resources that the bundle says were deleted.
    pub(crate) deleted: Vec<String>,
    /// Resources that could not be read at all.
    pub(crate) unread: usize,
}

/// A text with its name among the sources.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    /// Where a part of the text stands; the part must be a slice of it.
    pub(crate) fn span(self, part: &str) -> Span {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize).min(self.text.len());
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { file: self.file, start: byte(start), end: byte((start + part.len()).min(self.text.len())) }
    }

    /// Where the error of a part stands.
    fn place(self, part: &str, error: &Error) -> Span {
        let before: usize = part.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = part.floor_char_boundary((before + error.column().saturating_sub(1)).min(part.len()));
        let rest = part.get(at..).unwrap_or_default();
        let word = rest.char_indices().nth(1).map_or(rest.len(), |(end, _)| end);
        self.span(rest.get(..word).unwrap_or_default())
    }

    /// A part as one of the forms of FHIR, or what is wrong with it.
    pub(crate) fn parse<'a, T: Deserialize<'a>>(self, part: &'a str, what: &str) -> Result<T, Diagnostic> {
        serde_json::from_str(part).map_err(|error| {
            let text = error.to_string();
            let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
            let message = format!("{what} has another form than FHIR R4 gives it: {}", excerpt(said));
            Diagnostic::error(Code::Invalid, self.place(part, &error), message).help("the resource is left out")
        })
    }
}

/// Whether a text begins with a resource.
pub(crate) fn begins(text: &str) -> bool {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Records are mostly YAML, which need not be looked through for this.
    if !body.trim_start().starts_with('{') || !body.contains("\"resourceType\"") {
        return false;
    }
    let first = Deserializer::from_str(body).into_iter::<Head<'_>>().next();
    first.is_some_and(|head| head.is_ok_and(|head| head.resource_type.is_some()))
}

/// All resources of a text.
///
/// # Errors
/// A text that is no JSON or too large, or that holds no resource.
pub(crate) fn resources<'a>(
    source: Source<'a>,
    limits: &Limits,
    out: &mut Vec<Diagnostic>,
) -> Result<Input<'a>, Diagnostic> {
    let text = source.text;
    if text.len() > limits.bytes.min(u32::MAX as usize - 1) {
        let message = format!("the text is longer than {} bytes", limits.bytes);
        return Err(
            Diagnostic::error(Code::TooLarge, None, message).help("send one patient at a time, or fewer resources")
        );
    }
    check_depth(source, limits.depth)?;
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut input = Input::default();
    let stream = Deserializer::from_str(body).into_iter::<&RawValue>();
    for value in stream {
        let raw = value.map_err(|error| {
            let said = error.to_string();
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
            let message = format!("this is not JSON: {}", excerpt(said));
            Diagnostic::error(Code::Syntax, source.place(body, &error), message)
                .help("send FHIR as JSON: a bundle, one resource, or one resource on each line")
        })?;
        add(source, raw.get(), None, 0, limits, &mut input, out)?;
    }
    if input.resources.is_empty() && input.unread == 0 && input.deleted.is_empty() {
        return Err(Diagnostic::error(Code::EmptyDocument, None, "there is no resource of FHIR in it")
            .help("send a bundle, one resource, or one resource on each line"));
    }
    Ok(input)
}

fn add<'a>(
    source: Source<'a>,
    raw: &'a str,
    url: Option<String>,
    depth: usize,
    limits: &Limits,
    input: &mut Input<'a>,
    out: &mut Vec<Diagnostic>,
) -> Result<(), Diagnostic> {
    if input.resources.len() + input.unread >= limits.nodes {
        let message = format!("there are more than {} resources", limits.nodes);
        return Err(Diagnostic::error(Code::TooLarge, None, message).help("send one patient at a time"));
    }
    // A list would be read as the fields of a resource in their order.
    let whole = if raw.starts_with('{') { source.parse(raw, "a resource") } else { Ok(Head::default()) };
    let head: Head<'a> = match whole {
        Ok(head) => head,
        Err(problem) => {
            input.unread += 1;
            out.push(problem);
            return Ok(());
        }
    };
    let Some(kind) = head.resource_type.as_deref().map(str::to_owned) else {
        input.unread += 1;
        let start = source.span(raw.get(..1).unwrap_or_default());
        out.push(
            Diagnostic::error(Code::MissingField, start, "this says no `resourceType`")
                .help("every resource of FHIR has one; this is left out"),
        );
        return Ok(());
    };
    if kind == "Bundle" && depth < DEEPEST_BUNDLE {
        let bundle: Bundle<'a> = match source.parse(raw, "a bundle") {
            Ok(bundle) => bundle,
            Err(problem) => {
                input.unread += 1;
                out.push(problem);
                return Ok(());
            }
        };
        for entry in bundle.entry {
            add_entry(source, entry, depth, limits, input, out)?;
        }
        return Ok(());
    }
    let id = head.id.as_deref().map(str::to_owned);
    // The id where it stands as it is; else where the resource begins.
    let named = head
        .id
        .as_deref()
        .map(|id| source.span(id))
        .filter(|span| source.text.get(span.start as usize..span.end as usize) == id.as_deref());
    let span = named.unwrap_or_else(|| source.span(raw.get(..1).unwrap_or_default()));
    input.resources.push(Resource { raw, kind, id, url, head, span });
    Ok(())
}

fn add_entry<'a>(
    source: Source<'a>,
    entry: Entry<'a>,
    depth: usize,
    limits: &Limits,
    input: &mut Input<'a>,
    out: &mut Vec<Diagnostic>,
) -> Result<(), Diagnostic> {
    let url = entry.full_url.as_deref().map(str::to_owned);
    match (entry.resource, entry.request) {
        (Some(resource), _) => add(source, resource.get(), url, depth + 1, limits, input, out),
        (None, Some(request)) if request.method.as_deref() == Some("DELETE") => {
            input.deleted.extend(url.or_else(|| request.url.as_deref().map(str::to_owned)));
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Refuses what is nested deeper than any resource is, before anything walks it.
fn check_depth(source: Source<'_>, deepest: usize) -> Result<(), Diagnostic> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in source.text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                if depth > deepest {
                    let place = source.span(source.text.get(at..=at).unwrap_or_default());
                    let message = format!("lists and objects are nested more than {deepest} deep");
                    return Err(Diagnostic::error(Code::TooDeep, place, message));
                }
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}
