//! Tests of protocol documents.
