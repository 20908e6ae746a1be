//! Whether every route of API v1 has a case that is granted.

use std::collections::BTreeSet;

use super::super::table::{Route, routes};
use super::{Case, cases, files};

/// The folders of all rooms. Each room plays its own.
const FOLDERS: [&str; 4] = ["auth", "goals", "read", "tasks"];

/// The names of resources that one path answers for.
const RESOURCES: [(&str, &str); 7] = [
    ("POST", "profile"),
    ("POST", "tasks"),
    ("POST", "skills"),
    ("POST", "goals"),
    ("PATCH", "tasks"),
    ("PATCH", "skills"),
    ("DELETE", "tasks"),
];

fn all() -> Vec<Case> {
    FOLDERS.into_iter().flat_map(files).flat_map(|name| cases(&name)).collect()
}

/// The template that a path is answered by: one without ids, if there is one.
fn template(routes: &[Route], method: &str, path: &str) -> Option<String> {
    let fits = routes.iter().filter(|route| route.method == method && route.fits(path));
    fits.min_by_key(|route| route.template.matches('{').count()).map(|route| route.template.clone())
}

#[test]
fn every_route_has_a_case_that_is_granted() {
    let (routes, cases) = (routes(), all());
    let granted = || cases.iter().filter(|case| case.status == 200);
    let mut covered = BTreeSet::new();
    for case in granted() {
        for path in &case.paths {
            let path = path.split('?').next().unwrap();
            let template = template(&routes, &case.method, path);
            covered.insert((case.method.clone(), template.unwrap_or_else(|| panic!("{}: {path}", case.name))));
        }
    }
    let all: BTreeSet<_> = routes.iter().map(|route| (route.method.clone(), route.template.clone())).collect();
    let without: Vec<_> = all.difference(&covered).collect();
    assert!(without.is_empty(), "write cases for these: {without:?}");
    for (method, resource) in RESOURCES {
        let path = format!("/crud?resource={resource}");
        let mut granted = granted().filter(|case| case.method == method);
        assert!(granted.any(|case| case.paths[0].starts_with(&path)), "{method} {path}");
    }
}
