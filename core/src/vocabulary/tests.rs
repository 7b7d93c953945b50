//! Tests of the vocabulary's reading.
