//! The wish to be deleted: the account waits for the operator's days of grace, signed out everywhere.

use domain::id::AccountId;
use domain::session::Because;

use super::account_life::AccountLife;
use super::directory::Directory;
use super::email::Email;
use super::failure::{Failure, Refusal};
use super::fresh::Fresh;
use super::limits::PASSWORD_BYTES_MAX;
use super::live_sessions::LiveSessions;
use super::ports::Ports;
use super::prove::prove;
use super::secret::Secret;
use super::security_log::Actor;

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
