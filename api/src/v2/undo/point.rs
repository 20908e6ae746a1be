//! `DELETE /api/v2/restore-points/{id}`

use actix_web::{HttpResponse, web};
use application::undo::Points;
use uuid::Uuid;

use super::actor;
use crate::caller::Caller;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Removes a restore point; the history stays.
#[utoipa::path(delete, path = "/api/v2/restore-points/{id}", operation_id = "remove_restore_point", tag = "history",
    security(("bearer" = [])), params(("id" = Uuid, Path, description = "The restore point.")), responses(
    (status = 204, description = "Removed."),
    (status = 400, description = "`path_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn remove(app: web::Data<App>, caller: Caller, id: web::Path<Uuid>) -> Result<HttpResponse, Problem> {
    actor(&app, &caller)?;
    if app.past.remove(caller.space, *id).await? {
        Ok(HttpResponse::NoContent().finish())
    } else {
        Err(Problem::new(Code::NotFound).detail("You have no restore point with this id."))
    }
}
