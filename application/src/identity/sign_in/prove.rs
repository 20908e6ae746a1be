//! Whether somebody knows an account's password: a stranger who wants in, or somebody who has a token already.

use crate::identity::asker::Asker;
use crate::identity::directory::Credentials;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::life::account_life::AccountLife;
use crate::identity::limits::PASSWORD_BYTES_MAX;
use crate::identity::password::recovery::Recovery;
use crate::identity::password_hash::PasswordHash;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::security_log::SecurityLog;

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

/// The stored hash that the password of the asker's account was checked against. A token alone is not enough for what
/// asks for it: an unlocked device may have been found. A wrong password is refused and stands in the log by itself.
pub(in crate::identity) async fn prove_own<P: Ports>(
    ports: &P,
    asker: &Asker,
    password: Secret,
    fresh: &Fresh,
) -> Result<String, Failure> {
    let stored = ports.directory().stored_password(asker.account).await?.ok_or(Refusal::AccountGone)?;
    // One that is too long to be anybody's is not hashed.
    let may_be = password.reveal().len() <= PASSWORD_BYTES_MAX;
    if may_be && ports.password_hash().verify(password, Some(stored.clone())).await? {
        return Ok(stored);
    }
    ports.directory().record(asker.occasion(fresh).password_refused(asker.device)).await?;
    Err(Refusal::CredentialsInvalid.into())
}
