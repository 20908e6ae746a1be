//! The routes of API v1, each under both prefixes.

use actix_web::web::{ServiceConfig, delete, get, patch, post, put, resource};

use super::path::PREFIXES;
use super::{crud, goals, hero, milestones, skills, tasks};

/// Every path of v1, its methods and who answers. `api/src/limits/class.rs` has the class of each.
pub fn routes(config: &mut ServiceConfig) {
    for prefix in PREFIXES {
        let at = |path: &str| resource(format!("{prefix}{path}"));
        config.service(at("/tasks").route(get().to(tasks::list)));
        config.service(at("/goals").route(post().to(goals::create)));
        config.service(at("/goals/intelligent-create").route(post().to(goals::intelligent_create)));
        config.service(at("/goals/{id}").route(patch().to(goals::edit)).route(delete().to(goals::remove)));
        config.service(at("/goals/{goal}/milestones/{id}").route(patch().to(milestones::edit)));
        config.service(at("/milestones").route(post().to(milestones::create)));
        config.service(at("/skills").route(post().to(skills::create)));
        config.service(at("/skills/initialize-core").route(post().to(skills::initialize_core)));
        config.service(at("/skills/{id}").route(patch().to(skills::edit)));
        config.service(at("/user-stats").route(patch().to(hero::edit_stats)));
        config.service(at("/profile").route(post().to(hero::save_profile)));
        config.service(at("/mobile/profile").route(put().to(hero::save_mobile_profile)));
        config.service(
            at("/crud").route(post().to(crud::create)).route(patch().to(crud::edit)).route(delete().to(crud::remove)),
        );
    }
}
