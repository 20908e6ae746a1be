//! Whether the process answers at all.

use actix_web::HttpResponse;

/// Says that the process is alive. Touches nothing: restarting it would not bring a database back.
#[utoipa::path(get, path = "/healthz", tag = "system", responses((status = 200, description = "The process is alive.")))]
pub async fn health() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}
