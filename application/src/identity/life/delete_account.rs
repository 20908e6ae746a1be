//! The wish to be deleted: the account waits for the operator's days of grace, signed out everywhere.

use domain::session::Because;

use crate::identity::asker::Asker;
use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::life::account_life::AccountLife;
use crate::identity::ports::Ports;
use crate::identity::secret::Secret;
use crate::identity::security_log::Actor;
use crate::identity::session::live_sessions::LiveSessions;
use crate::identity::sign_in::prove::prove_own;

/// Schedules the erasure of the caller's account, once its password is proven; from when on it is erased, ms. A second
/// wish keeps the first date.
pub async fn delete_account<P: Ports>(
    ports: &P,
    asker: &Asker,
    password: Secret,
    fresh: Fresh,
) -> Result<i64, Failure> {
    prove_own(ports, asker, password, &fresh).await?;
    let account = asker.account;
    let erase_after = fresh.now_ms.saturating_add(ports.policy().deletion_grace_ms);
    let scheduled =
        ports.directory().schedule_deletion(account, fresh.now_ms, erase_after, Actor::Oneself, &fresh.place).await?;
    let scheduled = scheduled.ok_or(Refusal::AccountGone)?;
    ports.live_sessions().ended(&scheduled.ended, Because::AccountDeleted);
    Ok(scheduled.erase_after)
}
