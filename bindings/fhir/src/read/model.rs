//! The parts of FHIR resources that are read, as they stand in JSON. What is not named here is skipped.

use std::borrow::Cow;
use std::ops::Deref;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Text that is copied only where it holds escapes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident as $what:literal { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(rename_all = "camelCase", default, expecting = $what)]
        pub(crate) struct $name<'a> {
            $(#[serde(borrow)] $(#[$field_doc])* pub(crate) $field: $kind,)*
        }
    )*};
}

parts! {
    /// What every resource has.
    Head as "a resource" {
        resource_type: Option<Text<'a>>,
        id: Option<Text<'a>>,
        meta: Option<Meta<'a>>,
        contained: Vec<&'a RawValue>,
    }
    Meta as "the metadata of a resource" {
        version_id: Option<Text<'a>>,
        last_updated: Option<Text<'a>>,
    }
    Bundle as "a bundle" {
        entry: Vec<Entry<'a>>,
    }
    Entry as "an entry of a bundle" {
        full_url: Option<Text<'a>>,
        resource: Option<&'a RawValue>,
        request: Option<Request<'a>>,
    }
    Request as "the request of an entry" {
        method: Option<Text<'a>>,
        url: Option<Text<'a>>,
    }
    Coding as "a coding" {
        system: Option<Text<'a>>,
        code: Option<Text<'a>>,
        display: Option<Text<'a>>,
    }
    Concept as "a coded concept" {
        coding: Vec<Coding<'a>>,
        text: Option<Text<'a>>,
    }
    Identifier as "an identifier" {
        system: Option<Text<'a>>,
        value: Option<Text<'a>>,
    }
    Reference as "a reference" {
        reference: Option<Text<'a>>,
        identifier: Option<Identifier<'a>>,
        display: Option<Text<'a>>,
    }
    Period as "a period" {
        start: Option<Text<'a>>,
        end: Option<Text<'a>>,
    }
    Timing as "a timing" {
        event: Vec<Text<'a>>,
    }
    Quantity as "a quantity" {
        value: Option<&'a RawValue>,
        comparator: Option<Text<'a>>,
        unit: Option<Text<'a>>,
        system: Option<Text<'a>>,
        code: Option<Text<'a>>,
    }
    Range as "a range" {
        low: Option<Quantity<'a>>,
        high: Option<Quantity<'a>>,
    }
    Ratio as "a ratio" {
        numerator: Option<Quantity<'a>>,
        denominator: Option<Quantity<'a>>,
    }
    /// What an Observation and each of its components have.
    Valued as "an observation" {
        code: Concept<'a>,
        value_quantity: Option<Quantity<'a>>,
        value_codeable_concept: Option<Concept<'a>>,
        value_string: Option<Text<'a>>,
        value_boolean: Option<&'a RawValue>,
        value_integer: Option<&'a RawValue>,
        value_range: Option<Range<'a>>,
        value_ratio: Option<Ratio<'a>>,
        value_sampled_data: Option<&'a RawValue>,
        value_time: Option<&'a RawValue>,
        value_date_time: Option<&'a RawValue>,
        value_period: Option<&'a RawValue>,
        data_absent_reason: Option<Concept<'a>>,
    }
    Observation as "an observation" {
        status: Option<Text<'a>>,
        subject: Option<Reference<'a>>,
        effective_date_time: Option<Text<'a>>,
        effective_instant: Option<Text<'a>>,
        effective_period: Option<Period<'a>>,
        effective_timing: Option<Timing<'a>>,
        issued: Option<Text<'a>>,
        method: Option<Concept<'a>>,
        body_site: Option<Concept<'a>>,
        device: Option<Reference<'a>>,
        focus: Vec<Reference<'a>>,
        part_of: Vec<Reference<'a>>,
        has_member: Vec<Reference<'a>>,
        component: Vec<Valued<'a>>,
    }
    Administration as "an administration of a drug" {
        status: Option<Text<'a>>,
        subject: Option<Reference<'a>>,
        medication_codeable_concept: Option<Concept<'a>>,
        medication_reference: Option<Reference<'a>>,
        effective_date_time: Option<Text<'a>>,
        effective_period: Option<Period<'a>>,
        dosage: Option<Dosage<'a>>,
    }
    Dosage as "a dosage" {
        rate_quantity: Option<Quantity<'a>>,
        rate_ratio: Option<Ratio<'a>>,
    }
    Medication as "a drug" {
        code: Option<Concept<'a>>,
        ingredient: Vec<Ingredient<'a>>,
    }
    Ingredient as "an ingredient" {
        item_codeable_concept: Option<Concept<'a>>,
        item_reference: Option<Reference<'a>>,
    }
    Procedure as "a procedure" {
        status: Option<Text<'a>>,
        code: Option<Concept<'a>>,
        subject: Option<Reference<'a>>,
        performed_date_time: Option<Text<'a>>,
        performed_period: Option<Period<'a>>,
    }
    DeviceUse as "the use of a device" {
        status: Option<Text<'a>>,
        subject: Option<Reference<'a>>,
        timing_period: Option<Period<'a>>,
        timing_date_time: Option<Text<'a>>,
        recorded_on: Option<Text<'a>>,
        device: Option<Reference<'a>>,
    }
    Device as "a device" {
        device_name: Vec<DeviceName<'a>>,
        model_number: Option<Text<'a>>,
        #[serde(rename = "type")]
        kind: Option<Concept<'a>>,
    }
    DeviceName as "the name of a device" {
        name: Option<Text<'a>>,
    }
    DeviceMetric as "a metric of a device" {
        category: Option<Text<'a>>,
        source: Option<Reference<'a>>,
        parent: Option<Reference<'a>>,
    }
    Condition as "a condition" {
        clinical_status: Option<Concept<'a>>,
        verification_status: Option<Concept<'a>>,
        code: Option<Concept<'a>>,
        subject: Option<Reference<'a>>,
        onset_date_time: Option<Text<'a>>,
        onset_period: Option<Period<'a>>,
        abatement_date_time: Option<Text<'a>>,
        abatement_period: Option<Period<'a>>,
        recorded_date: Option<Text<'a>>,
    }
    Encounter as "an encounter" {
        status: Option<Text<'a>>,
        class: Option<Coding<'a>>,
        subject: Option<Reference<'a>>,
        period: Option<Period<'a>>,
        location: Vec<Stay<'a>>,
        hospitalization: Option<Hospitalization<'a>>,
        part_of: Option<Reference<'a>>,
    }
    Stay as "a location of an encounter" {
        location: Option<Reference<'a>>,
        status: Option<Text<'a>>,
        period: Option<Period<'a>>,
    }
    Hospitalization as "details of a stay" {
        discharge_disposition: Option<Concept<'a>>,
    }
    Location as "a location" {
        #[serde(rename = "type")]
        kind: Vec<Concept<'a>>,
    }
    Patient as "a patient" {
        identifier: Vec<Identifier<'a>>,
        gender: Option<Text<'a>>,
        birth_date: Option<Text<'a>>,
        deceased_date_time: Option<Text<'a>>,
        deceased_boolean: Option<&'a RawValue>,
    }
    /// Whom any other resource is about.
    About as "a resource" {
        subject: Option<Reference<'a>>,
        patient: Option<Reference<'a>>,
        code: Option<Concept<'a>>,
    }
}

impl Concept<'_> {
    /// What a person calls it.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        let displays = self.coding.iter().filter_map(|coding| coding.display.as_deref());
        self.text.as_deref().into_iter().chain(displays)
    }

    /// Each system and code that it holds.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.coding.iter().filter_map(|coding| Some((coding.system.as_deref()?, coding.code.as_deref()?)))
    }

    /// The codes alone, such as those of a status.
    pub(crate) fn code(&self) -> Option<&str> {
        self.coding.iter().find_map(|coding| coding.code.as_deref())
    }
}
