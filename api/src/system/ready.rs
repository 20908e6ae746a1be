//! Whether requests should be sent here.

use actix_web::{HttpResponse, web};
use infrastructure::breaker::Standing;
use infrastructure::postgres::readiness::{self, NotReady};
use serde::Serialize;
use utoipa::ToSchema;

use super::parts::PartsBody;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// When to ask again.
const READY_RETRY_MS: u64 = 1_000;

/// A node to which requests may be sent.
#[derive(Serialize, ToSchema)]
pub struct ReadyBody {
    /// `ready`, or `degraded`: it serves rightly, and something should be looked at.
    status: &'static str,
    /// Its parts.
    parts: PartsBody,
}

/// Says whether the database answers within a second and has the schema of this program, and no stop is under way; and of each part
/// how it is, also when the answer is no (`parts` of the problem).
#[utoipa::path(get, path = "/readyz", tag = "system", responses(
    (status = 200, description = "Requests may be sent here.", body = ReadyBody),
    (status = 503, description = "`not_ready`: not now; `parts` says what is wrong.", body = Content, content_type = "application/problem+json")
))]
pub async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let not_ready = |reason: &str, database: Result<(), &str>| {
        let parts = PartsBody::of(&app, database);
        Problem::new(Code::NotReady).detail(reason).retry_after_ms(READY_RETRY_MS).with("parts", parts.to_json())
    };
    let database = database(&app).await;
    if app.shutdown.is_cancelled() {
        return Err(not_ready("The server is stopping.", database));
    }
    if let Err(reason) = database {
        return Err(not_ready(reason, database));
    }
    app.lives.pass().map_err(|_| not_ready("It is not known yet whether the database is as it was left.", database))?;
    let parts = PartsBody::of(&app, database);
    let status = if parts.is_degraded() { "degraded" } else { "ready" };
    Ok(HttpResponse::Ok().json(ReadyBody { status, parts }))
}

async fn database(app: &App) -> Result<(), &'static str> {
    if app.breaker.standing() == Standing::Open {
        return Err("The database does not answer.");
    }
    readiness::check(&app.pool).await.map_err(|reason| match reason {
        NotReady::DatabaseAway => "The database does not answer.",
        NotReady::SchemaOther => "The database has not been migrated to this version.",
    })
}
