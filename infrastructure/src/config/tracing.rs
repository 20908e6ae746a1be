//! Where spans go: nowhere, or to a collector that speaks OTLP.

use clap::Args;

use super::SecretUrl;

/// The endpoint is asked for spans only; metrics are read from `/metrics`.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Settings")]
pub struct Tracing {
    /// Collector of OpenTelemetry that takes spans as OTLP over HTTP, such as `http://127.0.0.1:4318`; without it no span is made for export
    #[arg(
        long,
        env = "LEVELUP_OTLP_ENDPOINT",
        value_name = "URL",
        hide_env_values = true,
        default_value = "",
        hide_default_value = true,
        global = true
    )]
    pub otlp_endpoint: SecretUrl,

    /// Share of the requests whose spans are exported, 0 to 1; a request that comes with a `traceparent` follows it
    #[arg(long, env = "LEVELUP_OTLP_SAMPLING", value_name = "SHARE", default_value_t = 1.0, value_parser = parse_share,
          global = true)]
    pub otlp_sampling: f64,

    /// What the exported spans say of this process besides its name, version and id, such as `deployment.environment.name=production`
    #[arg(long, env = "LEVELUP_OTLP_ATTRIBUTES", value_name = "NAME=VALUE", value_delimiter = ',',
          value_parser = parse_attribute, global = true)]
    pub otlp_attributes: Vec<(String, String)>,
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.0..=1.0).contains(&share) => Ok(share),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}

fn parse_attribute(text: &str) -> Result<(String, String), String> {
    match text.trim().split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("give names and values such as deployment.environment.name=production".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_between_nothing_and_all() {
        assert_eq!(parse_share("0.25"), Ok(0.25));
        for bad in ["-0.1", "1.5", "NaN", "all"] {
            assert!(parse_share(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_attribute_has_a_name() {
        assert_eq!(parse_attribute(" a.b = c=d "), Ok(("a.b".to_owned(), "c=d".to_owned())));
        assert!(parse_attribute("=x").is_err() && parse_attribute("x").is_err());
    }
}
