//! Addresses that are to be proven.

pub mod resend;
pub mod verify;
