//! What both shapes of `/devices` do with what was sent. A password that comes along is a guess like any other: a stolen
//! token must not help to find it.

use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use application::identity::{self, ChangeDevice, PutDevice, ShownDevice};

use super::named;
use super::names::Names;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;
use crate::v2::auth::{delay, fresh};

/// Adds a device or brings one up to date; 201 when it is new.
pub(super) async fn put(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    asked: PutDevice,
    names: Names,
) -> Result<(StatusCode, ShownDevice), Problem> {
    let (asker, proves) = (caller.asker(), asked.current_password.is_some());
    let putting = identity::put_device(app, &asker, asked, fresh(request));
    let put = if proves { delay::around(app, request, caller, putting).await? } else { putting.await };
    let (is_new, device) = put.map_err(|failure| names.problem(failure))?;
    Ok((if is_new { StatusCode::CREATED } else { StatusCode::OK }, device))
}

/// Changes the device that a path names.
pub(super) async fn change(
    app: &App,
    request: &HttpRequest,
    caller: &Caller,
    (path, asked): (&str, ChangeDevice),
    names: Names,
) -> Result<ShownDevice, Problem> {
    let (asker, device, proves) = (caller.asker(), named(path)?, asked.current_password.is_some());
    let changing = identity::change_device(app, &asker, device, asked, fresh(request));
    let changed = if proves { delay::around(app, request, caller, changing).await? } else { changing.await };
    changed.map_err(|failure| names.problem(failure))
}
