//! Passwords that are forgotten, set by mail, or changed.

pub mod change;
pub mod forgot;
pub mod reset;
