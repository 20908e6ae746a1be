//! Tests of the game's arithmetic.

mod day;
mod energy;
mod level;
mod streak;
