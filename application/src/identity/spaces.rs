//! The port through which a new account gets its space.

use domain::id::{AccountId, DeviceId, SessionId};

use super::asker::Asker;
use super::directory::Directory;
use super::failure::{Failure, Refusal};
use super::ports::Ports;
use crate::fault::Fault;

/// Founds personal spaces.
pub trait Spaces {
    /// Sees to it that the personal space of the account is founded: hero and core skills, by a transaction with a
    /// deterministic id. Asked at every registration, login and refresh, so it must be cheap when the space is there;
    /// that is what heals a crash between account and space. A space that was founded otherwise, such as in another zone,
    /// is founded.
    fn found(
        &self,
        account: AccountId,
        device: DeviceId,
        session: SessionId,
        time_zone: &str,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// Sees to it that the asker's space is founded, in the zone of the account: whoever comes first, it is the same founding.
///
/// # Errors
/// The account is gone, or the store away.
pub async fn found_space<P: Ports>(ports: &P, asker: Asker) -> Result<(), Failure> {
    let Asker { account, device, session } = asker;
    let account = ports.directory().account(account).await?.ok_or(Refusal::AccountGone)?;
    Ok(ports.spaces().found(account.id, device, session, &account.time_zone).await?)
}
