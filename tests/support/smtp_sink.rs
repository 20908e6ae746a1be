//! A mail server that takes mail and keeps it, or behaves badly when it is told to. It speaks as much SMTP (RFC 5321)
//! as a client needs to hand a mail over, without TLS, on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::mailbox::Mail;
use crate::patience::until;
use crate::process::free_port;

/// How the server behaves towards who speaks to it from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Takes every mail.
    Kind,
    /// Refuses recipients for now.
    Temporary,
    /// Refuses recipients for good.
    Permanent,
    /// Takes connections and says nothing.
    Silent,
    /// Takes the whole mail, and is gone before it says so.
    Forgetful,
}

/// The server. Dropped, it is gone with all its connections.
pub struct SmtpSink {
    address: SocketAddr,
    seen: Arc<Seen>,
    accepting: JoinHandle<()>,
}

struct Seen {
    mood: watch::Sender<Mood>,
    mails: Mutex<Vec<Mail>>,
    logins: Mutex<Vec<String>>,
    /// Connections, and recipients that were asked for.
    connections: Mutex<usize>,
    refused: Mutex<usize>,
}

impl SmtpSink {
    /// Listens on a free port, which no connection takes while the server is away.
    pub async fn open() -> Self {
        Self::open_at((Ipv4Addr::LOCALHOST, free_port()).into()).await
    }

    /// Listens where another one was.
    pub async fn open_at(address: SocketAddr) -> Self {
        let listener = until("the port", async || TcpListener::bind(address).await.ok()).await;
        let seen = Arc::new(Seen {
            mood: watch::Sender::new(Mood::Kind),
            mails: Mutex::default(),
            logins: Mutex::default(),
            connections: Mutex::default(),
            refused: Mutex::default(),
        });
        let address = listener.local_addr().unwrap();
        Self { address, accepting: tokio::spawn(accept(listener, Arc::clone(&seen))), seen }
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// As the setting has it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Behaves otherwise from now on. Connections that are open are closed.
    pub fn turn(&self, mood: Mood) {
        self.seen.mood.send_replace(mood);
    }

    /// The mails that it took.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.seen.mails.lock().unwrap().clone()
    }

    /// What clients signed in with: the word of AUTH PLAIN.
    #[must_use]
    pub fn logins(&self) -> Vec<String> {
        self.seen.logins.lock().unwrap().clone()
    }

    /// Waits until it has this many mails.
    pub async fn wait(&self, count: usize) -> Vec<Mail> {
        until(&format!("mail {count} at the mail server"), async || {
            Some(self.mails()).filter(|mails| mails.len() >= count)
        })
        .await
    }

    /// Waits until somebody has connected this many times.
    pub async fn wait_for_connections(&self, count: usize) {
        let connections = || *self.seen.connections.lock().unwrap();
        until("a connection to the mail server", async || (connections() >= count).then_some(())).await;
    }

    /// Waits until it has refused this many recipients.
    pub async fn wait_for_refusals(&self, count: usize) {
        let refused = || *self.seen.refused.lock().unwrap();
        until("a refusal of the mail server", async || (refused() >= count).then_some(())).await;
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, seen: Arc<Seen>) {
    // Goes with this task, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await.expect("a connection");
        *seen.connections.lock().unwrap() += 1;
        let seen = Arc::clone(&seen);
        connections.spawn(async move {
            let mut mood = seen.mood.subscribe();
            let now = *mood.borrow_and_update();
            tokio::select! {
                // Clients that hang up are no mistake.
                _ = converse(stream, &seen, now) => {}
                _ = mood.changed() => {}
            }
        });
    }
}

async fn converse(stream: TcpStream, seen: &Seen, mood: Mood) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    if mood == Mood::Silent {
        return std::future::pending().await;
    }
    stream.write_all(b"220 sink ESMTP\r\n").await?;
    loop {
        let line = read_line(&mut stream).await?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-sink\r\n250-8BITMIME\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" => {
                seen.logins.lock().unwrap().push(line.rsplit(' ').next().unwrap().to_owned());
                "235 2.7.0 welcome".to_owned()
            }
            "RCPT" => recipient(&line, seen, mood),
            "DATA" => {
                stream.write_all(b"354 go ahead\r\n").await?;
                let mail = read_mail(&mut stream).await?;
                seen.mails.lock().unwrap().push(mail);
                if mood == Mood::Forgetful {
                    return Ok(());
                }
                "250 2.0.0 taken".to_owned()
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n").await,
            _ => "250 2.0.0 ok".to_owned(),
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
}

/// Refusals repeat the address, as real servers do.
fn recipient(line: &str, seen: &Seen, mood: Mood) -> String {
    let address = line.split_once(':').map_or("", |(_, address)| address);
    let refusal = match mood {
        Mood::Temporary => format!("451 4.3.0 {address}: come back later"),
        Mood::Permanent => format!("550 5.1.1 {address}: no such mailbox"),
        _ => return "250 2.1.5 ok".to_owned(),
    };
    *seen.refused.lock().unwrap() += 1;
    refusal
}

async fn read_mail(stream: &mut BufReader<TcpStream>) -> std::io::Result<Mail> {
    let mut message = String::new();
    loop {
        let line = read_line(stream).await?;
        if line == "." {
            return Ok(Mail::parse(&message));
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
        message.push_str("\r\n");
    }
}

async fn read_line(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line).await? == 0 {
        return Err(std::io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
