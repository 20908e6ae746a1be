//! The class of every route: which limit it falls under, and what it wants of the database. One table; a test holds it
//! against the routes.

use actix_web::http::Method;

use super::class_v1::V1_ROUTES;
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

pub(super) const fn route(class: Class, wants: Wants) -> Route {
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
    /// Of the route with this template, asked by this method; none: a path that is no route.
    pub fn of(method: &Method, template: Option<&str>) -> Self {
        template.and_then(|template| listed(method.as_str(), template)).unwrap_or(UNLISTED)
    }
}

fn listed(method: &str, template: &str) -> Option<Route> {
    match behind_prefix(template) {
        None => ROUTES.iter().find(|(known, _)| *known == template).map(|(_, route)| *route),
        // One path of the old contract reads and writes.
        Some(rest) => {
            V1_ROUTES.iter().find(|(by, known, _)| (*by, *known) == (method, rest)).map(|(_, _, route)| *route)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_a_class() {
        let routed =
            include_str!("../routes.rs").split("resource(\"").skip(1).filter_map(|rest| rest.split('"').next());
        let without: Vec<&str> = routed.filter(|template| listed("GET", template).is_none()).collect();
        assert!(without.is_empty(), "give these a class in api/src/limits/class.rs: {without:?}");
    }

    /// Every route of v1, by method and path.
    fn routed() -> Vec<(String, &'static str)> {
        let paths = include_str!("../v1/routes.rs").split("at(\"").skip(1);
        let methods = |rest: &'static str| rest.split(".route(").skip(1).filter_map(|route| route.split("()").next());
        let routes = paths.flat_map(|rest| {
            let path = rest.split('"').next().unwrap_or_default();
            methods(rest).map(move |method| (method.to_uppercase(), path))
        });
        routes.collect()
    }

    #[test]
    fn every_route_of_v1_has_a_class_under_both_prefixes() {
        assert!(routed().len() > 60);
        for (method, path) in routed() {
            for prefix in ["/api", "/api/v1"] {
                let class = listed(&method, &format!("{prefix}{path}"));
                assert!(class.is_some(), "give {method} {path} a class in api/src/limits/class.rs");
            }
        }
    }

    #[test]
    fn what_reads_and_what_writes_at_one_path_of_v1_are_counted_apart() {
        for (method, path, Route { class, .. }) in V1_ROUTES {
            let fits = match *class {
                Class::Write => *method != "GET",
                Class::Read | Class::Heavy => *method == "GET",
                _ => true,
            };
            assert!(fits, "{method} {path} is {}", class.name());
        }
        let of = |method: Method| Route::of(&method, Some("/api/tasks")).class;
        assert_eq!((of(Method::GET), of(Method::POST), of(Method::PUT)), (Class::Read, Class::Write, Class::Other));
    }

    #[test]
    fn no_route_stands_in_the_table_twice() {
        for (at, (template, _)) in ROUTES.iter().enumerate() {
            assert!(ROUTES[at + 1..].iter().all(|(other, _)| other != template), "{template}");
        }
        for (at, (method, path, _)) in V1_ROUTES.iter().enumerate() {
            let mut others = V1_ROUTES[at + 1..].iter();
            assert!(others.all(|(by, other, _)| (by, other) != (method, path)), "{method} {path}");
        }
    }
}
