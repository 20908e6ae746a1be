//! What the settings say about NATS servers, understood or refused before anything is served. User and password are taken out
//! of the addresses: those are shown in logs.

use std::str::FromStr;

use application::identity::Secret;
use async_nats::ServerAddr;
use thiserror::Error;

use crate::config::{self, HintsOver};
use crate::mail::percent_decoded;

/// Why NATS cannot be used. No message repeats a setting that may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("LEVELUP_NATS_URL cannot be used: {0}")]
pub struct NatsSettingError(&'static str);

impl NatsSettingError {
    /// What the operator can do.
    pub const fn next_step(self) -> &'static str {
        "Write it like nats://user:password@nats1.example.org:4222,nats://user:password@nats2.example.org, with %40 for an @ in the password, or tls://… for TLS."
    }
}

/// The servers, and how to be let in.
#[derive(Clone, Debug)]
pub struct NatsServers {
    pub(super) addresses: Vec<ServerAddr>,
    pub(super) login: Option<Login>,
    /// Whether nothing may be said without TLS.
    pub(super) is_private: bool,
}

/// Who this is, to the servers.
#[derive(Clone, Debug)]
pub(super) enum Login {
    /// A user with a password.
    User(String, Secret),
    /// A token alone.
    Token(Secret),
}

impl NatsServers {
    /// Understands the setting, if hints travel over NATS. Nothing is connected to.
    ///
    /// # Errors
    /// It cannot be used.
    pub fn of(settings: &config::Hints) -> Result<Option<Self>, NatsSettingError> {
        (settings.hints == HintsOver::Nats).then(|| Self::parse(settings)).transpose()
    }

    fn parse(settings: &config::Hints) -> Result<Self, NatsSettingError> {
        let urls = settings.nats_url.get().ok_or(NatsSettingError("it is not set, and LEVELUP_HINTS is `nats`"))?;
        let servers: Vec<One> = urls.split(',').map(|url| One::parse(url.trim())).collect::<Result<_, _>>()?;
        let is_private = servers.iter().any(|server| server.is_private);
        if servers.iter().any(|server| server.is_private != is_private) {
            // Whoever asked for TLS would be answered without.
            return Err(NatsSettingError("some servers are to speak TLS and others are not"));
        }
        let mut logins = servers.iter().map(|server| server.login.as_ref());
        let login = logins.next().flatten();
        if logins.any(|other| !is_same(login, other)) {
            return Err(NatsSettingError("its servers name different users or passwords"));
        }
        let login = login.cloned();
        Ok(Self { login, is_private, addresses: servers.into_iter().map(|server| server.address).collect() })
    }
}

/// One server of the list.
struct One {
    address: ServerAddr,
    login: Option<Login>,
    is_private: bool,
}

impl One {
    /// Reads `nats|tls://[user:password@|token@]host[:port]`.
    fn parse(url: &str) -> Result<Self, NatsSettingError> {
        let (scheme, rest) = url.split_once("://").ok_or(NatsSettingError("a server has no scheme"))?;
        let is_private = match scheme {
            "nats" => false,
            "tls" => true,
            _ => return Err(NatsSettingError("a scheme is neither nats nor tls")),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A password may hold an @ that nobody escaped; a host may not.
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(parse_login(login)?), place),
            None => (None, rest),
        };
        if place.is_empty() || place.contains(|c: char| "/?#".contains(c) || c.is_whitespace() || c.is_control()) {
            return Err(NatsSettingError("a host is no name or address"));
        }
        let address = ServerAddr::from_str(&format!("{scheme}://{place}"));
        let address = address.map_err(|_| NatsSettingError("a host is no name or address, or a port no number"))?;
        Ok(Self { address, login, is_private })
    }
}

fn parse_login(text: &str) -> Result<Login, NatsSettingError> {
    let decoded = |text: &str| match percent_decoded(text) {
        Ok(text) if !text.is_empty() => Ok(text),
        Ok(_) => Err(NatsSettingError("a user, a password or a token is empty")),
        Err(why) => Err(NatsSettingError(why)),
    };
    match text.split_once(':') {
        Some((user, password)) => Ok(Login::User(decoded(user)?, Secret::new(decoded(password)?))),
        None => Ok(Login::Token(Secret::new(decoded(text)?))),
    }
}

fn is_same(one: Option<&Login>, other: Option<&Login>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(Login::Token(one)), Some(Login::Token(other))) => one.reveal() == other.reveal(),
        (Some(Login::User(one, first)), Some(Login::User(other, second))) => {
            one == other && first.reveal() == second.reveal()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn servers(urls: &str) -> Result<NatsServers, NatsSettingError> {
        let nats_url = urls.to_owned().into();
        let settings = config::Hints { hints: HintsOver::Nats, nats_url, ..config::Hints::default() };
        NatsServers::of(&settings).map(|servers| servers.expect("servers"))
    }

    #[test]
    fn nobody_else_needs_the_setting() {
        assert!(matches!(NatsServers::of(&config::Hints::default()), Ok(None)));
    }

    #[test]
    fn what_operators_write_is_understood() {
        let two = servers("nats://me:p%40ss@one.example:4223, nats://me:p@ss@[::1]").unwrap();
        let places: Vec<_> = two.addresses.iter().map(|one| (one.host().to_owned(), one.port())).collect();
        assert_eq!(places, [("one.example".to_owned(), 4_223), ("::1".to_owned(), 4_222)]);
        assert!(matches!(&two.login, Some(Login::User(user, password)) if user == "me" && password.reveal() == "p@ss"));
        assert!(!two.is_private);
        let private = servers("tls://s3cret@nats.example").unwrap();
        assert!(matches!(&private.login, Some(Login::Token(token)) if token.reveal() == "s3cret"));
        assert!(private.is_private);
    }

    #[test]
    fn no_secret_is_shown() {
        let shown = format!("{:?}", servers("nats://me:secret@one.example").unwrap());
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn what_cannot_be_used_is_named_without_the_url() {
        let bad = [
            "",
            "one.example:4222",
            "http://secret@one.example",
            "nats://",
            "nats://me:secret@",
            "nats://:secret@one.example",
            "nats://me:secret%4@one.example",
            "nats://one.example:port",
            "nats://one.example/secret",
            "nats://one.example,",
            "nats://one.example,tls://two.example",
            "nats://me:secret@one.example,nats://me:other@two.example",
            "nats://secret@one.example,nats://two.example",
        ];
        for urls in bad {
            let said = servers(urls).map(drop).expect_err(urls).to_string();
            assert!(said.starts_with("LEVELUP_NATS_URL cannot be used: "), "{said}");
            assert!(!said.contains("secret") && !said.contains("example"), "{said}");
        }
    }
}
