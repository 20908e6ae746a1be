//! The routes of API v1, each under both prefixes.

use actix_web::web::{ServiceConfig, delete, get, patch, post, resource};

use super::path::PREFIXES;
use super::{energy, focus, tasks};

/// Every path of v1, its methods and who answers. `api/src/limits/class.rs` has the class of each.
pub fn routes(config: &mut ServiceConfig) {
    for prefix in PREFIXES {
        let at = |path: &str| resource(format!("{prefix}{path}"));
        config
            .service(at("/tasks").route(get().to(tasks::list)).route(post().to(tasks::post)))
            .service(at("/tasks/intelligent-create").route(post().to(tasks::intelligent_create)))
            .service(at("/tasks/reset-daily-habits").route(post().to(tasks::reset_daily_habits)))
            .service(at("/tasks/{id}").route(patch().to(tasks::patch)).route(delete().to(tasks::remove)))
            .service(at("/tasks/{id}/simple-complete").route(post().to(tasks::complete_simply)))
            .service(at("/tasks/{id}/smart-complete").route(post().to(tasks::complete_smartly)))
            .service(at("/tasks/{id}/start-pomodoro").route(post().to(focus::start)))
            .service(at("/tasks/{id}/complete-pomodoro").route(post().to(focus::complete)))
            .service(at("/habits/{id}/start-pomodoro").route(post().to(focus::start)))
            .service(at("/habits/{id}/complete-pomodoro").route(post().to(focus::complete)))
            .service(at("/goals/{id}/pomodoro-complete").route(post().to(focus::complete_goal)))
            .service(at("/mobile/tasks").route(post().to(tasks::mobile_post)))
            .service(at("/mobile/tasks/{id}/complete").route(post().to(tasks::mobile_complete)))
            .service(at("/debug/restore-energy").route(post().to(energy::debug_restore)))
            .service(at("/user-stats/recalculate-level").route(post().to(energy::recalculate_level)))
            .service(at("/user-stats/restore-energy").route(post().to(energy::restore)))
            .service(at("/user-stats/force-reset-energy").route(post().to(energy::force_reset)));
    }
}
