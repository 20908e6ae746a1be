//! The game's arithmetic: pure functions over numbers and days. No entity may enter.

pub mod day;
pub mod energy;
pub mod level;
pub mod reward;
pub mod streak;

#[cfg(test)]
mod tests;
