//! Whoever reads or writes a space waits until its rows are of this program's folds.

use actix_web::{HttpMessage, HttpRequest};

use super::Caller;
use crate::limits::{Class, Route};
use crate::problem::Problem;
use crate::state::App;

/// Waits, if the request is about what the caller's space holds.
///
/// # Errors
/// `rebuilding`: it takes longer.
pub(super) async fn wait(app: &App, request: &HttpRequest, caller: &Caller) -> Result<(), Problem> {
    let class = request.extensions().get::<Route>().map(|route| route.class);
    match class {
        Some(Class::Read | Class::Write | Class::Heavy) => Ok(app.folds.pass(caller.space).await?),
        _ => Ok(()),
    }
}
