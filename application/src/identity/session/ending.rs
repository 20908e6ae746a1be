//! The end of sessions, with everything that is written with it.

use domain::id::{AccountId, DeviceId, SessionId};
use domain::session::Because;

use crate::identity::letter::Letter;
use crate::identity::place::Place;
use crate::identity::security_log::Entry;

/// Which sessions of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// Those of one device.
    OfDevice(DeviceId),
    /// One.
    One(SessionId),
    /// All but one.
    AllBut(SessionId),
}

/// Sessions that are to end.
pub struct Ending {
    /// Whose.
    pub account: AccountId,
    /// Which of them.
    pub which: Which,
    /// Why.
    pub because: Because,
    /// From where it was asked for.
    pub place: Place,
    /// Now, ms.
    pub now_ms: i64,
    /// What the security log says before it says that a session ended.
    pub entry: Option<Entry>,
    /// What the account is told by mail.
    pub letter: Option<Letter>,
}
