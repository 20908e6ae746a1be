//! Tests of undoing.
