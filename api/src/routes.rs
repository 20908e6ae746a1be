//! The whole HTTP surface.

use std::path::PathBuf;

use actix_web::web::{PathConfig, QueryConfig, ServiceConfig, delete, get, patch, post, put, redirect, resource, to};
use actix_web::{HttpRequest, error};

use crate::admin;
use crate::openapi;
use crate::problem::{Code, Problem};
use crate::system::{docs, health, jwks, metrics, ready, schema};
use crate::v1;
use crate::v2::auth::devices::{self, seed};
use crate::v2::{self, auth, entities, undo};
use crate::web::web;

/// Every path, its methods and who answers. A resource that is asked for another method says 405 and which it knows.
#[expect(clippy::too_many_lines, reason = "a list, one entry for each path")]
pub fn routes(config: &mut ServiceConfig, web_dir: Option<PathBuf>) {
    config
        .service(resource("/healthz").route(get().to(health::health)))
        .service(resource("/readyz").route(get().to(ready::ready)))
        .service(resource("/metrics").route(get().to(metrics::metrics)))
        .service(resource("/.well-known/jwks.json").route(get().to(jwks::jwks)))
        .service(resource("/openapi.json").route(get().to(openapi::openapi_json)))
        .service(resource("/schema.json").route(get().to(schema::schema_json)))
        .service(redirect("/docs", "/docs/"))
        .service(docs::docs())
        .service(resource("/api/v2/auth/register").route(post().to(auth::register::register)))
        .service(resource("/api/v2/auth/login").route(post().to(auth::login::login)))
        .service(resource("/api/v2/auth/refresh").route(post().to(auth::refresh::refresh)))
        .service(resource("/api/v2/auth/logout").route(post().to(auth::logout::logout)))
        .service(
            resource("/api/v2/auth/sessions")
                .route(get().to(auth::sessions::list::list))
                .route(delete().to(auth::sessions::end_others::end_others)),
        )
        .service(resource("/api/v2/auth/sessions/{id}").route(delete().to(auth::sessions::end_one::end_one)))
        .service(resource("/api/v2/auth/password/forgot").route(post().to(auth::password::forgot::forgot)))
        .service(resource("/api/v2/auth/password/reset").route(post().to(auth::password::reset::reset)))
        .service(resource("/api/v2/auth/password/change").route(post().to(auth::password::change::change)))
        .service(resource("/api/v2/auth/email/verify").route(post().to(auth::email::verify::verify)))
        .service(resource("/api/v2/auth/email/resend").route(post().to(auth::email::resend::resend)))
        .service(resource("/api/v2/auth/me").route(get().to(auth::me::me)))
        .service(resource("/api/v2/auth/devices").route(get().to(devices::list)).route(post().to(devices::put)))
        .service(
            resource("/api/v2/auth/devices/{id}")
                .route(get().to(devices::one))
                .route(patch().to(devices::change))
                .route(delete().to(devices::remove)),
        )
        .service(resource("/api/auth/devices").route(get().to(seed::list)).route(post().to(seed::put)))
        .service(
            resource("/api/auth/devices/{id}")
                .route(get().to(seed::one))
                .route(patch().to(seed::change))
                .route(delete().to(seed::remove)),
        )
        .service(resource("/api/v2/auth/access-log").route(get().to(auth::access_log::access_log)))
        .service(resource("/api/v2/auth/account").route(delete().to(auth::account::remove)))
        .service(resource("/api/v2/auth/account/cancel-deletion").route(post().to(auth::account::cancel_deletion)))
        .service(resource("/api/v2/admin/accounts").route(get().to(admin::accounts::list)))
        .service(resource("/api/v2/admin/accounts/{id}").route(get().to(admin::accounts::one)))
        .service(resource("/api/v2/admin/accounts/{id}/lock").route(post().to(admin::lock::lock)))
        .service(resource("/api/v2/admin/accounts/{id}/unlock").route(post().to(admin::lock::unlock)))
        .service(resource("/api/v2/admin/accounts/{id}/role").route(post().to(admin::role::role)))
        .service(resource("/api/v2/admin/accounts/{id}/sessions").route(delete().to(admin::sessions::end)))
        .service(
            resource("/api/v2/admin/accounts/{id}/sync-history").route(get().to(admin::sync_history::sync_history)),
        )
        .service(resource("/api/v2/admin/spaces/{space}/replay").route(get().to(admin::replay::steps::steps)))
        .service(
            resource("/api/v2/admin/spaces/{space}/replay/compare").route(get().to(admin::replay::compare::compare)),
        )
        .service(
            resource("/api/v2/admin/spaces/{space}/replay/device/{device}")
                .route(get().to(admin::replay::device::device)),
        )
        .service(resource("/api/v2/admin/audit").route(get().to(admin::audit::search)))
        .service(resource("/api/v2/audit").route(get().to(v2::audit::own)))
        .service(
            resource("/api/v2/admin/rebuilds")
                .route(get().to(admin::rebuilds::list))
                .route(post().to(admin::rebuilds::start)),
        )
        .service(resource("/api/v2/admin/rebuilds/{id}").route(get().to(admin::rebuilds::one)))
        .service(resource("/api/v2/admin/rebuilds/{id}/pause").route(post().to(admin::rebuilds::orders::pause)))
        .service(resource("/api/v2/admin/rebuilds/{id}/resume").route(post().to(admin::rebuilds::orders::resume)))
        .service(resource("/api/v2/admin/rebuilds/{id}/cancel").route(post().to(admin::rebuilds::orders::cancel)))
        .service(
            resource("/api/v2/admin/verify")
                .route(get().to(admin::verify::state))
                .route(post().to(admin::verify::begin))
                .route(delete().to(admin::verify::stop)),
        )
        .service(resource("/api/v2/admin/repair").route(post().to(admin::repair::repair)))
        .service(
            resource("/api/v2/admin/accounts/{id}/erase")
                .route(post().to(admin::erase::schedule))
                .route(delete().to(admin::erase::cancel)),
        )
        .service(resource("/api/v2/admin/flags").route(get().to(admin::flags::list)))
        .service(
            resource("/api/v2/admin/flags/{name}")
                .route(get().to(admin::flags::one))
                .route(put().to(admin::flags::set))
                .route(delete().to(admin::flags::remove)),
        )
        .service(resource("/api/v2/admin/dead-letters").route(get().to(admin::dead_letters::list)))
        .service(resource("/api/v2/admin/settings").route(get().to(admin::settings::list)))
        .service(resource("/api/v2/admin/events").route(get().to(admin::events::events)))
        .service(resource("/api/v2/admin/redactions").route(post().to(admin::redactions::redact)))
        .service(resource("/api/v2/flags").route(get().to(v2::flags::flags)))
        .service(
            resource("/api/v2/admin/backups")
                .route(get().to(admin::backups::list))
                .route(post().to(admin::backups::ask)),
        )
        .service(resource("/api/v2/admin/analytics").route(get().to(admin::analytics::analytics)))
        .service(resource("/api/v2/transactions").route(post().to(v2::transactions::transactions)))
        .service(resource("/api/v2/transactions/{id}").route(get().to(undo::transaction::transaction)))
        .service(resource("/api/v2/transactions/{id}/revert").route(post().to(undo::revert::revert)))
        .service(
            resource("/api/v2/restore-points").route(get().to(undo::points::list)).route(post().to(undo::points::make)),
        )
        .service(resource("/api/v2/restore-points/{id}").route(delete().to(undo::point::remove)))
        .service(resource("/api/v2/restore-points/{id}/preview").route(post().to(undo::preview::preview)))
        .service(resource("/api/v2/restore-points/{id}/restore").route(post().to(undo::restore::restore)))
        .service(resource("/api/v2/changes").route(get().to(v2::changes::changes)))
        .service(resource("/api/v2/events").route(get().to(v2::events::events)))
        .service(resource("/api/v2/stream").route(get().to(v2::stream::stream)))
        .service(resource("/api/v2/rejections").route(get().to(v2::rejections::list::list)))
        .service(
            resource("/api/v2/rejections/{id}/acknowledge").route(post().to(v2::rejections::acknowledge::acknowledge)),
        )
        .service(resource("/api/v2/snapshot").route(get().to(v2::snapshot::snapshot)))
        .service(resource("/api/v2/export").route(get().to(v2::export::export)))
        .service(resource("/api/v2/checksums").route(post().to(v2::checksums::checksums)))
        .service(resource("/api/v2/import").route(post().to(v2::import::import)))
        .service(resource("/api/v2/tasks").route(get().to(entities::tasks::list)))
        .service(resource("/api/v2/tasks/{id}").route(get().to(entities::tasks::one)))
        .service(resource("/api/v2/goals").route(get().to(entities::goals::list)))
        .service(resource("/api/v2/goals/{id}").route(get().to(entities::goals::one)))
        .service(resource("/api/v2/conflicts").route(get().to(entities::conflicts::list)))
        .service(resource("/api/v2/conflicts/{id}").route(get().to(entities::conflicts::one)))
        .service(resource("/api/v2/milestones").route(get().to(entities::milestones::list)))
        .service(resource("/api/v2/milestones/{id}").route(get().to(entities::milestones::one)))
        .service(resource("/api/v2/skills").route(get().to(entities::skills::list)))
        .service(resource("/api/v2/skills/{id}").route(get().to(entities::skills::one)))
        .service(resource("/api/v2/heroes").route(get().to(entities::heroes::list)))
        .service(resource("/api/v2/heroes/{id}").route(get().to(entities::heroes::one)))
        .service(resource("/api/v2/activity").route(get().to(v2::activity::activity)))
        .service(resource("/api/v2/days").route(get().to(v2::days::days)))
        .service(resource("/api/v2/sync-history").route(get().to(v2::sync_history::sync_history)))
        .service(resource("/api/v2/{entity}/{id}/history").route(get().to(entities::history::history)))
        .configure(v1::routes)
        .default_service(to(unknown))
        .app_data(QueryConfig::default().error_handler(query_invalid))
        .app_data(PathConfig::default().error_handler(path_invalid));
    if let Some(dir) = web_dir {
        config.service(web(dir));
    }
}

async fn unknown() -> Result<&'static str, Problem> {
    Err(Problem::new(Code::RouteUnknown).detail("The paths are listed at /openapi.json and /docs."))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that actix asks for")]
fn query_invalid(error: error::QueryPayloadError, _: &HttpRequest) -> actix_web::Error {
    Problem::new(Code::QueryInvalid).detail(error.to_string()).into()
}

fn path_invalid(_: error::PathError, _: &HttpRequest) -> actix_web::Error {
    Problem::new(Code::PathInvalid).detail("A segment of the path is not the id or number that belongs there.").into()
}
