//! Which versions of the API are spoken, and until when.

use std::fmt;

use clap::Args;
use jiff::civil::Date;

/// What is told of versions.
#[derive(Args, Clone, Copy, Debug, Default)]
#[command(next_help_heading = "Settings")]
pub struct Versions {
    /// Oldest version of the API that is spoken, 1.0 to 2.0; above 1.0 API v1 has ended and its clients are told to update
    #[arg(long, env = "LEVELUP_API_MIN_VERSION", value_name = "VERSION", default_value_t = ApiVersion::V1,
          value_parser = parse_minimum)]
    pub api_min_version: ApiVersion,

    /// Day on which API v1 ends, as its clients are told it, such as `2027-06-01`
    #[arg(long, env = "LEVELUP_V1_SUNSET", value_name = "DAY", value_parser = parse_day)]
    pub v1_sunset: Option<Date>,
}

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ApiVersion {
    major: u16,
    minor: u16,
}

impl ApiVersion {
    /// The legacy contract.
    pub const V1: Self = Self { major: 1, minor: 0 };
    /// The sync protocol.
    pub const V2: Self = Self { major: 2, minor: 0 };

    /// The version that a text such as `2.0` or `2` names.
    pub fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
        Some(Self { major: major.parse().ok()?, minor: minor.parse().ok()? })
    }
}

impl Default for ApiVersion {
    /// The oldest.
    fn default() -> Self {
        Self::V1
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

fn parse_minimum(text: &str) -> Result<ApiVersion, String> {
    ApiVersion::parse(text)
        .filter(|version| (ApiVersion::V1..=ApiVersion::V2).contains(version))
        .ok_or_else(|| format!("give a version from {} to {}", ApiVersion::V1, ApiVersion::V2))
}

fn parse_day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| "give a day such as 2027-06-01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_is_a_version_that_is_spoken() {
        for (text, version) in [("1.0", "1.0"), ("1", "1.0"), (" 2.0 ", "2.0"), ("1.5", "1.5")] {
            assert_eq!(parse_minimum(text).unwrap().to_string(), version);
        }
        for bad in ["", "0.9", "2.1", "3", "two", "1.0.0", "-1"] {
            assert!(parse_minimum(bad).is_err(), "{bad}");
        }
        assert!(parse_day("2027-06-01").is_ok() && parse_day("soon").is_err());
    }
}
