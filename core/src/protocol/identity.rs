//! Which protocol: id, version, variant.

use std::fmt;

use semver::Version;

/// A protocol document: id and version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Lower-case words joined by hyphens.
    pub id: String,
    /// Semantic version.
    pub version: Version,
}

impl Identity {
    /// Reads `id@version`.
    pub fn read(text: &str) -> Option<Identity> {
        let (id, version) = text.split_once('@')?;
        Some(Identity { id: id.to_owned(), version: Version::parse(version).ok()? })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.id, self.version)
    }
}

/// What a user asks for: `id`, `id@version`, or either with `/variant`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Choice {
    /// The protocol's id.
    pub id: String,
    /// The version; without one, the newest active.
    pub version: Option<Version>,
    /// The variant.
    pub variant: Option<String>,
}

impl Choice {
    /// Reads a choice; `None` where the version is not a semantic version.
    pub fn read(text: &str) -> Option<Choice> {
        let (protocol, variant) = match text.split_once('/') {
            Some((protocol, variant)) => (protocol, Some(variant.to_owned())),
            None => (text, None),
        };
        let (id, version) = match protocol.split_once('@') {
            Some((id, version)) => (id, Some(Version::parse(version).ok()?)),
            None => (protocol, None),
        };
        Some(Choice { id: id.to_owned(), version, variant })
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)?;
        if let Some(version) = &self.version {
            write!(f, "@{version}")?;
        }
        match &self.variant {
            Some(variant) => write!(f, "/{variant}"),
            None => Ok(()),
        }
    }
}
