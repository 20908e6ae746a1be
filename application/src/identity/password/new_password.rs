//! What holds for a password that takes the place of another: the same as at registration.

use crate::identity::failure::Refusal;
use crate::identity::secret::Secret;
use crate::identity::sign_in::register::refused_password;

/// Refuses a password that cannot be used, at the field `new_password`.
pub(in crate::identity) fn check(password: &Secret) -> Result<(), Refusal> {
    match refused_password(password.reveal()) {
        Some(refused) => Err(Refusal::Fields(vec![refused.of_new_password()])),
        None => Ok(()),
    }
}
