//! The class of every route: which limit it falls under, and what it wants of the database. One table; a test holds it
//! against the routes.

use crate::v1::behind_prefix;

/// Which limit a request falls under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Where somebody could guess: the strictest.
    SignIn,
    /// New access tokens.
    Refresh,
    /// Transactions.
    Write,
    /// Changes, lists and single entities.
    Read,
    /// What reads a whole space.
    Heavy,
    /// Anything else.
    Other,
    /// No limit: it touches nothing, and whoever watches the process needs an answer.
    Free,
}

/// What a request wants of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wants {
    /// Nothing, or it finds out by itself what is there.
    Nothing,
    /// It cannot be answered without; an answer does not show that the database gave it.
    Database,
    /// It cannot be answered without, and what went well shows that the database answers.
    Proof,
}

/// A route's class and wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// Which limit.
    pub class: Class,
    /// What of the database.
    pub wants: Wants,
}

const fn route(class: Class, wants: Wants) -> Route {
    Route { class, wants }
}

/// What is in no table: paths that are none, and pages of the documentation.
const UNLISTED: Route = route(Class::Other, Wants::Nothing);

/// Every route by its template.
const ROUTES: &[(&str, Route)] = &[
    ("/healthz", route(Class::Free, Wants::Nothing)),
    ("/readyz", route(Class::Other, Wants::Nothing)),
    ("/metrics", route(Class::Other, Wants::Nothing)),
    ("/openapi.json", route(Class::Other, Wants::Nothing)),
    ("/schema.json", route(Class::Other, Wants::Nothing)),
    ("/api/v2/auth/register", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/login", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/refresh", route(Class::Refresh, Wants::Proof)),
    ("/api/v2/auth/me", route(Class::Other, Wants::Proof)),
    ("/api/v2/auth/logout", route(Class::Other, Wants::Proof)),
    ("/api/v2/auth/sessions", route(Class::Other, Wants::Proof)),
    ("/api/v2/auth/sessions/{id}", route(Class::Other, Wants::Proof)),
    ("/api/v2/auth/password/forgot", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/password/reset", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/password/change", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/email/verify", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/email/resend", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/account", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/account/cancel-deletion", route(Class::SignIn, Wants::Proof)),
    ("/api/v2/auth/devices", route(Class::Other, Wants::Proof)),
    ("/api/v2/auth/devices/{id}", route(Class::Other, Wants::Proof)),
    ("/api/auth/devices", route(Class::Other, Wants::Proof)),
    ("/api/auth/devices/{id}", route(Class::Other, Wants::Proof)),
    ("/api/v2/auth/access-log", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}/lock", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}/unlock", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}/role", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}/sessions", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}/sync-history", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/spaces/{space}/replay", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/admin/spaces/{space}/replay/compare", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/admin/spaces/{space}/replay/device/{device}", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/admin/audit", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/audit", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/admin/rebuilds", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/rebuilds/{id}", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/rebuilds/{id}/pause", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/rebuilds/{id}/resume", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/rebuilds/{id}/cancel", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/verify", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/repair", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/admin/accounts/{id}/erase", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/flags", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/flags/{name}", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/dead-letters", route(Class::Read, Wants::Proof)),
    ("/api/v2/admin/settings", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/events", route(Class::Read, Wants::Database)),
    ("/api/v2/admin/redactions", route(Class::Heavy, Wants::Database)),
    ("/api/v2/flags", route(Class::Read, Wants::Nothing)),
    ("/api/v2/admin/backups", route(Class::Other, Wants::Proof)),
    ("/api/v2/admin/analytics", route(Class::Heavy, Wants::Proof)),
    ("/.well-known/jwks.json", route(Class::Other, Wants::Nothing)),
    ("/api/v2/transactions", route(Class::Write, Wants::Database)),
    ("/api/v2/transactions/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/transactions/{id}/revert", route(Class::Write, Wants::Database)),
    ("/api/v2/restore-points", route(Class::Other, Wants::Proof)),
    ("/api/v2/restore-points/{id}", route(Class::Other, Wants::Proof)),
    ("/api/v2/restore-points/{id}/preview", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/restore-points/{id}/restore", route(Class::Heavy, Wants::Database)),
    ("/api/v2/{entity}/{id}/history", route(Class::Read, Wants::Proof)),
    ("/api/v2/changes", route(Class::Read, Wants::Proof)),
    ("/api/v2/events", route(Class::Read, Wants::Database)),
    ("/api/v2/stream", route(Class::Read, Wants::Database)),
    ("/api/v2/snapshot", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/export", route(Class::Heavy, Wants::Database)),
    ("/api/v2/checksums", route(Class::Heavy, Wants::Proof)),
    ("/api/v2/rejections", route(Class::Read, Wants::Proof)),
    ("/api/v2/rejections/{id}/acknowledge", route(Class::Other, Wants::Proof)),
    ("/api/v2/import", route(Class::Heavy, Wants::Database)),
    ("/api/v2/tasks", route(Class::Read, Wants::Proof)),
    ("/api/v2/tasks/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/goals", route(Class::Read, Wants::Proof)),
    ("/api/v2/goals/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/conflicts", route(Class::Read, Wants::Proof)),
    ("/api/v2/conflicts/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/milestones", route(Class::Read, Wants::Proof)),
    ("/api/v2/milestones/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/skills", route(Class::Read, Wants::Proof)),
    ("/api/v2/skills/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/heroes", route(Class::Read, Wants::Proof)),
    ("/api/v2/heroes/{id}", route(Class::Read, Wants::Proof)),
    ("/api/v2/activity", route(Class::Read, Wants::Proof)),
    ("/api/v2/days", route(Class::Read, Wants::Proof)),
    ("/api/v2/sync-history", route(Class::Read, Wants::Proof)),
];

/// Every route of API v1, by its template behind the prefix.
const V1_ROUTES: &[(&str, Route)] = &[
    ("/auth/register", route(Class::SignIn, Wants::Proof)),
    ("/auth/login", route(Class::SignIn, Wants::Proof)),
    ("/auth/simple-login", route(Class::SignIn, Wants::Proof)),
    ("/auth/refresh", route(Class::Refresh, Wants::Proof)),
    ("/auth/user", route(Class::Other, Wants::Proof)),
    ("/auth/logout", route(Class::Other, Wants::Database)),
    ("/auth/request-password-reset", route(Class::SignIn, Wants::Proof)),
    ("/auth/reset-password", route(Class::SignIn, Wants::Proof)),
    ("/users/account", route(Class::SignIn, Wants::Proof)),
    ("/users/cancel-deletion", route(Class::SignIn, Wants::Proof)),
    ("/backend", route(Class::Read, Wants::Nothing)),
    ("/health", route(Class::Other, Wants::Nothing)),
    ("/data", route(Class::Read, Wants::Proof)),
    ("/data/batch", route(Class::Heavy, Wants::Proof)),
    ("/crud", route(Class::Write, Wants::Database)),
    ("/user-stats", route(Class::Write, Wants::Database)),
    ("/user-stats/recalculate-level", route(Class::Write, Wants::Database)),
    ("/user-stats/restore-energy", route(Class::Write, Wants::Database)),
    ("/user-stats/force-reset-energy", route(Class::Write, Wants::Database)),
    ("/debug/restore-energy", route(Class::Write, Wants::Database)),
    ("/profile", route(Class::Write, Wants::Database)),
    ("/activity-logs", route(Class::Read, Wants::Proof)),
    ("/pomodoro/available-tasks", route(Class::Read, Wants::Proof)),
    ("/battle-reports/daily", route(Class::Read, Wants::Proof)),
    ("/battle-reports/summary", route(Class::Read, Wants::Proof)),
    ("/tasks", route(Class::Write, Wants::Database)),
    ("/tasks/intelligent-create", route(Class::Write, Wants::Database)),
    ("/tasks/reset-daily-habits", route(Class::Write, Wants::Database)),
    ("/tasks/{id}", route(Class::Write, Wants::Database)),
    ("/tasks/{id}/micro-tasks", route(Class::Read, Wants::Database)),
    ("/tasks/{id}/simple-complete", route(Class::Write, Wants::Database)),
    ("/tasks/{id}/smart-complete", route(Class::Write, Wants::Database)),
    ("/tasks/{id}/start-pomodoro", route(Class::Write, Wants::Database)),
    ("/tasks/{id}/complete-pomodoro", route(Class::Write, Wants::Database)),
    ("/habits/{id}/start-pomodoro", route(Class::Write, Wants::Database)),
    ("/habits/{id}/complete-pomodoro", route(Class::Write, Wants::Database)),
    ("/goals", route(Class::Write, Wants::Database)),
    ("/goals/intelligent-create", route(Class::Write, Wants::Database)),
    ("/goals/{id}", route(Class::Write, Wants::Database)),
    ("/goals/{id}/pomodoro-complete", route(Class::Write, Wants::Database)),
    ("/goals/{id}/milestones", route(Class::Read, Wants::Proof)),
    ("/goals/{goal}/milestones/{id}", route(Class::Write, Wants::Database)),
    ("/milestones", route(Class::Write, Wants::Database)),
    ("/skills", route(Class::Write, Wants::Database)),
    ("/skills/initialize-core", route(Class::Write, Wants::Database)),
    ("/skills/{id}", route(Class::Write, Wants::Database)),
    ("/mobile/auth/register", route(Class::SignIn, Wants::Proof)),
    ("/mobile/auth/login", route(Class::SignIn, Wants::Proof)),
    ("/mobile/auth/refresh", route(Class::Refresh, Wants::Proof)),
    ("/mobile/auth/me", route(Class::Other, Wants::Proof)),
    ("/mobile/tasks", route(Class::Write, Wants::Database)),
    ("/mobile/tasks/{id}/complete", route(Class::Write, Wants::Database)),
    ("/mobile/skills", route(Class::Read, Wants::Proof)),
    ("/mobile/goals", route(Class::Read, Wants::Proof)),
    ("/mobile/stats", route(Class::Read, Wants::Proof)),
    ("/mobile/profile", route(Class::Write, Wants::Database)),
];

impl Class {
    /// Those with a limit, in the order of their buckets.
    pub const LIMITED: [Self; 6] = [Self::SignIn, Self::Refresh, Self::Write, Self::Read, Self::Heavy, Self::Other];

    /// The name in problems and metrics.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Refresh => "refresh",
            Self::Write => "write",
            Self::Read => "read",
            Self::Heavy => "heavy",
            Self::Other => "other",
            Self::Free => "free",
        }
    }
}

