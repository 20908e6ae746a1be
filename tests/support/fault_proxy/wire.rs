//! Whole messages of PostgreSQL's protocol, off and onto a connection.

use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// Messages that may wait between reading and sending on.
const WAITING_MAX: usize = 64;

pub(crate) type ReadHalf = Box<dyn AsyncRead + Send + Unpin>;
pub(crate) type WriteHalf = Box<dyn AsyncWrite + Send + Unpin>;

/// Where the database is.
#[derive(Clone, Debug)]
pub(crate) enum Upstream {
    Socket(PathBuf),
    Tcp(String, u16),
}

impl Upstream {
    pub(crate) fn of(config: &Config) -> Self {
        let port = config.get_ports().first().copied().unwrap_or(5432);
        match config.get_hosts().first() {
            Some(Host::Unix(dir)) => Self::Socket(dir.join(format!(".s.PGSQL.{port}"))),
            Some(Host::Tcp(name)) => Self::Tcp(name.clone(), port),
            None => Self::Tcp("localhost".to_owned(), port),
        }
    }

    pub(crate) async fn connect(&self) -> std::io::Result<(ReadHalf, WriteHalf)> {
        Ok(match self {
            Self::Socket(path) => {
                let (read, write) = UnixStream::connect(path).await?.into_split();
                (Box::new(read), Box::new(write))
            }
            Self::Tcp(host, port) => {
                let (read, write) = TcpStream::connect((host.as_str(), *port)).await?.into_split();
                (Box::new(read), Box::new(write))
            }
        })
    }
}

/// The first message of a client, which has a length and no tag.
pub(super) async fn startup(read: &mut ReadHalf) -> std::io::Result<Vec<u8>> {
    let mut message = vec![0; 4];
    read.read_exact(&mut message).await?;
    rest(read, message).await
}

/// The messages of one side, as they come; the channel ends with the connection. Reading goes on beside the relay,
/// because a message that was read in half must not be dropped.
pub(super) struct Messages {
    received: mpsc::Receiver<Vec<u8>>,
    reading: JoinHandle<()>,
}

impl Messages {
    pub(super) fn of(mut read: ReadHalf) -> Self {
        let (sender, received) = mpsc::channel(WAITING_MAX);
        let reading = tokio::spawn(async move {
            while let Ok(message) = message(&mut read).await {
                if sender.send(message).await.is_err() {
                    return;
                }
            }
        });
        Self { received, reading }
    }

    pub(super) async fn next(&mut self) -> Option<Vec<u8>> {
        self.received.recv().await
    }
}

impl Drop for Messages {
    /// The reader holds its half of the connection: without this it would stay open.
    fn drop(&mut self) {
        self.reading.abort();
    }
}

async fn message(read: &mut ReadHalf) -> std::io::Result<Vec<u8>> {
    let mut message = vec![0; 5];
    read.read_exact(&mut message).await?;
    rest(read, message).await
}

/// Reads what the length at the end of `message` announces; it counts itself, not the tag before it.
async fn rest(read: &mut ReadHalf, mut message: Vec<u8>) -> std::io::Result<Vec<u8>> {
    let from = message.len();
    let length = message.last_chunk::<4>().map_or(4, |bytes| u32::from_be_bytes(*bytes));
    message.resize(from + (length as usize).saturating_sub(4), 0);
    read.read_exact(&mut message[from..]).await?;
    Ok(message)
}

/// The zero-terminated texts at the start of a message's body.
pub(super) fn texts(message: &[u8]) -> impl Iterator<Item = &[u8]> {
    message.get(5..).unwrap_or_default().split(|byte| *byte == 0)
}
