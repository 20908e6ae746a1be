//! Where the legacy database is, and how to speak to it: it is often a hosted one, far away, behind TLS.

use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Client, Config};

use crate::postgres::pool::{ConnectError, connect_alone, connect_alone_by, describe};
use crate::postgres::tls::{Trust, connector};

/// A connection URL, with what the driver does not know of `sslmode`.
#[derive(Clone, Debug)]
pub struct LegacyUrl {
    pub(crate) config: Config,
    trust: Trust,
}

impl LegacyUrl {
    /// Reads a URL, or the words of a connection string; `None`: it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, mode) = without(text, "sslmode");
        let (rest, roots) = without(&rest, "sslrootcert");
        let mut config: Config = rest.parse().ok()?;
        let (mode, is_known) = match mode.as_deref() {
            Some("disable") => (SslMode::Disable, false),
            None | Some("allow" | "prefer") => (SslMode::Prefer, false),
            Some("require") => (SslMode::Require, false),
            Some("verify-ca" | "verify-full") => (SslMode::Require, true),
            Some(_) => return None,
        };
        // Over a socket of this machine PostgreSQL speaks no TLS, whatever is wished.
        let is_here = config.get_hosts().iter().all(|host| matches!(host, Host::Unix(_)));
        config.ssl_mode(if is_here { SslMode::Disable } else { mode });
        let trust = if is_known || roots.is_some() { Trust::Known(roots) } else { Trust::Anybody };
        Some(Self { config, trust })
    }

    /// A connection of its own.
    pub(crate) async fn connect(&self) -> Result<Client, ConnectError> {
        if self.config.get_ssl_mode() == SslMode::Disable {
            return connect_alone(&self.config).await;
        }
        let failed = |reason| ConnectError::Unreachable { at: describe(&self.config), reason };
        connect_alone_by(&self.config, connector(&self.trust).map_err(failed)?).await
    }
}

/// The text without a parameter, and what that says.
fn without(text: &str, name: &str) -> (String, Option<String>) {
    let (head, parameters, between) = match text.split_once('?') {
        Some((head, parameters)) if text.contains("://") => (format!("{head}?"), parameters, '&'),
        _ if text.contains("://") => return (text.to_owned(), None),
        _ => (String::new(), text, ' '),
    };
    let value = |part: &str| Some(part.strip_prefix(name)?.strip_prefix('=')?.trim_matches('\'').to_owned());
    let found = parameters.split(between).find_map(value);
    let rest: Vec<&str> = parameters.split(between).filter(|part| value(part).is_none()).collect();
    (format!("{head}{}", rest.join(&between.to_string())), found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(SslMode, Trust)> {
        LegacyUrl::parse(text).map(|url| (url.config.get_ssl_mode(), url.trust))
    }

    #[test]
    fn what_is_said_of_tls_is_heard_in_both_forms() {
        let file = || Trust::Known(Some("/etc/ca.pem".to_owned()));
        for (said, heard) in [
            ("", (SslMode::Prefer, Trust::Anybody)),
            ("sslmode=disable", (SslMode::Disable, Trust::Anybody)),
            ("sslmode=require", (SslMode::Require, Trust::Anybody)),
            ("sslmode=verify-full", (SslMode::Require, Trust::Known(None))),
            ("sslmode=require sslrootcert=/etc/ca.pem", (SslMode::Require, file())),
        ] {
            let url = format!("postgres://me:x@old/db?application_name=a&{}", said.replace(' ', "&"));
            assert_eq!(read(url.trim_end_matches('&')), Some(heard.clone()), "{url}");
            assert_eq!(read(&format!("host=old user=me {said}")), Some(heard), "{said}");
        }
        assert_eq!(read("postgres://me@old/db"), Some((SslMode::Prefer, Trust::Anybody)));
        assert_eq!(read("postgres://me@%2Frun%2Fpg/db?sslmode=require"), Some((SslMode::Disable, Trust::Anybody)));
        assert_eq!(read("postgres://me@old/db?sslmode=maybe"), None);
        assert_eq!(read("postgres://me:x y@old:port/db"), None);
    }
}
