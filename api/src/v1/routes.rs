//! The routes of API v1, each under both prefixes.

use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::Method;
use actix_web::web::{ServiceConfig, delete, get, patch, post, put, resource};

use super::path::{self, PREFIXES};
use super::{auth, crud, energy, focus, goals, hero, milestones, rollout, show, skills, tasks};

/// Every path of v1, its methods and who answers. `api/src/limits/class.rs` has the class of each.
pub fn routes(config: &mut ServiceConfig) {
    for prefix in PREFIXES {
        identity(config, prefix);
        whole(config, prefix);
        work(config, prefix);
        mobile(config, prefix);
    }
}

/// Accounts and sessions.
fn identity(config: &mut ServiceConfig, prefix: &str) {
    let at = |path: &str| resource(format!("{prefix}{path}"));
    config
        .service(at("/auth/register").route(post().to(auth::register::register)))
        .service(at("/auth/login").route(post().to(auth::login::login)))
        .service(at("/auth/simple-login").route(post().to(auth::login::login)))
        .service(at("/auth/refresh").route(post().to(auth::refresh::refresh)))
        .service(at("/auth/user").route(get().to(auth::user::user)))
        .service(at("/auth/logout").route(post().to(auth::logout::logout)))
        .service(at("/auth/request-password-reset").route(post().to(auth::password::request)))
        .service(at("/auth/reset-password").route(post().to(auth::password::reset)))
        .service(at("/users/account").route(delete().to(auth::account::remove)))
        .service(at("/users/cancel-deletion").route(post().to(auth::account::cancel)))
        .service(at("/backend").route(get().to(rollout::backend)))
        .service(at("/health").route(get().to(show::health)));
}

/// What is read and changed as a whole: the hero, reports, several kinds by one path.
fn whole(config: &mut ServiceConfig, prefix: &str) {
    let at = |path: &str| resource(format!("{prefix}{path}"));
    config
        .service(at("/data").route(get().to(show::data)))
        .service(at("/data/batch").route(get().to(show::batch)))
        .service(
            at("/crud").route(post().to(crud::create)).route(patch().to(crud::edit)).route(delete().to(crud::remove)),
        )
        .service(at("/user-stats").route(get().to(show::stats)).route(patch().to(hero::edit_stats)))
        .service(at("/user-stats/recalculate-level").route(post().to(energy::recalculate_level)))
        .service(at("/user-stats/restore-energy").route(post().to(energy::restore)))
        .service(at("/user-stats/force-reset-energy").route(post().to(energy::force_reset)))
        .service(at("/debug/restore-energy").route(post().to(energy::debug_restore)))
        .service(at("/profile").route(get().to(show::profile)).route(post().to(hero::save_profile)))
        .service(at("/activity-logs").route(get().to(show::activity_logs)))
        .service(at("/pomodoro/available-tasks").route(get().to(show::available_tasks)))
        .service(at("/battle-reports/daily").route(get().to(show::daily_report)))
        .service(at("/battle-reports/summary").route(get().to(show::report_summary)));
}

/// Tasks, habits, goals, milestones, skills.
fn work(config: &mut ServiceConfig, prefix: &str) {
    let at = |path: &str| resource(format!("{prefix}{path}"));
    config
        .service(at("/tasks").route(get().to(tasks::list)).route(post().to(tasks::post)))
        .service(at("/tasks/intelligent-create").route(post().to(tasks::intelligent_create)))
        .service(at("/tasks/reset-daily-habits").route(post().to(tasks::reset_daily_habits)))
        .service(
            at("/tasks/{id}")
                .guard(fn_guard(names_one))
                .route(patch().to(tasks::patch))
                .route(delete().to(tasks::remove)),
        )
        .service(at("/tasks/{id}/micro-tasks").route(get().to(show::micro_tasks)))
        .service(at("/tasks/{id}/simple-complete").route(post().to(tasks::complete_simply)))
        .service(at("/tasks/{id}/smart-complete").route(post().to(tasks::complete_smartly)))
        .service(at("/tasks/{id}/start-pomodoro").route(post().to(focus::start)))
        .service(at("/tasks/{id}/complete-pomodoro").route(post().to(focus::complete)))
        .service(at("/habits/{id}/start-pomodoro").route(post().to(focus::start)))
        .service(at("/habits/{id}/complete-pomodoro").route(post().to(focus::complete)))
        .service(at("/goals").route(get().to(show::goals)).route(post().to(goals::create)))
        .service(at("/goals/intelligent-create").route(post().to(goals::intelligent_create)))
        .service(
            at("/goals/{id}")
                .guard(fn_guard(names_one))
                .route(patch().to(goals::edit))
                .route(delete().to(goals::remove)),
        )
        .service(at("/goals/{id}/pomodoro-complete").route(post().to(focus::complete_goal)))
        .service(at("/goals/{id}/milestones").route(get().to(show::milestones)))
        .service(at("/goals/{goal}/milestones/{id}").route(patch().to(milestones::edit)))
        .service(at("/milestones").route(post().to(milestones::create)))
        .service(at("/skills").route(get().to(show::skills)).route(post().to(skills::create)))
        .service(at("/skills/initialize-core").route(post().to(skills::initialize_core)))
        .service(at("/skills/{id}").guard(fn_guard(names_one)).route(patch().to(skills::edit)));
}

/// Whether a path below a list names an entity. What is no id there is one to who changes or deletes it, and to others the
/// name of a route that is not here.
fn names_one(context: &GuardContext<'_>) -> bool {
    let head = context.head();
    let last = head.uri.path().rsplit('/').next().unwrap_or_default();
    matches!(head.method, Method::PATCH | Method::DELETE) || path::id(last).is_ok()
}

/// The routes of the mobile app, with an envelope of their own.
fn mobile(config: &mut ServiceConfig, prefix: &str) {
    let at = |path: &str| resource(format!("{prefix}{path}"));
    config
        .service(at("/mobile/auth/register").route(post().to(auth::mobile::register)))
        .service(at("/mobile/auth/login").route(post().to(auth::mobile::login)))
        .service(at("/mobile/auth/refresh").route(post().to(auth::mobile::refresh)))
        .service(at("/mobile/auth/me").route(get().to(auth::mobile::me)))
        .service(at("/mobile/tasks").route(get().to(show::mobile_tasks)).route(post().to(tasks::mobile_post)))
        .service(at("/mobile/tasks/{id}/complete").route(post().to(tasks::mobile_complete)))
        .service(at("/mobile/skills").route(get().to(show::mobile_skills)))
        .service(at("/mobile/goals").route(get().to(show::mobile_goals)))
        .service(at("/mobile/stats").route(get().to(show::mobile_stats)))
        .service(
            at("/mobile/profile").route(get().to(show::mobile_profile)).route(put().to(hero::save_mobile_profile)),
        );
}
