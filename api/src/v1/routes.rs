//! The routes of API v1, each under both prefixes.

use actix_web::web::{ServiceConfig, get, resource};

use super::path::PREFIXES;
use super::tasks;

/// Every path of v1, its methods and who answers. `api/src/limits/class.rs` has the class of each.
pub fn routes(config: &mut ServiceConfig) {
    for prefix in PREFIXES {
        let at = |path: &str| resource(format!("{prefix}{path}"));
        config.service(at("/tasks").route(get().to(tasks::list)));
    }
}
