//! How somebody comes in: registration, the password, and what a session begins with.

pub(super) mod addresses;
pub(super) mod csrf;
pub(super) mod enter;
pub(super) mod known_devices;
pub(super) mod login;
pub(super) mod prove;
pub(super) mod register;
pub mod sign_in_delay;
pub(super) mod signed_in;
