//! `GET /api/v2/admin/settings`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use infrastructure::config::InForce;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::reply;
use crate::caller::role::Admin;
use crate::problem::{Content, Problem};
use crate::state::App;

/// The settings of one node.
#[derive(Serialize, ToSchema)]
pub struct SettingsBody {
    /// The node that answers, another at each of its starts; behind a balancer the next request may meet another.
    node_id: Uuid,
    /// What it runs.
    version: &'static str,
    /// By name.
    settings: Vec<SettingBody>,
}

/// A setting as it is in force.
#[derive(Serialize, ToSchema)]
pub struct SettingBody {
    /// Its variable.
    pub name: String,
    /// Its value; null of a secret and of what is not set.
    #[schema(required)]
    pub value: Option<String>,
    /// Whether it has a value.
    pub is_set: bool,
    /// Whether its value is never shown.
    pub is_secret: bool,
    /// `default`, `environment` or `flag`.
    pub from: &'static str,
}

/// Every setting of the node that answers, and where its value comes from. Secrets are set or not.
#[utoipa::path(get, path = "/api/v2/admin/settings", tag = "admin", operation_id = "list_settings",
security(("bearer" = [])), responses(
    (status = 200, description = "All of them.", body = SettingsBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json")
))]
pub async fn list(app: web::Data<App>, request: HttpRequest, _by: Admin) -> Result<HttpResponse, Problem> {
    let settings = app.serving.in_force.iter().cloned().map(Into::into).collect();
    let body = SettingsBody { node_id: app.node.id, version: app.node.version, settings };
    Ok(reply(&request, StatusCode::OK, &body))
}

impl From<InForce> for SettingBody {
    fn from(setting: InForce) -> Self {
        let InForce { name, value, is_set, is_secret, from } = setting;
        Self { name, value, is_set, is_secret, from: from.as_str() }
    }
}
