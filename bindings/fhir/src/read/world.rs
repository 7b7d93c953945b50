//! The resources of a text as a whole: their versions, what refers to what, and whom each is about.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use shockpath::diagnostic::Diagnostic;
use shockpath::timeline::Instant;
use shockpath::vocabulary::Vocabulary;

use crate::map::Map;

use super::input::{Input, Resource, Source};
use super::model::{Head, Identifier, Patient, Reference};
use super::moment;

/// References from one resource to the next, such as from a metric to the device of its device.
const LONGEST_WAY: usize = 4;

/// Everything that reading a resource needs.
pub(crate) struct World<'w, 'a> {
    pub(crate) vocabulary: &'w Vocabulary,
    pub(crate) map: &'w Map,
    pub(crate) source: Source<'a>,
    resources: &'w [Resource<'a>],
    urls: BTreeMap<&'w str, usize>,
    /// By type and id, the newest version of each.
    ids: BTreeMap<(&'w str, &'w str), usize>,
    identifiers: BTreeMap<(String, String), usize>,
    /// Of each resource the versions before it, oldest first; only of the newest.
    earlier: BTreeMap<usize, Vec<usize>>,
    standing: Vec<Standing>,
    /// Which resource was looked up for which.
    looked_up: RefCell<BTreeSet<(usize, usize)>>,
}

/// What a resource is among its versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The newest.
    Newest,
    /// Another took its place.
    Earlier,
    /// The same text again.
    Copy,
    /// The bundle says that it was deleted.
    Deleted,
    /// Two texts of one version: neither can be believed.
    Disputed,
}

/// A resource that was referred to.
#[derive(Debug, Clone)]
pub(crate) struct Found<'a> {
    pub(crate) kind: String,
    pub(crate) raw: &'a str,
    /// The resource that contains it, or it itself.
    pub(crate) home: usize,
}

/// Whom a resource is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Whom {
    /// A patient, by the key of the record.
    Patient(String),
    /// Somebody or something else, by type.
    Other(String),
    /// It does not say.
    Nobody,
}

impl<'w, 'a> World<'w, 'a> {
    pub(crate) fn new(
        vocabulary: &'w Vocabulary,
        map: &'w Map,
        source: Source<'a>,
        input: &'w Input<'a>,
    ) -> World<'w, 'a> {
        let resources = input.resources.as_slice();
        let mut world = World {
            vocabulary,
            map,
            source,
            resources,
            urls: BTreeMap::new(),
            ids: BTreeMap::new(),
            identifiers: BTreeMap::new(),
            earlier: BTreeMap::new(),
            standing: vec![Standing::Newest; resources.len()],
            looked_up: RefCell::default(),
        };
        world.order_versions(&input.deleted);
        for (index, resource) in resources.iter().enumerate() {
            if world.standing.get(index) != Some(&Standing::Newest) {
                continue;
            }
            if let Some(url) = &resource.url {
                world.urls.entry(url).or_insert(index);
            }
            if let Some(id) = &resource.id {
                world.ids.entry((&resource.kind, id)).or_insert(index);
            }
            if resource.kind == "Patient"
                && let Ok(patient) = world.source.parse::<Patient<'_>>(resource.raw, "a patient")
            {
                for identifier in &patient.identifier {
                    if let Some(key) = key_of(identifier) {
                        world.identifiers.entry(key).or_insert(index);
                    }
                }
            }
        }
        world
    }

    /// Which of several texts of one resource is the newest.
    fn order_versions(&mut self, deleted: &[String]) {
        let resources = self.resources;
        let mut groups: BTreeMap<(&str, &str, &str), Vec<usize>> = BTreeMap::new();
        for (index, resource) in resources.iter().enumerate() {
            if let Some(id) = &resource.id {
                // The same id on two servers is two resources.
                let base = resource.url.as_deref().and_then(|url| base_of(url, &resource.kind, id)).unwrap_or_default();
                groups.entry((&resource.kind, id, base)).or_default().push(index);
            }
        }
        for ((kind, id, _), mut group) in groups {
            let relative = format!("{kind}/{id}");
            if deleted.iter().any(|url| *url == relative || url.ends_with(&format!("/{relative}"))) {
                group.iter().for_each(|index| self.mark(*index, Standing::Deleted));
                continue;
            }
            if group.len() < 2 {
                continue;
            }
            let mut seen = BTreeSet::new();
            group.retain(|index| {
                let first = resources.get(*index).is_none_or(|resource| seen.insert(resource.raw));
                if !first {
                    self.mark(*index, Standing::Copy);
                }
                first
            });
            group.sort_by_key(|index| resources.get(*index).map(version));
            let versions: Vec<_> = group.iter().filter_map(|index| resources.get(*index).map(version)).collect();
            if versions.windows(2).any(|pair| pair.first() == pair.last()) {
                group.iter().for_each(|index| self.mark(*index, Standing::Disputed));
                continue;
            }
            if let Some(newest) = group.pop() {
                group.iter().for_each(|index| self.mark(*index, Standing::Earlier));
                self.earlier.insert(newest, group);
            }
        }
    }

