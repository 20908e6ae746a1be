//! An account is kept out, or let in again.

use domain::session::Because;

use super::super::failure::Failure;
use super::port::{Administration, Order};
use crate::identity::session::live_sessions::LiveSessions;

/// Keeps an account out: its sessions end, nobody signs in, and it is told by mail.
pub async fn lock(
    directory: &impl Administration,
    live_sessions: &impl LiveSessions,
    order: Order,
) -> Result<(), Failure> {
    let ended = directory.lock(order).await?.ended()?;
    live_sessions.ended(&ended, Because::AccountLocked);
    Ok(())
}

/// Lets an account in again.
pub async fn unlock(directory: &impl Administration, order: Order) -> Result<(), Failure> {
    directory.unlock(order).await?.ended()?;
    Ok(())
}
