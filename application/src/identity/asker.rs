//! Who asks, as an access token or a refresh token says it.

use domain::id::{AccountId, DeviceId, SessionId};

use super::fresh::Fresh;
use crate::identity::occasion::Occasion;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    /// Who.
    pub account: AccountId,
    /// From which device.
    pub device: DeviceId,
    /// In which session.
    pub session: SessionId,
}

impl Asker {
    /// What the asker does now.
    pub(super) fn occasion(&self, fresh: &Fresh) -> Occasion {
        Occasion { account: self.account, session: self.session, place: fresh.place.clone(), at: fresh.now_ms }
    }
}
