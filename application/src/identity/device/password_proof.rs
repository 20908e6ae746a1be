//! Whether somebody who has a token also knows the account's password.

use domain::id::DeviceId;

use crate::identity::device::occasion::Occasion;
use crate::identity::directory::Directory;
use crate::identity::email::Email;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::limits::PASSWORD_BYTES_MAX;
use crate::identity::password_hash::PasswordHash;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::security_log::SecurityLog;

/// Whether a password was given; a wrong one is recorded and refused.
pub(in crate::identity) async fn given<P: Ports>(
    ports: &P,
    occasion: &Occasion,
    device: DeviceId,
    password: Option<Secret>,
) -> Result<bool, Failure> {
    let Some(password) = password else { return Ok(false) };
    let account = ports.directory().account(occasion.account).await?.ok_or(Refusal::AccountGone)?;
    let credentials = match Email::parse(&account.email) {
        Some(email) if password.reveal().len() <= PASSWORD_BYTES_MAX => ports.directory().credentials(&email).await?,
        _ => None,
    };
    let own = credentials.filter(|credentials| credentials.account.id == occasion.account);
    if ports.password_hash().verify(password, own.map(|credentials| credentials.password_hash)).await? {
        return Ok(true);
    }
    ports.directory().record(occasion.password_refused(device)).await?;
    Err(Refusal::CredentialsInvalid.into())
}
