//! Somebody with many addresses who tries one password after the other.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Instant;

use futures_util::future::try_join_all;
use infrastructure::clock::uuid_v7;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::sleep_until;

use crate::failure::Failure;
use crate::load::Stop;
use crate::steady::due;

/// Bytes of an answer that are read; the status is in the first few.
const ANSWER_BYTES_MAX: usize = 8 * 1024;

/// How the attempts were answered.
#[derive(Clone, Copy, Debug, Default)]
pub struct Answers {
    /// A password was looked at: 401.
    pub looked_at: u64,
    /// Too often, or too soon after failures: 429.
    pub held_back: u64,
    /// No room for another hash: 503.
    pub busy: u64,
}

impl Answers {
    /// All of them.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.looked_at + self.held_back + self.busy
    }

    fn and(self, other: Self) -> Self {
        Self {
            looked_at: self.looked_at + other.looked_at,
            held_back: self.held_back + other.held_back,
            busy: self.busy + other.busy,
        }
    }
}

/// Tries so many passwords a second from so many addresses until `stop`. An address sends its next attempt when it is due
/// and the one before was answered.
pub(super) async fn attack(to: SocketAddr, addresses: usize, per_s: f64, stop: &Stop) -> Result<Answers, Failure> {
    let mut streams = Vec::with_capacity(addresses);
    for number in 0..addresses {
        streams.push(connect(to, source(number)?).await?);
    }
    let start = Instant::now();
    let trying = streams.into_iter().enumerate().map(|(number, mut stream)| async move {
        let mut answers = Answers::default();
        for due in due(number, addresses, per_s) {
            sleep_until((start + due).into()).await;
            if stop.stopped() {
                return Ok::<_, Failure>(answers);
            }
            answers = answers.and(attempt(&mut stream).await?);
        }
        Ok(answers)
    });
    Ok(try_join_all(trying).await?.into_iter().fold(Answers::default(), Answers::and))
}

/// Every address of 127/8 is this machine's (RFC 1122, section 3.2.1.3); Linux lets anybody send from any of them.
fn source(number: usize) -> Result<Ipv4Addr, Failure> {
    let [high, low] = u16::try_from(number + 1).map_err(Failure::during("counting addresses"))?.to_be_bytes();
    Ok(Ipv4Addr::new(127, 66, high, low))
}

async fn connect(to: SocketAddr, from: Ipv4Addr) -> Result<TcpStream, Failure> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(IpAddr::V4(from), 0))?;
    let stream = socket.connect(to).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn attempt(stream: &mut TcpStream) -> Result<Answers, Failure> {
    let body = format!(r#"{{"email":"{}@example.test","password":"a wrong guess"}}"#, uuid_v7().simple());
    let request = format!(
        "POST /api/v2/auth/login HTTP/1.1\r\nHost: flood\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await?;
    let answer = whole_answer(stream).await?;
    let status = answer.get(9..12).unwrap_or_default();
    match status {
        b"401" => Ok(Answers { looked_at: 1, ..Answers::default() }),
        b"429" => Ok(Answers { held_back: 1, ..Answers::default() }),
        b"503" => Ok(Answers { busy: 1, ..Answers::default() }),
        _ => Err(Failure::new(format!("an attempt was answered {}", String::from_utf8_lossy(&answer)))),
    }
}

/// Problems are short and end with their object.
async fn whole_answer(stream: &mut TcpStream) -> Result<Vec<u8>, Failure> {
    let mut answer = Vec::new();
    while !answer.ends_with(b"}") {
        if stream.read_buf(&mut answer).await? == 0 || answer.len() > ANSWER_BYTES_MAX {
            return Err(Failure::new("an attempt got no answer"));
        }
    }
    Ok(answer)
}
