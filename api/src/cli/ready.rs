//! Waits until the server answers over HTTP, so that the line that says so is true.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::Client;

const POLL_MS: u64 = 20;
const ANSWER_MS_MAX: u64 = 1_000;

/// Returns with the first answer, whatever it says; never gives up, so race it against the server itself.
pub(super) async fn wait(scheme: &str, listening: SocketAddr) {
    let url = format!("{scheme}://{}/healthz", SocketAddr::new(reachable(listening.ip()), listening.port()));
    while !answers(&url).await {
        tokio::time::sleep(Duration::from_millis(POLL_MS)).await;
    }
}

async fn answers(url: &str) -> bool {
    // Whose certificate it is does not matter here: this process asks itself, by an address that no certificate names.
    let client = Client::builder().tls_danger_accept_invalid_certs(true).no_proxy();
    match client.timeout(Duration::from_millis(ANSWER_MS_MAX)).build() {
        Ok(client) => client.get(url).send().await.is_ok(),
        Err(error) => {
            tracing::debug!(error = %error, "the server could not be asked whether it answers");
            false
        }
    }
}

/// Nobody can connect to "every address of this machine".
fn reachable(listening: IpAddr) -> IpAddr {
    match listening {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    }
}
