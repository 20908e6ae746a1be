//! `GET /api/health`

use actix_web::{HttpResponse, web};
use infrastructure::breaker::Standing;
use infrastructure::clock::now_ms;
use serde_json::json;

use crate::state::App;
use crate::v1::moment;

const MS_PER_S: f64 = 1_000.0;

/// Whether the process answers, since when, and whether its database does. Anybody may ask; nothing is read for it.
pub async fn health(app: web::Data<App>) -> HttpResponse {
    let (status, database) = match app.breaker.standing() {
        Standing::Open => ("degraded", "error"),
        _ => ("ok", "connected"),
    };
    let now = now_ms();
    HttpResponse::Ok().json(json!({
        "status": status,
        "timestamp": moment::text(now),
        "uptime": (now - app.started_at).max(0) as f64 / MS_PER_S,
        "database": { "status": database },
    }))
}
