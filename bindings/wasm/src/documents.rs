//! The documents that ship, packed by `build.rs`.

use std::io::Read;

use ppmd_rust::Ppmd7Decoder;

use crate::packing;

static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/documents.ppmd"));

/// The documents as one text.
pub(crate) struct Documents {
    plain: String,
}

impl Documents {
    /// Unpacks the documents. They are part of the module, so that none are missing where it was not tampered with.
    pub(crate) fn unpack() -> Documents {
        Documents { plain: unpack().unwrap_or_default() }
    }

    /// Each with its path, ordered by path.
    pub(crate) fn files(&self) -> Vec<(String, &str)> {
        let Some((list, mut rest)) = self.plain.split_once("\n\n") else { return Vec::new() };
        let mut files = Vec::new();
        for line in list.lines() {
            let Some((path, length)) = line.split_once('\t') else { continue };
            let Some((text, after)) = length.parse().ok().and_then(|length| rest.split_at_checked(length)) else {
                break;
            };
            files.push((path.to_owned(), text));
            rest = after;
        }
        files.sort_unstable();
        files
    }
}

fn unpack() -> Option<String> {
    let (length, packed) = PACKED.split_first_chunk::<4>()?;
    let mut plain = vec![0; u32::from_le_bytes(*length) as usize];
    Ppmd7Decoder::new(packed, packing::ORDER, packing::MEMORY).ok()?.read_exact(&mut plain).ok()?;
    String::from_utf8(plain).ok()
}
