//! The counters of this process, for Prometheus.

use actix_web::{HttpResponse, web};
use infrastructure::telemetry;

use super::gauges;
use crate::problem::Problem;
use crate::state::App;

/// Every counter and histogram in the text format of Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "system", responses(
    (status = 200, description = "Prometheus text format.", body = String, content_type = "text/plain")
))]
pub async fn metrics(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    let counters = telemetry::counters().map_err(Problem::internal)?;
    gauges::set(&app);
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(counters.render()))
}