impl Route {
    /// Of the route with this template; none: a path that is no route.
    pub fn of(template: Option<&str>) -> Self {
        template.and_then(listed).unwrap_or(UNLISTED)
    }
}

fn listed(template: &str) -> Option<Route> {
    let (table, template) = behind_prefix(template).map_or((ROUTES, template), |rest| (V1_ROUTES, rest));
    table.iter().find(|(known, _)| *known == template).map(|(_, route)| *route)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_a_class() {
        let routed =
            include_str!("../routes.rs").split("resource(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let without: Vec<&str> = routed.filter(|template| listed(template).is_none()).collect();
        assert!(without.is_empty(), "give these a class in api/src/limits/class.rs: {without:?}");
    }

    #[test]
    fn every_route_of_v1_has_a_class_under_both_prefixes() {
        let routed = include_str!("../v1/routes.rs").split("at(\"").skip(1).filter_map(|rest| rest.split('"').next());
        for path in routed {
            for prefix in ["/api", "/api/v1"] {
                assert!(listed(&format!("{prefix}{path}")).is_some(), "give {path} a class in api/src/limits/class.rs");
            }
        }
    }

    #[test]
    fn no_route_stands_in_the_table_twice() {
        for (at, (template, _)) in ROUTES.iter().enumerate() {
            assert!(ROUTES[at + 1..].iter().all(|(other, _)| other != template), "{template}");
        }
    }
}
