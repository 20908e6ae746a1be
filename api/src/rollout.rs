//! Which backend serves an account while accounts move from the legacy server to this one in steps. The flag
//! `new_backend` says who has moved; of whoever has not, nothing is written here. Without the flag everybody is served here.
//! `docs/ROLLOUT.md` has the steps.

use actix_web::HttpRequest;
use application::flags::SERVED_HERE;
use application::identity::{Directory, Email, MailToken, Recovery, RefreshToken, RefreshTokens};
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::flags::Said;

use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v1::rollout::is_asked_elsewhere;

/// Where also who is served elsewhere may do more than read.
const OPEN: [&str; 3] = ["/api/v2/admin/", "/api/v2/auth/logout", "/api/v2/auth/sessions"];
/// When to come back to a server that has just started.
const RETRY_MS: u64 = 1_000;

/// Refuses who has not moved, by the address that somebody signs in with.
///
/// # Errors
/// `account_elsewhere`, or the database is away.
pub(crate) async fn by_address(app: &App, email: &str) -> Result<(), Problem> {
    if serves(app, None)? {
        return Ok(());
    }
    let Some(email) = Email::parse(email) else { return Err(elsewhere()) };
    let found = app.directory.credentials(&email).await?;
    of_account(app, found.map(|credentials| credentials.account.id))
}

/// Refuses who has not moved, by a refresh token; one that is unknown here is the other's.
///
/// # Errors
/// `account_elsewhere`, or the database is away.
pub(crate) async fn by_refresh_token(app: &App, token: &str) -> Result<(), Problem> {
    if serves(app, None)? {
        return Ok(());
    }
    let Some(token) = RefreshToken::parse(token) else { return Err(elsewhere()) };
    let found = app.directory.refresh_token(token.digest()).await?;
    of_account(app, found.map(|(holder, _)| holder.account.id))
}

/// Refuses who has not moved, by a refresh token of this server; one that is unknown is refused as such.
///
/// # Errors
/// `account_elsewhere`, or the database is away.
pub(crate) async fn by_own_refresh_token(app: &App, token: &str) -> Result<(), Problem> {
    let Some(token) = RefreshToken::parse(token).filter(|_| !matches!(serves(app, None), Ok(true))) else {
        return Ok(());
    };
    let found = app.directory.refresh_token(token.digest()).await?;
    found.map_or(Ok(()), |(holder, _)| of_account(app, Some(holder.account.id)))
}

/// Refuses what nobody here knows, as long as somebody elsewhere may.
///
/// # Errors
/// `account_elsewhere`.
pub(crate) fn of_unknown(app: &App) -> Result<(), Problem> {
    of_account(app, None)
}

/// Refuses an account that has not moved.
///
/// # Errors
/// `account_elsewhere`.
pub(crate) fn of_account(app: &App, account: Option<AccountId>) -> Result<(), Problem> {
    if serves(app, account)? { Ok(()) } else { Err(elsewhere()) }
}

/// Refuses who has not moved, by the token of a mail that sets a password; one that is unknown here is nobody's.
///
/// # Errors
/// `account_elsewhere`, or the database is away.
pub(crate) async fn by_mail_token(app: &App, token: &str) -> Result<(), Problem> {
    if serves(app, None)? {
        return Ok(());
    }
    let Some(token) = MailToken::parse(token) else { return Ok(()) };
    let found = app.directory.may_reset(token.digest(), now_ms()).await?;
    found.map_or(Ok(()), |account| of_account(app, Some(account)))
}

/// Whether a request is refused for who has not moved: what writes, or is of v1. Whoever is elsewhere may still read by v2 what
/// stands here, and sign out; staff act on others.
pub(crate) fn is_refused_elsewhere(path: &str, is_safe: bool) -> bool {
    is_asked_elsewhere(path) || !(is_safe || OPEN.iter().any(|open| path.starts_with(open)))
}

/// Refuses such a request for who has not moved.
///
/// # Errors
/// `account_elsewhere`.
pub(crate) fn of_request(app: &App, request: &HttpRequest, account: AccountId) -> Result<(), Problem> {
    if is_refused_elsewhere(request.path(), request.method().is_safe()) {
        of_account(app, Some(account))
    } else {
        Ok(())
    }
}

/// Whether this server serves an account; of nobody it knows, whether it serves everybody.
pub(crate) fn serves(app: &App, account: Option<AccountId>) -> Result<bool, Problem> {
    match app.flags.said(SERVED_HERE, account) {
        Said::NoFlag | Said::On => Ok(true),
        Said::Off => Ok(false),
        Said::NotYet => Err(Problem::new(Code::Unavailable)
            .detail("The server has just started and does not know yet whom it serves. Ask again.")
            .retry_after_ms(RETRY_MS)),
    }
}

pub(crate) fn elsewhere() -> Problem {
    Problem::new(Code::AccountElsewhere).detail("Ask the legacy server; a proxy in front of both does so by itself.")
}
