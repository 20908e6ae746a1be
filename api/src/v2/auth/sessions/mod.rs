//! The sessions of an account: looked at, and ended.

pub mod end_one;
pub mod end_others;
pub mod list;
