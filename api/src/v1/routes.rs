//! The routes of API v1, each under both prefixes.

use actix_web::web::{ServiceConfig, delete, get, post, resource};

use super::path::PREFIXES;
use super::{auth, rollout, tasks};

/// Every path of v1, its methods and who answers. `api/src/limits/class.rs` has the class of each.
pub fn routes(config: &mut ServiceConfig) {
    for prefix in PREFIXES {
        let at = |path: &str| resource(format!("{prefix}{path}"));
        config.service(at("/tasks").route(get().to(tasks::list)));
        config.service(at("/auth/register").route(post().to(auth::register::register)));
        config.service(at("/auth/login").route(post().to(auth::login::login)));
        config.service(at("/auth/simple-login").route(post().to(auth::login::login)));
        config.service(at("/auth/refresh").route(post().to(auth::refresh::refresh)));
        config.service(at("/auth/user").route(get().to(auth::user::user)));
        config.service(at("/auth/logout").route(post().to(auth::logout::logout)));
        config.service(at("/auth/request-password-reset").route(post().to(auth::password::request)));
        config.service(at("/auth/reset-password").route(post().to(auth::password::reset)));
        config.service(at("/users/account").route(delete().to(auth::account::remove)));
        config.service(at("/users/cancel-deletion").route(post().to(auth::account::cancel)));
        config.service(at("/mobile/auth/register").route(post().to(auth::mobile::register)));
        config.service(at("/mobile/auth/login").route(post().to(auth::mobile::login)));
        config.service(at("/mobile/auth/refresh").route(post().to(auth::mobile::refresh)));
        config.service(at("/mobile/auth/me").route(get().to(auth::mobile::me)));
        config.service(at("/backend").route(get().to(rollout::backend)));
    }
}
