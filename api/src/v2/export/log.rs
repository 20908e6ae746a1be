//! The whole log of the caller's space, in the form that `levelup import` reads.

use actix_web::{HttpResponse, web};
use infrastructure::postgres::log_copy::export::{Export, Scope};

use super::lines::{self, Form};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// Answers with it.
pub(super) async fn export(app: web::Data<App>, caller: Caller, form: Form) -> Result<HttpResponse, Problem> {
    let scope = Scope { space: Some(caller.space), accounts: false };
    let (mut export, pool) = (Export::new(scope), app.pool.clone());
    lines::answer(&app, &caller, form, "log", async move || {
        let client = pool.get().await.map_err(|error| infrastructure::postgres::fault::no_connection(&error))?;
        Ok(export.next(&**client).await?)
    })
    .await
}
