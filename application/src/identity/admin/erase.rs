//! An admin lets an account be erased, or keeps it.

use domain::session::Because;

use super::super::failure::Failure;
use super::port::{Administration, Order};
use crate::identity::life::account_life::Scheduled;
use crate::identity::session::live_sessions::LiveSessions;

/// Schedules the erasure of an account, signs it out and tells it by mail; from when on it is erased, ms. A date that it has
/// already stays.
pub async fn schedule_erasure(
    directory: &impl Administration,
    live_sessions: &impl LiveSessions,
    order: Order,
    erase_after: i64,
) -> Result<i64, Failure> {
    let Scheduled { erase_after, ended } = match directory.schedule_erasure(order, erase_after).await? {
        Ok(scheduled) => scheduled,
        Err(done) => return Err(done.refused().into()),
    };
    live_sessions.ended(&ended, Because::AccountDeleted);
    Ok(erase_after)
}

/// Calls an erasure off, whoever asked for it. Where none is scheduled, nothing changes.
pub async fn cancel_erasure(directory: &impl Administration, order: Order) -> Result<(), Failure> {
    directory.cancel_erasure(order).await?.ended()?;
    Ok(())
}
