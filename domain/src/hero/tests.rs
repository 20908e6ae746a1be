//! Tests of heroes.

mod energy;
mod fields;
mod identity;
