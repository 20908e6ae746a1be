//! Cases of the merge: what a space holds, what devices did with what they had seen, in which orders that arrives, and
//! what it ends in.
//!
//! A case is data that every language can read (`tests/cases/merge/README.md` has the format). It is played through the
//! write path of the server, `application::submit`, on the store in memory. No rule stands here.

mod case;
mod end;
mod orders;
mod play;
mod result;

pub use case::{Base, Case, Device, Orders, Transaction};
pub use end::{End, derived};
pub use orders::{count, interleavings};
pub use play::{Played, SPACE};
pub use result::{merge, outcomes_of};

/// Orders of arrival that one case may have.
pub const ORDERS_MAX: usize = 20_000;

/// Why a case has no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaseError {
    /// It is no case.
    #[error("this is no case: {0}")]
    Unreadable(String),
    /// It names a point of the history that is not there by then.
    #[error("there is no point {0:?} before this transaction")]
    PointUnknown(String),
    /// It names a device that it does not have.
    #[error("there is no device {0:?} in `devices`")]
    DeviceUnknown(String),
    /// An order leaves out a transaction, or has one too many.
    #[error("an order of arrival has to name each device once for each of its transactions")]
    OrderIncomplete,
    /// There are too many orders to play them all.
    #[error("there are more than {ORDERS_MAX} orders of arrival; name some in `orders`")]
    TooManyOrders,
    /// A transaction of the history was refused.
    #[error("transaction {0} of `given` is refused: {1}")]
    GivenRefused(usize, String),
    /// Something that is no case's fault.
    #[error("the case could not be played: {0}")]
    Fault(String),
}

impl CaseError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "case_unreadable",
            Self::PointUnknown(_) => "point_unknown",
            Self::DeviceUnknown(_) => "device_unknown",
            Self::OrderIncomplete => "order_incomplete",
            Self::TooManyOrders => "too_many_orders",
            Self::GivenRefused(..) => "given_refused",
            Self::Fault(_) => "internal",
        }
    }
}
