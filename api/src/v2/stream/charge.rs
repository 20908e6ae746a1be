//! A message costs what a request costs: the same limits, and the same circuit to the database. The connection stays open.

use std::net::IpAddr;

use super::message::FromClient;
use crate::caller::Caller;
use crate::limits::Class;
use crate::problem::Problem;
use crate::state::App;

/// Counts a message, if it makes the server do anything; `None` is one that could not be read.
///
/// # Errors
/// `rate_limited`, or `unavailable` while the database is away.
pub(super) fn charge(
    app: &App,
    caller: &Caller,
    from: Option<IpAddr>,
    message: Option<&FromClient>,
) -> Result<(), Problem> {
    let class = match message {
        Some(FromClient::Ping) => return Ok(()),
        // A signature is checked or a text is read, both without the database.
        None | Some(FromClient::Auth { .. }) => return count(app, Class::Other, caller, from),
        Some(FromClient::Subscribe { .. } | FromClient::Ack { .. }) => Class::Read,
        Some(FromClient::Transactions { .. }) => Class::Write,
    };
    app.breaker.pass()?;
    count(app, class, caller, from)
}

fn count(app: &App, class: Class, caller: &Caller, from: Option<IpAddr>) -> Result<(), Problem> {
    app.limits.address(class, from)?;
    app.limits.caller(class, caller)?;
    Ok(())
}
