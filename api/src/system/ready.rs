//! Whether requests should be sent here.

use actix_web::{HttpResponse, web};
use infrastructure::breaker::Standing;
use infrastructure::postgres::readiness::{self, NotReady};

use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// When to ask again.
const READY_RETRY_MS: u64 = 1_000;

/// Says whether the database answers within a second and has the schema of this program, and no stop is under way.
#[utoipa::path(get, path = "/readyz", tag = "system", responses(
    (status = 200, description = "Requests may be sent here."),
    (status = 503, description = "`not_ready`: not now.", body = Content, content_type = "application/problem+json")
))]
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let not_ready = |reason: &str| Problem::new(Code::NotReady).detail(reason).retry_after_ms(READY_RETRY_MS);
    if app.shutdown.is_cancelled() {
        return Err(not_ready("The server is stopping."));
    }
    if app.breaker.standing() == Standing::Open {
        return Err(not_ready("The database does not answer."));
    }
    readiness::check(&app.pool).await.map_err(|reason| match reason {
        NotReady::DatabaseAway => not_ready("The database does not answer."),
        NotReady::SchemaOther => not_ready("The database has not been migrated to this version."),
    })?;
    app.lives.pass().map_err(|_| not_ready("It is not known yet whether the database is as it was left."))?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}
