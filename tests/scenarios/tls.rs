//! TLS: who gets in by which version of HTTP, and what happens when the certificate changes.

use std::net::TcpStream;
use std::path::Path;

use api::client::{Heard, Live};
use reqwest::tls::TlsInfo;
use reqwest::{Method, Version};
use serde_json::json;
use support::commands::new_task;
use support::patience::until;
use support::{Account, Certificates, Database, Http, Setup, Socket, TestServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// More than a worker of the usual server had handshakes for.
const SILENT_CONNECTIONS: usize = 600;

struct Stage {
    server: TestServer,
    certificates: Certificates,
    _database: Database,
}

impl Stage {
    async fn set() -> Self {
        let (database, certificates) = (Database::fresh().await, Certificates::fresh());
        let server = TestServer::start_with(Setup { serving: certificates.serving(), ..Setup::of(&database) });
        Self { server, certificates, _database: database }
    }

    /// Somebody who believes the server's authority, on connections of their own.
    fn anybody(&self) -> Http {
        Http::nobody(self.server.url()).trusting(&self.certificates.authority())
    }

    /// The certificate that a new connection is shown.
    async fn shown(&self) -> Vec<u8> {
        let response = self.anybody().request(Method::GET, "/healthz").send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.extensions().get::<TlsInfo>().unwrap().peer_certificate().unwrap().to_vec()
    }

    fn address(&self) -> &str {
        self.server.url().strip_prefix("https://").unwrap()
    }
}

#[tokio::test]
async fn a_client_that_offers_http_2_gets_it_and_one_that_does_not_is_served_too() {
    let stage = Stage::set().await;
    let offered = stage.anybody().request(Method::GET, "/healthz").send().await.unwrap();
    assert_eq!((offered.status().as_u16(), offered.version()), (200, Version::HTTP_2));

    let root = std::fs::read(stage.certificates.authority()).unwrap();
    let root = reqwest::Certificate::from_pem(&root).unwrap();
    let old = reqwest::Client::builder().no_proxy().http1_only().tls_certs_only([root]).build().unwrap();
    let answer = old.get(format!("{}/healthz", stage.server.url())).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_11));
}

#[tokio::test]
async fn writes_and_live_connections_work_over_tls() {
    let stage = Stage::set().await;
    let account = Account::register(&stage.server).await;
    let http = account.http().await.trusting(&stage.certificates.authority());
    let mut socket = Socket::open(&http).await;
    socket.subscribe(None).await;
    socket.hear_type("changes").await;
    let receipts = http.write(&json!({ "transactions": [new_task("Read a chapter")] })).await.receipts();
    assert_eq!(receipts[0]["status"], "committed");
    let heard = socket.hear_type("changes").await;
    assert_eq!(heard["changes"][0]["entity"], "task", "{heard}");

    let mut live = Live::from(account.device(&stage.server, "browser").await, None);
    assert!(matches!(live.next().await.unwrap(), Heard::Connected { .. }));
    assert!(matches!(live.next().await.unwrap(), Heard::Changes(_)));
}

#[tokio::test]
async fn a_new_certificate_is_shown_once_both_files_are_there_and_old_connections_live_on() {
    let stage = Stage::set().await;
    let account = Account::register(&stage.server).await;
    let mut socket = Socket::open(&account.http().await.trusting(&stage.certificates.authority())).await;
    socket.subscribe(None).await;
    let first = stage.shown().await;

    let (certificate, key) = stage.certificates.issue();
    stage.certificates.write_chain(&certificate);
    assert_eq!(stage.shown().await, first, "half a pair");
    stage.certificates.write_key(&key);
    until("the new certificate", async || (stage.shown().await == certificate.der().as_ref()).then_some(())).await;

    socket.assert_usable().await;
    let (_, another) = stage.certificates.issue();
    stage.certificates.write_key(&another);
    stage.certificates.write_chain(&certificate);
    socket.assert_usable().await;
    assert_eq!(stage.shown().await, certificate.der().as_ref(), "a wrong pair");
}

#[tokio::test]
async fn a_stranger_authority_is_not_believed() {
    let stage = Stage::set().await;
    let stranger = Http::nobody(stage.server.url()).trusting(&Certificates::fresh().authority());
    assert!(stranger.request(Method::GET, "/healthz").send().await.is_err());
    let refused = api::client::Server::trusting(stage.server.url(), Some(Path::new("/nowhere.pem"))).unwrap_err();
    assert!(refused.to_string().contains("/nowhere.pem cannot be used"), "{refused}");
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_cut_off_and_harms_nobody() {
    let stage = Stage::set().await;
    stage.shown().await;
    let mut plain = tokio::net::TcpStream::connect(stage.address()).await.unwrap();
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut answer = Vec::new();
    // A reset is an end too.
    let _ = support::patience::within("the end", plain.read_to_end(&mut answer)).await;
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
    let said = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(said.get(format!("http://{}/healthz", stage.address())).send().await.is_err());
    stage.shown().await;
}

#[tokio::test]
async fn whoever_never_finishes_a_handshake_keeps_nobody_out() {
    let stage = Stage::set().await;
    let silent: Vec<_> = (0..SILENT_CONNECTIONS).map(|_| TcpStream::connect(stage.address()).unwrap()).collect();
    stage.shown().await;
    drop(silent);
}

#[tokio::test]
async fn an_authority_that_cannot_be_read_is_named_and_not_the_address() {
    let dir = support::DataDir::fresh();
    let (missing, empty) = (dir.path().join("missing.pem"), dir.path().join("empty.pem"));
    std::fs::write(&empty, "no certificate").unwrap();
    for file in [missing, empty] {
        let arguments = ["demo", "--url", "https://127.0.0.1:1", "--ca", file.to_str().unwrap()];
        let (exit, _, said) = support::process::run("", dir.path(), &arguments).await;
        assert_eq!(exit, 2, "{said}");
        let sentence = format!("levelup: The certificates in {} cannot be used: ", file.display());
        assert!(said.starts_with(&sentence) && said.contains("LEVELUP_CA"), "{said}");
        assert!(!said.contains("127.0.0.1"), "{said}");
    }
}
