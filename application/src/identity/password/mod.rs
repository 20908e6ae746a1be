//! A password or an address that is set or proven by mail, and a password that its owner changes.

pub(super) mod change_password;
pub(super) mod forgot_password;
pub(super) mod mail_token;
pub(super) mod new_password;
pub(super) mod recovery;
pub(super) mod reset_password;
pub(super) mod verify_email;
