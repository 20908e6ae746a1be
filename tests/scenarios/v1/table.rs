//! The table of routes of API v1, as the server has it: what is to hold for all of them is tried with all of them.

use reqwest::Method;

/// Both places.
pub(super) const PREFIXES: [&str; 2] = ["/api", "/api/v1"];
/// The table itself.
const TABLE: &str = include_str!("../../../api/src/v1/routes.rs");

/// A route.
#[derive(Clone, Debug)]
pub(super) struct Route {
    /// In capitals.
    pub(super) method: String,
    /// The path behind the prefix, with the names of its ids in braces.
    pub(super) template: String,
}

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    let mut found = Vec::new();
    for part in TABLE.split("at(\"").skip(1) {
        let (template, rest) = part.split_once('"').unwrap();
        let methods = rest.split(".route(").skip(1).map(|route| route.split_once("()").unwrap().0.to_uppercase());
        found.extend(methods.map(|method| Route { method, template: template.to_owned() }));
    }
    assert!(found.len() > 60, "the table is read wrongly: {found:?}");
    found
}

impl Route {
    /// Whether a path is one of this route.
    pub(super) fn fits(&self, path: &str) -> bool {
        let segments = || self.template.split('/').zip(path.split('/'));
        self.template.split('/').count() == path.split('/').count()
            && segments().all(|(known, given)| known.starts_with('{') || known == given)
    }

    /// Whether something is named in its path.
    pub(super) fn names_something(&self) -> bool {
        self.template.contains('{')
    }

    /// The path behind a prefix; `id` says which id follows which segment.
    pub(super) fn path(&self, prefix: &str, id: impl Fn(&str) -> String) -> String {
        let mut path = prefix.to_owned();
        let mut before = "";
        for segment in self.template.split('/').skip(1) {
            let given = if segment.starts_with('{') { id(before) } else { segment.to_owned() };
            path = format!("{path}/{given}");
            before = segment;
        }
        path
    }

    /// The method, to ask by.
    pub(super) fn asked_by(&self) -> Method {
        self.method.parse().unwrap()
    }
}
