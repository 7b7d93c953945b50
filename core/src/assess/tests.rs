//! Tests of assessments.
