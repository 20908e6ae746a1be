//! An admin signs an account out everywhere.

use domain::session::Because;

use super::super::failure::Failure;
use super::port::{Administration, Order};
use crate::identity::session::live_sessions::LiveSessions;

/// Ends every session of an account; how many there were.
pub async fn end_sessions(
    directory: &impl Administration,
    live_sessions: &impl LiveSessions,
    order: Order,
) -> Result<usize, Failure> {
    let ended = directory.end_sessions(order).await?.ended()?;
    live_sessions.ended(&ended, Because::EndedByAdmin);
    Ok(ended.len())
}
