//! A lean HTTP/1.1 connection: on two cores that server, database and generator share, every microsecond of a
//! comfortable client would count against the server. One write a request, its head made once; of an answer only the
//! status, the length and the body are looked at.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::failure::Failure;

/// An answer that has not ended by then is none of ours.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// One kept-alive connection of one device.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    address: SocketAddr,
    head: String,
    out: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// Connects; every request will carry `token`.
    pub async fn open(address: SocketAddr, token: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let head = format!(
            "POST /api/v2/transactions HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: "
        );
        Ok(Self { stream, address, head, out: Vec::new(), answer: Vec::new() })
    }

    /// Posts transactions and gives the answer's body.
    pub async fn post(&mut self, body: &str) -> Result<&str, Failure> {
        self.out.clear();
        self.out.extend_from_slice(self.head.as_bytes());
        self.out.extend_from_slice(body.len().to_string().as_bytes());
        self.out.extend_from_slice(b"\r\n\r\n");
        self.out.extend_from_slice(body.as_bytes());
        self.exchange().await
    }

    /// Gets `path`, without a token.
    pub async fn get(&mut self, path: &str) -> Result<&str, Failure> {
        self.out = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).into_bytes();
        self.exchange().await
    }

    async fn exchange(&mut self) -> Result<&str, Failure> {
        self.stream.write_all(&self.out).await?;
        self.answer.clear();
        let body = loop {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(Failure::new("the server closed the connection"));
            }
            if let Some(body) = whole(&self.answer)? {
                break body;
            }
        };
        let text = |bytes| std::str::from_utf8(bytes).map_err(Failure::during("reading an answer"));
        let body = text(&self.answer[body])?;
        if self.answer.starts_with(b"HTTP/1.1 200 ") {
            return Ok(body);
        }
        Err(Failure::new(format!("the server answered {}", text(&self.answer)?)))
    }
}

/// Where the body is, once all of it is there.
fn whole(answer: &[u8]) -> Result<Option<std::ops::Range<usize>>, Failure> {
    let Some(head) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return Ok(None) };
    let length = content_length(&answer[..head]).ok_or_else(|| Failure::new("an answer has no content-length"))?;
    let start = head + 4;
    if length > ANSWER_BYTES_MAX {
        return Err(Failure::new(format!("an answer of {length} bytes")));
    }
    Ok((answer.len() >= start + length).then_some(start..start + length))
}

fn content_length(head: &[u8]) -> Option<usize> {
    let name = b"content-length:";
    let mut lines = head.split(|byte| *byte == b'\n');
    let line = lines.find(|line| line.len() > name.len() && line[..name.len()].eq_ignore_ascii_case(name))?;
    std::str::from_utf8(&line[name.len()..]).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn an_answer_is_whole_when_its_body_is() {
        let answer = b"HTTP/1.1 200 OK\r\ndate: now\r\nContent-Length: 2\r\n\r\n{}";
        assert_eq!(whole(answer).unwrap(), Some(answer.len() - 2..answer.len()));
        assert_eq!(whole(&answer[..answer.len() - 1]).unwrap(), None);
        assert_eq!(whole(&answer[..20]).unwrap(), None);
        assert!(whole(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }
}
