//! The end of an account: asked for, called off.

pub(super) mod account_life;
pub(super) mod cancel_deletion;
pub(super) mod delete_account;
