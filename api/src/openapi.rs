//! The OpenAPI document, generated from the handlers. A handler that is not listed here is not documented; a test holds
//! the list against the routes. How strangers are refused is written once, in `admission`, and added to every operation with
//! a token; a handler says what it refuses besides.

mod admission;

use std::sync::LazyLock;

use actix_web::HttpResponse;
use bytes::Bytes;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::{Modify, OpenApi};

use self::admission::Admission;
use crate::problem;
use crate::{admin, system, v2};

/// The document of everything that this server answers.
#[derive(OpenApi)]
#[openapi(
    info(title = "Level Up Sync", description = "Event-sourced sync for Level Up Solo. Errors are RFC 9457 problems."),
    paths(
        v2::auth::register::register,
        v2::auth::login::login,
        v2::auth::refresh::refresh,
        v2::auth::logout::logout,
        v2::auth::sessions::list::list,
        v2::auth::sessions::end_others::end_others,
        v2::auth::sessions::end_one::end_one,
        v2::auth::password::forgot::forgot,
        v2::auth::password::reset::reset,
        v2::auth::password::change::change,
        v2::auth::email::verify::verify,
        v2::auth::email::resend::resend,
        v2::auth::me::me,
        v2::auth::devices::list,
        v2::auth::devices::put,
        v2::auth::devices::one,
        v2::auth::devices::change,
        v2::auth::devices::remove,
        v2::auth::devices::seed::list,
        v2::auth::devices::seed::put,
        v2::auth::devices::seed::one,
        v2::auth::devices::seed::change,
        v2::auth::devices::seed::remove,
        v2::auth::access_log::access_log,
        v2::auth::account::remove,
        v2::auth::account::cancel_deletion,
        admin::analytics::analytics,
        admin::accounts::list,
        admin::accounts::one,
        admin::lock::lock,
        admin::lock::unlock,
        admin::role::role,
        admin::sessions::end,
        admin::sync_history::sync_history,
        admin::replay::steps::steps,
        admin::replay::compare::compare,
        admin::replay::device::device,
        admin::audit::search,
        v2::audit::own,
        admin::rebuilds::start,
        admin::rebuilds::list,
        admin::rebuilds::one,
        admin::rebuilds::orders::pause,
        admin::rebuilds::orders::resume,
        admin::rebuilds::orders::cancel,
        admin::verify::state,
        admin::verify::begin,
        admin::verify::stop,
        admin::repair::repair,
        admin::erase::schedule,
        admin::erase::cancel,
        admin::flags::list,
        admin::flags::one,
        admin::flags::set,
        admin::flags::remove,
        admin::dead_letters::list,
        admin::settings::list,
        admin::events::events,
        admin::redactions::redact,
        v2::flags::flags,
        admin::backups::list,
        admin::backups::ask,
        v2::transactions::transactions,
        v2::undo::transaction::transaction,
        v2::undo::revert::revert,
        v2::undo::points::list,
        v2::undo::points::make,
        v2::undo::point::remove,
        v2::undo::preview::preview,
        v2::undo::restore::restore,
        v2::entities::history::history,
        v2::activity::activity,
        v2::days::days,
        v2::sync_history::sync_history,
        v2::changes::changes,
        v2::events::events,
        v2::stream::stream,
        v2::snapshot::snapshot,
        v2::export::export,
        v2::checksums::checksums,
        v2::rejections::list::list,
        v2::rejections::acknowledge::acknowledge,
        v2::import::import,
        v2::entities::tasks::list,
        v2::entities::tasks::one,
        v2::entities::goals::list,
        v2::entities::goals::one,
        v2::entities::conflicts::list,
        v2::entities::conflicts::one,
        v2::entities::milestones::list,
        v2::entities::milestones::one,
        v2::entities::skills::list,
        v2::entities::skills::one,
        v2::entities::heroes::list,
        v2::entities::heroes::one,
        system::health::health,
        system::ready::ready,
        system::metrics::metrics,
        system::jwks::jwks,
        system::schema::schema_json,
    ),
    components(schemas(problem::Content)),
    modifiers(&BearerToken, &Admission),
    tags(
        (name = "identity", description = "Accounts and sessions."),
        (name = "admin", description = "What support and admins do."),
        (name = "sync", description = "Writing and reading a space."),
        (name = "entities", description = "What a space holds now."),
        (name = "history", description = "What was, and undoing."),
        (name = "system", description = "For operators and machines.")
    )
)]
pub struct Document;

/// Serves the document.
pub async fn openapi_json() -> HttpResponse {
    static JSON: LazyLock<Bytes> = LazyLock::new(|| Document::openapi().to_json().unwrap_or_default().into());
    HttpResponse::Ok().content_type("application/json").body(JSON.clone())
}

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_document_has_every_route_and_no_other() {
        // The documentation itself is not in the document.
        let routed: BTreeSet<&str> = include_str!("routes.rs")
            .split("resource(\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|path| *path != "/openapi.json")
            .collect();
        let document = Document::openapi();
        let documented: BTreeSet<&str> = document.paths.paths.keys().map(String::as_str).collect();
        assert_eq!(documented, routed);
    }
}
