//! Packs the documents that ship: as plain text they would be half of the module.

use std::io::Write;
use std::path::Path;
use std::{env, fs, io};

use ppmd_rust::Ppmd7Encoder;

#[path = "src/packing.rs"]
mod packing;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/packing.rs");
    let mut files = shockpath_protocols::files();
    // No operation simulates, so that nobody fetches what only the simulator reads.
    files.retain(|(path, _)| !path.starts_with("simulation/"));
    // Like beside like: what was just seen is packed best.
    files.sort_by_key(|(path, _)| path.contains("/cases/"));
    let mut plain = String::new();
    for (path, text) in &files {
        plain.push_str(&format!("{path}\t{}\n", text.len()));
    }
    plain.push('\n');
    files.iter().for_each(|(_, text)| plain.push_str(text));
    let length = u32::try_from(plain.len()).map_err(io::Error::other)?;
    let encoder = Ppmd7Encoder::new(length.to_le_bytes().to_vec(), packing::ORDER, packing::MEMORY);
    let mut encoder = encoder.map_err(|error| io::Error::other(format!("{error:?}")))?;
    encoder.write_all(plain.as_bytes())?;
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("no OUT_DIR"))?;
    fs::write(Path::new(&out).join("documents.ppmd"), encoder.finish(false)?)
}
