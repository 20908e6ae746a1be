//! Which paths are those of API v1, and the ids in them.

use crate::problem::{Code, Problem};

/// Where its routes are; the bare prefix is what clients in the field call.
pub(super) const PREFIXES: [&str; 2] = ["/api/v1", "/api"];
/// Below the bare prefix, and not of v1.
const OTHERS: [&str; 2] = ["/api/v2", "/api/auth/devices"];

/// Whether a path (or the template of a route) belongs to API v1.
pub fn is_v1(path: &str) -> bool {
    let is_below =
        |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    is_below("/api") && !OTHERS.iter().any(|other| is_below(other))
}

/// The part of a path of v1 behind its prefix: the same for both.
pub fn behind_prefix(path: &str) -> Option<&str> {
    if !is_v1(path) {
        return None;
    }
    PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix).filter(|rest| rest.starts_with('/')))
}

/// The integer id in a path. Whatever is none cannot be anybody's.
pub(super) fn id(segment: &str) -> Result<i64, Problem> {
    let id: i32 = segment.parse().map_err(|_| Problem::new(Code::PathInvalid).detail("The id is a whole number."))?;
    Ok(id.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v1_is_below_both_prefixes_and_beside_v2() {
        for (path, rest) in [
            ("/api/tasks", Some("/tasks")),
            ("/api/v1/tasks/{id}", Some("/tasks/{id}")),
            ("/api/auth/login", Some("/auth/login")),
            ("/api/v2/tasks", None),
            ("/api/auth/devices/{id}", None),
            ("/api", None),
            ("/healthz", None),
            ("/apiary", None),
        ] {
            assert_eq!(behind_prefix(path), rest, "{path}");
        }
        assert!(is_v1("/api"));
    }

    #[test]
    fn an_id_is_a_whole_number_of_32_bits() {
        assert_eq!(id("17").ok(), Some(17));
        for bad in ["", "x", "1.5", "2147483648", "0x10", "NaN"] {
            assert!(id(bad).is_err(), "{bad}");
        }
    }
}
