//! Tests of tasks.

mod completion;
mod fields;
mod focus;
mod habit;
mod life;
mod merge;
mod orders;
mod references;
mod refused;
