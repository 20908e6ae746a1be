//! The port through which a new account gets its space.

use domain::id::{AccountId, DeviceId, SessionId};

use crate::fault::Fault;

/// Founds personal spaces.
pub trait Spaces {
    /// Sees to it that the personal space of the account is founded: hero and core skills, by a transaction with a
    /// deterministic id. Asked at every registration, login and refresh, so it must be cheap when the space is there;
    /// that is what heals a crash between account and space.
    fn found(
        &self,
        account: AccountId,
        device: DeviceId,
        session: SessionId,
        time_zone: &str,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}
