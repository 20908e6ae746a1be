//! The wish to be deleted, called off while there is still time.

use domain::id::AccountId;

use crate::identity::failure::{Failure, Refusal};
use crate::identity::fresh::Fresh;
use crate::identity::life::account_life::{AccountLife, Cancelled};
use crate::identity::ports::Ports;

/// Calls the deletion of the caller's account off. Calling off what nobody asked for changes nothing.
pub async fn cancel_deletion<P: Ports>(ports: &P, account: AccountId, fresh: Fresh) -> Result<(), Failure> {
    match ports.directory().cancel_deletion(account, fresh.now_ms, &fresh.place).await? {
        Cancelled::Done => Ok(()),
        Cancelled::TooLate => Err(Refusal::AccountGone.into()),
    }
}
