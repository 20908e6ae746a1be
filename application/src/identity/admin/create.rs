//! An account that an operator makes.

use domain::id::AccountId;
use domain::rules::day::is_time_zone;

use super::super::account::Role;
use super::super::directory::Registered;
use super::super::email::Email;
use super::super::failure::{Failure, FieldRefusal, Refusal};
use super::super::password_hash::PasswordHash;
use super::super::secret::Secret;
use super::port::Administration;
use crate::identity::sign_in::register::refused_password;

/// An account to be stored.
pub struct NewAccount {
    /// Who.
    pub id: AccountId,
    /// The address.
    pub email: Email,
    /// What the password hash made of the password.
    pub password_hash: String,
    /// What the account may do.
    pub role: Role,
    /// The IANA time zone that the personal space is founded with.
    pub time_zone: String,
    /// When, ms.
    pub at: i64,
}

/// Makes the account. Its space is founded when it first signs in.
pub async fn create(
    (directory, hashes): (&impl Administration, &impl PasswordHash),
    (id, at): (AccountId, i64),
    email: &str,
    password: Secret,
    role: Role,
    time_zone: String,
) -> Result<AccountId, Failure> {
    let parsed = Email::parse(email);
    let mut refused: Vec<FieldRefusal> = parsed.is_none().then_some(FieldRefusal::Email).into_iter().collect();
    refused.extend(refused_password(password.reveal()));
    refused.extend((!is_time_zone(&time_zone)).then_some(FieldRefusal::TimeZone));
    let Some(email) = parsed.filter(|_| refused.is_empty()) else { return Err(Refusal::Fields(refused).into()) };
    let password_hash = hashes.hash(password).await?;
    match directory.create(NewAccount { id, email, password_hash, role, time_zone, at }).await? {
        Registered::Done => Ok(id),
        Registered::EmailTaken => Err(Refusal::EmailTaken.into()),
    }
}
