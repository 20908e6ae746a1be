//! The wish to be deleted: the account waits for the operator's days of grace, signed out everywhere.

use domain::id::AccountId;
use domain::session::Because;

use crate::identity::directory::Directory;
use crate::identity::email::Email;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::life::account_life::AccountLife;
use crate::identity::limits::PASSWORD_BYTES_MAX;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::security_log::Actor;
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::sign_in::prove::prove;

/// Schedules the erasure of the caller's account, once its password is proven; from when on it is erased, ms. A second
/// wish keeps the first date.
pub async fn delete_account<P: Ports>(
    ports: &P,
    account: AccountId,
    password: Secret,
    fresh: Fresh,
) -> Result<i64, Failure> {
    let known = ports.directory().account(account).await?.ok_or(Refusal::AccountGone)?;
    let credentials = match Email::parse(&known.email) {
        Some(email) if password.reveal().len() <= PASSWORD_BYTES_MAX => ports.directory().credentials(&email).await?,
        _ => None,
    };
    // An address that was given up in between may be somebody else's by now.
    let credentials = credentials.filter(|credentials| credentials.account.id == account);
    prove(ports, credentials, password, &fresh).await?;
    let erase_after = fresh.now_ms.saturating_add(ports.policy().deletion_grace_ms);
    let scheduled =
        ports.directory().schedule_deletion(account, fresh.now_ms, erase_after, Actor::Oneself, &fresh.place).await?;
    let scheduled = scheduled.ok_or(Refusal::AccountGone)?;
    ports.live_sessions().ended(&scheduled.ended, Because::AccountDeleted);
    Ok(scheduled.erase_after)
}
