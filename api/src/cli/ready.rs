//! Waits until the server answers over HTTP, so that the line that says so is true.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const POLL_MS: u64 = 20;
const ANSWER_MS_MAX: u64 = 1_000;

/// Returns with the first answer, whatever it says; never gives up, so race it against the server itself.
pub(super) async fn wait(listening: SocketAddr) {
    let address = SocketAddr::new(reachable(listening.ip()), listening.port());
    while !matches!(tokio::time::timeout(Duration::from_millis(ANSWER_MS_MAX), answers(address)).await, Ok(Ok(true))) {
        tokio::time::sleep(Duration::from_millis(POLL_MS)).await;
    }
}

async fn answers(address: SocketAddr) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut start = [0; 5];
    stream.read_exact(&mut start).await?;
    Ok(&start == b"HTTP/")
}

/// Nobody can connect to "every address of this machine".
fn reachable(listening: IpAddr) -> IpAddr {
    match listening {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}
