//! Whether somebody knows an account's password.

use crate::identity::directory::Credentials;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::life::account_life::AccountLife;
use crate::identity::password_hash::PasswordHash;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;

/// The credentials again, if the password is theirs. Without credentials the refusal is the same, after the same work.
///
/// The refusal of an account that exists is noted in its log. A hash that new ones are no longer made like is replaced
/// on the way; when that does not succeed, the next time will do.
pub(in crate::identity) async fn prove<P: Ports>(
    ports: &P,
    credentials: Option<Credentials>,
    password: Secret,
    fresh: &Fresh,
) -> Result<Credentials, Failure> {
    let stored = credentials.as_ref().map(|credentials| credentials.password_hash.clone());
    let same = ports.password_hash().verify(password.clone(), stored).await?;
    match credentials {
        Some(credentials) if same => {
            if !ports.password_hash().is_current(&credentials.password_hash) {
                renew(ports, &credentials, password).await.ok();
            }
            Ok(credentials)
        }
        Some(credentials) => {
            ports.directory().sign_in_refused(credentials.account.id, fresh.now_ms, &fresh.place);
            Err(Refusal::CredentialsInvalid.into())
        }
        None => Err(Refusal::CredentialsInvalid.into()),
    }
}

async fn renew<P: Ports>(ports: &P, credentials: &Credentials, password: Secret) -> Result<(), Failure> {
    let hash = ports.password_hash().hash(password).await?;
    Ok(ports.directory().renew_hash(credentials.account.id, &credentials.password_hash, &hash).await?)
}
