//! The state of the caller's space, in the form that `POST /api/v2/import` reads.

use actix_web::{HttpResponse, web};
use application::transfer::state::StateExport;

use super::lines::{self, Form};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Answers with it.
pub(super) async fn export(app: web::Data<App>, caller: Caller, form: Form) -> Result<HttpResponse, Problem> {
    let (mut export, store) = (StateExport::of(caller.space), app.snapshot.clone());
    lines::answer(&app, &caller, form, "state", async move || Ok(export.next(&store).await?)).await
}
