//! Tests of goals.

mod completion;
mod fields;
mod life;
