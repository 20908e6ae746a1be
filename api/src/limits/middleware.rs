//! What stands before every route: the circuit to the database and the limit of the address. Behind it, it looks at what
//! became of the request, so that outcomes are observed in one place.

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::{Class, Limited, Route, Tightest, Wants, headers, remember};
use crate::place::client_address;
use crate::problem::{Code, Problem};
use crate::state::App;

/// The innermost middleware: its refusals get the headers of every answer.
///
/// A request that cannot be answered without the database is refused at once while that is away; it costs its sender no
/// part of a limit.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, Error> {
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let route = Route::of(request.method(), request.match_pattern().as_deref());
    request.extensions_mut().insert(route);
    let mut response = match admit(&app, &request, route) {
        Err(problem) => request.error_response(problem).map_into_right_body(),
        Ok(()) => {
            let response = next.call(request).await?;
            observe(&app, route.wants, &response);
            response.map_into_left_body()
        }
    };
    let tightest = response.request().extensions().get::<Tightest>().copied();
    if let Some(Tightest(level)) = tightest {
        headers::add(response.headers_mut(), &level);
    }
    Ok(response)
}

fn admit(app: &App, request: &ServiceRequest, route: Route) -> Result<(), Problem> {
    if route.wants != Wants::Nothing {
        app.breaker.pass()?;
        app.lives.pass()?;
    }
    if route.class == Class::Free {
        return Ok(());
    }
    match app.limits.address(route.class, client_address(request.request())) {
        Ok(None) => {}
        Ok(Some(level)) => remember(request.request(), level),
        Err(limited) => return Err(refused(request, limited)),
    }
    Ok(())
}

fn refused(request: &ServiceRequest, limited: Limited) -> Problem {
    request.extensions_mut().insert(Tightest(limited.level));
    limited.into()
}

/// Tells the circuit what became of a request that needed the database.
fn observe<B>(app: &App, wants: Wants, response: &ServiceResponse<B>) {
    if wants == Wants::Nothing {
        return;
    }
    let problem = response.response().error().and_then(|error| error.as_error::<Problem>());
    let is_away = problem.is_some_and(|problem| problem.code() == Code::Unavailable.as_str());
    let status = response.status();
    if is_away {
        app.breaker.failed();
    } else if wants == Wants::Proof && (status.is_success() || status.is_redirection()) {
        app.breaker.succeeded();
    }
}
