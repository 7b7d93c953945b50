//! How the documents are packed and unpacked: PPMd variant H, which packs text a fifth smaller than LZMA does.

/// Letters by which the next is foretold.
pub(crate) const ORDER: u32 = 12;

/// Bytes of the model.
pub(crate) const MEMORY: u32 = 16 << 20;