    fn mark(&mut self, index: usize, standing: Standing) {
        if let Some(held) = self.standing.get_mut(index) {
            *held = standing;
        }
    }

    pub(crate) fn standing(&self, index: usize) -> Standing {
        self.standing.get(index).copied().unwrap_or(Standing::Newest)
    }

    /// The versions before a resource, oldest first.
    pub(crate) fn earlier(&self, index: usize) -> &[usize] {
        self.earlier.get(&index).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn resource(&self, index: usize) -> Option<&'w Resource<'a>> {
        self.resources.get(index)
    }

    /// The resource that one refers to, if it is in the text.
    pub(crate) fn find(&self, home: usize, reference: &Reference<'_>) -> Option<Found<'a>> {
        let held = |index: usize| {
            let resource = self.resources.get(index)?;
            self.looked_up.borrow_mut().insert((home, index));
            Some(Found { kind: resource.kind.clone(), raw: resource.raw, home: index })
        };
        if let Some(text) = reference.reference.as_deref() {
            return match text.strip_prefix('#') {
                Some(id) => self.contained(home, id),
                None => held(self.index_of(home, text)?),
            };
        }
        let key = key_of(reference.identifier.as_ref()?)?;
        held(*self.identifiers.get(&key)?)
    }

    fn contained(&self, home: usize, id: &str) -> Option<Found<'a>> {
        let owner = self.resources.get(home)?;
        if id.is_empty() {
            return Some(Found { kind: owner.kind.clone(), raw: owner.raw, home });
        }
        owner.head.contained.iter().find_map(|raw| {
            let head: Head<'a> = self.source.parse(raw.get(), "a resource").ok()?;
            let kind = head.resource_type.as_deref()?.to_owned();
            (head.id.as_deref() == Some(id)).then(|| Found { kind, raw: raw.get(), home })
        })
    }

    fn index_of(&self, home: usize, text: &str) -> Option<usize> {
        let text = text.split("/_history/").next().unwrap_or(text);
        let full = self.full(home, text);
        if let Some(index) = self.urls.get(text).or_else(|| self.urls.get(full.as_str())) {
            return Some(*index);
        }
        let (rest, id) = text.rsplit_once('/')?;
        let kind = rest.rsplit('/').next()?;
        let index = *self.ids.get(&(kind, id))?;
        // An absolute address names a resource of that server, which one without any address may be.
        let fits = !is_absolute(text) || self.resources.get(index).is_some_and(|resource| resource.url.is_none());
        fits.then_some(index)
    }

    /// A relative reference as an address, where the entry that holds it has one.
    fn full(&self, home: usize, text: &str) -> String {
        let base = self
            .resources
            .get(home)
            .and_then(|resource| base_of(resource.url.as_deref()?, &resource.kind, resource.id.as_deref()?));
        match base {
            Some(base) if !is_absolute(text) => format!("{base}{text}"),
            _ => text.to_owned(),
        }
    }

    /// Whom a resource is about.
    pub(crate) fn whom(&self, home: usize, reference: Option<&Reference<'_>>) -> Whom {
        let Some(reference) = reference else { return Whom::Nobody };
        if let Some(found) = self.find(home, reference) {
            let Some(resource) = self.resources.get(found.home) else { return Whom::Nobody };
            return match found.kind.as_str() {
                "Patient" if found.raw == resource.raw => Whom::Patient(self.key(found.home)),
                // A patient inside the resource is known by an identifier alone.
                "Patient" => {
                    let patient = self.source.parse::<Patient<'a>>(found.raw, "a patient").unwrap_or_default();
                    let key = patient.identifier.iter().find_map(key_of);
                    key.map_or(Whom::Nobody, |(system, value)| Whom::Patient(format!("{system}|{value}")))
                }
                other => Whom::Other(other.to_owned()),
            };
        }
        match (reference.reference.as_deref(), &reference.identifier) {
            (Some(text), _) if text.starts_with('#') => Whom::Nobody,
            (Some(text), _) => {
                let text = text.split("/_history/").next().unwrap_or(text);
                let kind = text.rsplit_once('/').and_then(|(rest, _)| rest.rsplit('/').next());
                match kind {
                    Some(kind) if kind != "Patient" => Whom::Other(kind.to_owned()),
                    _ => Whom::Patient(self.full(home, text)),
                }
            }
            (None, Some(identifier)) => {
                key_of(identifier).map_or(Whom::Nobody, |(system, value)| Whom::Patient(format!("{system}|{value}")))
            }
            _ => Whom::Nobody,
        }
    }

    /// What a Patient of the text is called.
    pub(crate) fn key(&self, index: usize) -> String {
        let Some(resource) = self.resources.get(index) else { return String::new() };
        match (&resource.id, &resource.url) {
            (Some(id), _) => format!("Patient/{id}"),
            (None, Some(url)) => url.clone(),
            (None, None) => String::new(),
        }
    }

    /// What a record says a value comes from.
    pub(crate) fn origin(&self, index: usize) -> String {
        let Some(resource) = self.resources.get(index) else { return String::new() };
        match (&resource.id, &resource.url) {
            (Some(id), _) => format!("{}/{id}", resource.kind),
            (None, Some(url)) => url.clone(),
            (None, None) => resource.kind.clone(),
        }
    }

    /// When a resource was last changed on its server.
    pub(crate) fn updated(&self, index: usize) -> Option<moment::Moment> {
        let meta = self.resources.get(index)?.head.meta.as_ref()?;
        moment::instant(meta.last_updated.as_ref()?).ok()
    }

    /// What was looked up for these resources, and for what was looked up for them; only of types that fit.
    pub(crate) fn referred_to(&self, from: &BTreeSet<usize>, fits: impl Fn(&str) -> bool) -> BTreeSet<usize> {
        let pairs = self.looked_up.borrow();
        let mut found = BTreeSet::new();
        let mut open: Vec<usize> = from.iter().copied().collect();
        while let Some(home) = open.pop() {
            for (_, index) in pairs.range((home, 0)..=(home, usize::MAX)) {
                let fits = self.resources.get(*index).is_some_and(|resource| fits(&resource.kind));
                if fits && found.insert(*index) {
                    open.push(*index);
                }
            }
        }
        found
    }

    /// A resource as one of the forms of FHIR.
    pub(crate) fn parse<T: serde::Deserialize<'a>>(&self, index: usize) -> Result<T, Diagnostic> {
        let Some(resource) = self.resources.get(index) else {
            return self.source.parse("", "a resource");
        };
        self.source.parse(resource.raw, &format!("`{}`", self.origin(index)))
    }

    /// How far references are followed.
    pub(crate) fn longest_way() -> usize {
        LONGEST_WAY
    }
}

fn is_absolute(text: &str) -> bool {
    text.contains("://") || text.starts_with("urn:")
}

/// What stands before type and id in an address.
fn base_of<'u>(url: &'u str, kind: &str, id: &str) -> Option<&'u str> {
    url.strip_suffix(id)?.strip_suffix('/')?.strip_suffix(kind).filter(|base| base.ends_with('/'))
}

fn key_of(identifier: &Identifier<'_>) -> Option<(String, String)> {
    let value = identifier.value.as_deref()?;
    Some((identifier.system.as_deref().unwrap_or_default().to_owned(), value.to_owned()))
}

/// Orders the versions of a resource: by when they were written, then by their number.
fn version(resource: &Resource<'_>) -> (Option<Instant>, Option<u64>) {
    let Some(meta) = &resource.head.meta else { return (None, None) };
    let updated = meta.last_updated.as_ref().and_then(|text| moment::instant(text).ok()).map(|moment| moment.at);
    (updated, meta.version_id.as_deref().and_then(|text| text.parse().ok()))
}
