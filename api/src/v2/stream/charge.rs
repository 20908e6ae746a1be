//! A message costs what a request costs: the same limits, and the same circuit to the database. The connection stays open.

use std::net::IpAddr;

use super::message::FromClient;
use crate::caller::Caller;
use crate::limits::Class;
use crate::problem::Problem;
use crate::state::App;

/// Counts a message, if it makes the server do anything.
///
/// # Errors
/// `rate_limited`, or `unavailable` while the database is away.
pub(super) fn charge(app: &App, caller: &Caller, from: Option<IpAddr>, message: &FromClient) -> Result<(), Problem> {
    let class = match message {
        FromClient::Ping | FromClient::Auth { .. } => return Ok(()),
        FromClient::Subscribe { .. } | FromClient::Ack { .. } => Class::Read,
        FromClient::Transactions { .. } => Class::Write,
    };
    app.breaker.pass()?;
    app.limits.address(class, from)?;
    app.limits.caller(class, caller)?;
    Ok(())
}
