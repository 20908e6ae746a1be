//! Mail through a server, by SMTP.
//!
//! Connections are taken from `lettre` and kept here, not in its pool. Its asynchronous connections wait for answers
//! without end, so an attempt has to be cut off from outside; its pool then takes back a connection in the middle of a
//! conversation, and the next mail would take the late answer to the last one for its own. Here a connection that did
//! not end well is closed, whatever the reason.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use tokio::time::{Instant, timeout};

use super::smtp_url::{Privacy, SmtpServer};
use super::transport::SendError;

/// How long connecting may take.
const CONNECT_MS_MAX: u64 = 10_000;
/// How long an attempt may take, connecting included.
pub(super) const SEND_MS_MAX: u64 = 30_000;
/// How long a connection is kept for the next mail. Servers close idle ones after some minutes.
const IDLE_MS_MAX: u64 = 30_000;
/// Connections that are kept at most.
const IDLE_CONNECTIONS_MAX: usize = 4;

/// A mail server and the connections to it that are not in use.
pub(super) struct Smtp {
    server: SmtpServer,
    hello: ClientId,
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl Smtp {
    /// Connects to nothing yet.
    pub(super) fn open(server: SmtpServer) -> Result<Self, &'static str> {
        let tls = match server.privacy {
            Privacy::Loopback => None,
            Privacy::StartTls | Privacy::Tls => {
                let parameters = TlsParameters::new(server.host.clone());
                Some(parameters.map_err(|_| "its host is no name that a certificate could have")?)
            }
        };
        let login = server.login.clone();
        let credentials = login.map(|(user, password)| Credentials::new(user, password.reveal().to_owned()));
        Ok(Self { server, hello: ClientId::default(), tls, credentials, idle: Mutex::default() })
    }

    /// Sends the message to its one recipient. On success the server has answered that it has it.
    pub(super) async fn send(&self, message: &Message) -> Result<(), SendError> {
        match timeout(Duration::from_millis(SEND_MS_MAX), self.attempt(message)).await {
            Ok(ended) => ended,
            Err(_) => Err(SendError::Later(format!("the mail server took more than {SEND_MS_MAX} ms"))),
        }
    }

    async fn attempt(&self, message: &Message) -> Result<(), SendError> {
        let mut connection = self.connection().await?;
        hand_over(&mut connection, message).await?;
        let mut idle = self.idle();
        if idle.len() < IDLE_CONNECTIONS_MAX {
            idle.push((connection, Instant::now()));
        }
        Ok(())
    }

    /// One that is still good, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, SendError> {
        loop {
            let kept = self.idle().pop();
            let Some((mut connection, since)) = kept else { return self.connect().await };
            if since.elapsed() < Duration::from_millis(IDLE_MS_MAX) && connection.test_connected().await {
                return Ok(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SendError> {
        let SmtpServer { host, port, privacy, .. } = &self.server;
        let at_once = self.tls.clone().filter(|_| *privacy == Privacy::Tls);
        let patience = Some(Duration::from_millis(CONNECT_MS_MAX));
        let mut connection =
            AsyncSmtpConnection::connect_tokio1((host.as_str(), *port), patience, &self.hello, at_once, None)
                .await
                .map_err(|error| later("connecting", &error))?;
        if let (Privacy::StartTls, Some(tls)) = (privacy, &self.tls) {
            connection.starttls(tls.clone(), &self.hello).await.map_err(|error| later("STARTTLS", &error))?;
        }
        if let Some(credentials) = &self.credentials {
            let signed_in = connection.auth(DEFAULT_MECHANISMS, credentials).await;
            signed_in.map_err(|error| later("signing in", &error))?;
        }
        Ok(connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(AsyncSmtpConnection, Instant)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One mail transaction (RFC 5321, section 3.3). What the server says for good about the recipient or the message is
/// final; anything else an operator can put right within the day.
async fn hand_over(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), SendError> {
    let mut options = Vec::new();
    let foreign = message.envelope().to().iter().any(|to| !AsRef::<str>::as_ref(to).is_ascii());
    if foreign {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(SendError::Never("the mail server does not take addresses beyond ASCII".to_owned()));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    let mail = Mail::new(message.envelope().from().cloned(), options);
    connection.command(mail).await.map_err(|error| later("MAIL", &error))?;
    for to in message.envelope().to() {
        connection.command(Rcpt::new(to.clone(), Vec::new())).await.map_err(|error| judged("RCPT", &error))?;
    }
    connection.command(Data).await.map_err(|error| later("DATA", &error))?;
    connection.message(&message.formatted()).await.map_err(|error| judged("the message", &error))?;
    Ok(())
}

fn judged(step: &str, error: &Error) -> SendError {
    match error.is_permanent() {
        true => SendError::Never(told(step, error)),
        false => later(step, error),
    }
}

fn later(step: &str, error: &Error) -> SendError {
    SendError::Later(told(step, error))
}

/// What went wrong, without the server's own words: they repeat the address.
fn told(step: &str, error: &Error) -> String {
    match error.status() {
        Some(code) => format!("{step}: the mail server answered {code}"),
        None if error.is_response() => format!("{step}: the mail server's answer broke off or is not SMTP"),
        None => format!("{step}: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use application::identity::mail_text::MailText;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;
    use tokio::task::JoinHandle;
    use uuid::Uuid;

    use super::*;
    use crate::mail::message::{Outgoing, compose};

    /// A mail server without TLS that takes whatever comes; what it was told, as long as it could read it.
    async fn plain_server() -> (u16, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = tokio::spawn(async move {
            let mut stream = BufReader::new(listener.accept().await.unwrap().0);
            let (mut heard, mut line) = (String::new(), Vec::new());
            stream.write_all(b"220 plain\r\n").await.unwrap();
            while stream.read_until(b'\n', &mut line).await.unwrap_or_default() > 0 {
                heard.push_str(&String::from_utf8_lossy(&line));
                line.clear();
                if stream.write_all(b"250 AUTH PLAIN LOGIN\r\n").await.is_err() {
                    break;
                }
            }
            heard
        });
        (port, heard)
    }

    async fn refused(privacy: Privacy) -> (String, String) {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (port, heard) = plain_server().await;
        let login = Some(("me".to_owned(), application::identity::Secret::new("secret")));
        let smtp = Smtp::open(SmtpServer { host: "127.0.0.1".to_owned(), port, privacy, login }).unwrap();
        let outgoing = Outgoing { mail: Uuid::nil(), attempt: 1, to: "ada@example.org", now_ms: 0 };
        let text = MailText { subject: "Private", body: "Private".to_owned() };
        let message = compose(&"levelup@example.org".parse().unwrap(), &outgoing, text).unwrap();
        let Err(SendError::Later(why)) = smtp.send(&message).await else { panic!("{privacy:?} went through") };
        drop(smtp);
        (why, heard.await.unwrap())
    }

    #[tokio::test]
    async fn what_must_be_private_does_not_leave_in_the_open() {
        for privacy in [Privacy::StartTls, Privacy::Tls] {
            let (why, heard) = refused(privacy).await;
            assert!(!heard.contains("AUTH") && !heard.contains("MAIL") && !heard.contains("Private"), "{heard}");
            assert!(!why.contains("secret") && !why.contains("ada@"), "{why}");
        }
    }
}
