//! The time zones of the world, from the rules that are built in.

use application::identity::TimeZones;
use domain::rules::day::is_time_zone;

/// The bundled IANA zones, and the one for accounts that named none.
#[derive(Clone)]
pub struct BundledZones {
    default_zone: String,
}

impl BundledZones {
    /// With the zone of accounts that name none.
    pub fn new(default_zone: impl Into<String>) -> Self {
        Self { default_zone: default_zone.into() }
    }
}

impl TimeZones for BundledZones {
    fn is_known(&self, name: &str) -> bool {
        is_time_zone(name)
    }

    fn default_zone(&self) -> &str {
        &self.default_zone
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_iana_database_are_known_and_nothing_else_is() {
        let zones = BundledZones::new("UTC");
        assert!(["UTC", "Europe/Zurich", "Pacific/Apia"].iter().all(|name| zones.is_known(name)));
        assert!(
            ["", "Europe/Atlantis", "+01:00", "../etc/passwd", "Etc/Unknown", "europe/zurich"]
                .iter()
                .all(|n| !zones.is_known(n))
        );
    }
}
