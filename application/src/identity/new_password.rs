//! What holds for a password that takes the place of another: the same as at registration.

use super::failure::Refusal;
use super::register::refused_password;
use super::secret::Secret;

/// Refuses a password that cannot be used, at the field `new_password`.
pub(super) fn check(password: &Secret) -> Result<(), Refusal> {
    match refused_password(password.reveal()) {
        Some(refused) => Err(Refusal::Fields(vec![refused.of_new_password()])),
        None => Ok(()),
    }
}
