use std::borrow::Cow;

/// From a character index of the parser to a byte of the file.
pub(super) struct Offsets {
    /// The byte at which each block of [`BLOCK`] characters begins; empty if all is ASCII.
    blocks: Vec<u32>,
    /// Bytes of the parsed text after which the file runs two bytes further ahead.
    shortened: Vec<u32>,
}

const BLOCK: usize = 128;

impl Offsets {
    pub(super) fn new(parsed: &str, shortened: Vec<u32>) -> Self {
        let blocks = if parsed.is_ascii() {
            Vec::new()
        } else {
            let starts = parsed.char_indices().step_by(BLOCK);
            starts.map(|(byte, _)| u32::try_from(byte).unwrap_or(u32::MAX)).collect()
        };
        Self { blocks, shortened }
    }

    /// The byte of the file at which a character begins; the end of the file if there is none.
    pub(super) fn byte(&self, parsed: &str, character: usize) -> u32 {
        let byte = if self.blocks.is_empty() {
            character.min(parsed.len())
        } else {
            let block = (character / BLOCK).min(self.blocks.len() - 1);
            let start = self.blocks.get(block).map_or(0, |&byte| byte as usize);
            let rest = parsed.get(start..).unwrap_or("");
            let within = rest.char_indices().nth(character - block * BLOCK);
            start + within.map_or(rest.len(), |(byte, _)| byte)
        };
        let byte = u32::try_from(byte).unwrap_or(u32::MAX);
        let before = self.shortened.partition_point(|&end| end <= byte);
        byte + 2 * u32::try_from(before).unwrap_or(0)
    }
}

/// Writes `\ud83d\ude00`, which JSON has and YAML has not, as `\U0001f600`.
///
/// Done only in a text that begins as JSON does, where a backslash stands in double quotes.
/// Returns the text and the byte after each escape that became two bytes shorter.
pub(super) fn join_surrogates(text: &str) -> (Cow<'_, str>, Vec<u32>) {
    let body = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_ascii_whitespace());
    if !body.starts_with(['{', '[']) || !text.contains("\\u") {
        return (Cow::Borrowed(text), Vec::new());
    }
    let mut out = String::with_capacity(text.len());
    let mut shortened = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        if let Some(character) = surrogates(escape) {
            out.push_str(&format!("\\U{:08x}", character as u32));
            shortened.push(u32::try_from(out.len()).unwrap_or(u32::MAX));
            rest = escape.get(12..).unwrap_or("");
        } else {
            // The character after a backslash is part of the escape, even another backslash.
            let length = 1 + escape.chars().nth(1).map_or(0, char::len_utf8);
            let (escape, after) = escape.split_at(length);
            out.push_str(escape);
            rest = after;
        }
    }
    out.push_str(rest);
    (Cow::Owned(out), shortened)
}

/// The character that a text beginning with two joined `\u` escapes stands for.
pub(super) fn surrogates(text: &str) -> Option<char> {
    let unit = |from: usize| -> Option<u16> {
        let digits = text.get(from..from + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    };
    let units = [unit(0)?, unit(6)?];
    // A first unit that is a character of its own would make two characters.
    (0xd800..0xdc00).contains(&units[0]).then_some(())?;
    char::decode_utf16(units).next()?.ok()
}
