//! The URL of a mail server: read by hand, because what is wrong with it must be said without repeating it.

use std::net::IpAddr;

use application::identity::Secret;

const SUBMISSION_PORT: u16 = 587;
const SUBMISSIONS_PORT: u16 = 465;

/// A mail server and how to speak to it.
#[derive(Clone, Debug)]
pub(super) struct SmtpServer {
    /// Its name or address.
    pub(super) host: String,
    /// Its port.
    pub(super) port: u16,
    /// How the connection is kept private.
    pub(super) privacy: Privacy,
    /// User and password, if it wants them.
    pub(super) login: Option<(String, Secret)>,
}

/// How a connection is kept private.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Privacy {
    /// It does not leave this machine.
    Loopback,
    /// It begins in the open and goes on in TLS, or not at all (RFC 3207).
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

impl SmtpServer {
    /// Reads `smtp[s]://[user:password@]host[:port]`. What is wrong is said without the URL.
    pub(super) fn parse(url: &str) -> Result<Self, &'static str> {
        let (scheme, rest) = url.split_once("://").ok_or("it has no scheme")?;
        let tls = match scheme {
            "smtp" => false,
            "smtps" => true,
            _ => return Err("its scheme is neither smtp nor smtps"),
        };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        // A password may hold an @ that nobody escaped; a host may not.
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(parse_login(login)?), place),
            None => (None, rest),
        };
        let (host, port) = parse_place(place)?;
        let privacy = match tls {
            true => Privacy::Tls,
            false if is_loopback(&host) => Privacy::Loopback,
            false => Privacy::StartTls,
        };
        let port = port.unwrap_or(if tls { SUBMISSIONS_PORT } else { SUBMISSION_PORT });
        Ok(Self { host, port, privacy, login })
    }
}

fn parse_login(text: &str) -> Result<(String, Secret), &'static str> {
    let (user, password) = text.split_once(':').ok_or("it names a user without a password")?;
    let (user, password) = (percent_decoded(user)?, percent_decoded(password)?);
    if user.is_empty() || password.is_empty() {
        return Err("its user or its password is empty");
    }
    Ok((user, Secret::new(password)))
}

fn parse_place(text: &str) -> Result<(String, Option<u16>), &'static str> {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or("its address has no closing bracket")?;
            (host, port.strip_prefix(':').or(port.is_empty().then_some("")))
        }
        None => match text.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (text, Some("")),
        },
    };
    let port = port.ok_or("its port is not a number from 1 to 65535")?;
    let named = |c: char| c.is_ascii_alphanumeric() || "-._:".contains(c);
    if host.is_empty() || !host.chars().all(named) {
        return Err("its host is no name or address");
    }
    let port = match port {
        "" => None,
        text => Some(text.parse().ok().filter(|port| *port > 0).ok_or("its port is not a number from 1 to 65535")?),
    };
    Ok((host.to_owned(), port))
}

/// Undoes percent-encoding (RFC 3986, section 2.1).
pub(crate) fn percent_decoded(text: &str) -> Result<String, &'static str> {
    const BROKEN: &str = "a % in its user or password is not followed by two hexadecimal digits";
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let digits = rest.get(..2).and_then(|digits| str::from_utf8(digits).ok()).ok_or(BROKEN)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(BROKEN);
        }
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| BROKEN)?);
        rest = &rest[2..];
    }
    let text = String::from_utf8(bytes).map_err(|_| "its user or password is not UTF-8")?;
    match text.chars().any(char::is_control) {
        true => Err("its user or password holds control characters"),
        false => Ok(text),
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(url: &str) -> (String, u16, Privacy, Option<(String, String)>) {
        let server = SmtpServer::parse(url).unwrap();
        let login = server.login.map(|(user, password)| (user, password.reveal().to_owned()));
        (server.host, server.port, server.privacy, login)
    }

    #[test]
    fn what_operators_write_is_understood() {
        let login = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        let host = |name: &str| name.to_owned();
        assert_eq!(parsed("smtp://mail.example"), (host("mail.example"), 587, Privacy::StartTls, None));
        assert_eq!(parsed("smtps://mail.example/"), (host("mail.example"), 465, Privacy::Tls, None));
        assert_eq!(
            parsed("smtp://me%40example.org:p%3Ass%2Fword@mail.example:2525"),
            (host("mail.example"), 2525, Privacy::StartTls, login("me@example.org", "p:ss/word"))
        );
        assert_eq!(parsed("smtp://me:a@b:c@mail.example").3, login("me", "a@b:c"), "an @ that nobody escaped");
        assert_eq!(parsed("smtp://[2001:db8::1]:25"), (host("2001:db8::1"), 25, Privacy::StartTls, None));
        assert_eq!(parsed("smtp://[2001:db8::1]").1, 587);
    }

    #[test]
    fn only_what_stays_on_this_machine_goes_without_tls() {
        for host in ["localhost", "127.0.0.1", "127.9.9.9", "[::1]", "mail.localhost"] {
            assert_eq!(parsed(&format!("smtp://{host}:1025")).2, Privacy::Loopback, "{host}");
            assert_eq!(parsed(&format!("smtps://{host}:1025")).2, Privacy::Tls, "{host}");
        }
        for host in ["localhost.example", "10.0.0.1", "128.0.0.1", "notlocalhost", "[::2]"] {
            assert_eq!(parsed(&format!("smtp://{host}")).2, Privacy::StartTls, "{host}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named_without_the_url() {
        let bad = [
            "mail.example",
            "http://mail.example",
            "smtp://",
            "smtp://secret@mail.example",
            "smtp://:secret@mail.example",
            "smtp://secret:@mail.example",
            "smtp://me:secret%4@mail.example",
            "smtp://me:secret%+1@mail.example",
            "smtp://me:secret%ff@mail.example",
            "smtp://me:secret%0d%0a@mail.example",
            "smtp://mail.example:port",
            "smtp://mail.example:0",
            "smtp://mail.example:70000",
            "smtp://mail.example/secret",
            "smtp://mail.example?secret",
            "smtp://mail example",
            "smtp://[::1",
            "smtp://[::1]25",
        ];
        for url in bad {
            let said = SmtpServer::parse(url).expect_err(url);
            assert!(!said.contains("secret") && !said.contains("example"), "{said}");
        }
    }

    #[test]
    fn a_server_does_not_show_its_password() {
        assert!(!format!("{:?}", SmtpServer::parse("smtp://me:secret@mail.example")).contains("secret"));
    }
}
