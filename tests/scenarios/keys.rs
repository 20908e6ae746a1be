//! The keys that sign access tokens: rotated under load, ended, and shared by nodes that have nothing but the database in
//! common.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use api::client::Session;
use deadpool_postgres::Pool;
use infrastructure::tokens::{self, KeyStanding, Tokens};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde_json::{Value, json};
use support::commands::new_task;
use support::patience::until;
use support::{Account, Database, Http, TestServer};

const WRITERS: usize = 6;
const ROTATIONS: usize = 5;

/// Two nodes with data directories of their own on one database.
struct Nodes {
    one: TestServer,
    two: TestServer,
    pool: Pool,
    _database: Database,
}

impl Nodes {
    async fn start() -> Self {
        let database = Database::fresh().await;
        let (one, two) = (TestServer::start(&database), TestServer::start(&database));
        Self { one, two, pool: database.pool(2), _database: database }
    }

    async fn rotate(&self, node: &TestServer) -> String {
        tokens::rotate(node.setup().data_dir.path(), &self.pool).await.unwrap().0
    }

    async fn revoke(&self, from: &TestServer, id: &str) -> tokens::Revoked {
        tokens::revoke(from.setup().data_dir.path(), &self.pool, id).await.unwrap()
    }
}

/// A session by hand: its refresh token, and the access token that came last.
struct ByHand {
    nodes: [Http; 2],
    access: String,
    refresh: String,
}

impl ByHand {
    async fn sign_in(nodes: &Nodes) -> Self {
        let account = Account::register(&nodes.one).await;
        let http = [&nodes.one, &nodes.two].map(|node| Http::nobody(node.url()));
        let body = json!({ "email": account.credentials.email, "password": account.credentials.password });
        let answer = http[1].post("/api/v2/auth/login", body.to_string()).await;
        let mut signed_in = Self { nodes: http, access: String::new(), refresh: String::new() };
        signed_in.take(&answer.json());
        signed_in
    }

    fn take(&mut self, answer: &Value) {
        let text = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        (self.access, self.refresh) = (text("access_token"), text("refresh_token"));
    }

    async fn refresh(&mut self, node: usize) {
        let body = json!({ "refresh_token": self.refresh }).to_string();
        let answer = self.nodes[node].post("/api/v2/auth/refresh", body).await;
        assert_eq!(answer.status, 200, "a refresh: {}", answer.json());
        self.take(&answer.json());
    }

    /// The status, and the code if it is a problem.
    async fn write(&self, node: usize) -> (u16, String) {
        let http = self.nodes[node].with_token(&self.access);
        let answer = http.write(&json!({ "transactions": [new_task("Read a chapter")] })).await;
        (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned())
    }

    fn key(&self) -> String {
        key_of(&self.access)
    }
}

fn key_of(token: &str) -> String {
    decode_header(token).unwrap().kid.unwrap()
}

async fn key_set(node: &TestServer) -> JwkSet {
    let answer = Http::nobody(node.url()).get("/.well-known/jwks.json").await;
    assert_eq!((answer.status, answer.header("cache-control")), (200, "public, max-age=300"));
    serde_json::from_value(answer.json()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_that_rotate_under_load_sign_nobody_out() {
    let nodes = Nodes::start().await;
    let (stop, written) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let mut writers = Vec::new();
    for _ in 0..WRITERS {
        let (mut session, stop, written) = (ByHand::sign_in(&nodes).await, stop.clone(), written.clone());
        writers.push(tokio::spawn(async move {
            let mut keys = std::collections::BTreeSet::from([session.key()]);
            let mut round = 0;
            while !stop.load(Ordering::Relaxed) {
                // Signed by one node, shown to the other at once.
                session.refresh(round % 2).await;
                keys.insert(session.key());
                for node in [1 - round % 2, round % 2] {
                    assert_eq!(session.write(node).await, (200, String::new()));
                    written.fetch_add(1, Ordering::Relaxed);
                }
                round += 1;
            }
            keys
        }));
    }
    let mut probe = ByHand::sign_in(&nodes).await;
    for rotation in 0..ROTATIONS {
        let at = rotation % 2;
        let new = nodes.rotate([&nodes.one, &nodes.two][at]).await;
        until("a token by the new key", async || {
            probe.refresh(at).await;
            (probe.key() == new).then_some(())
        })
        .await;
    }
    let enough = written.load(Ordering::Relaxed) + 2 * WRITERS;
    until("writes after the last rotation", async || (written.load(Ordering::Relaxed) > enough).then_some(())).await;
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        let keys = writer.await.expect("a writer who was never refused");
        assert!(keys.len() > 2, "a writer saw the keys change: {keys:?}");
    }
    assert_eq!(key_set(&nodes.one).await.keys.len(), 2 + ROTATIONS, "what they signed is still good");
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_and_its_sessions_refresh() {
    let nodes = Nodes::start().await;
    let mut session = ByHand::sign_in(&nodes).await;
    let leaked = session.key();
    assert_eq!(session.write(0).await.0, 200);
    assert_eq!(session.write(1).await.0, 200);
    // Signed in at the second node; revoked by its operator.
    let revoked = nodes.revoke(&nodes.two, &leaked).await;
    assert!(revoked.sessions >= 1);
    let successor = revoked.successor.expect("a key in its place");
    for node in [0, 1] {
        until("the refusal", async || (session.write(node).await == (401, "token_expired".into())).then_some(())).await;
    }
    session.refresh(1).await;
    assert_eq!(session.key(), successor);
    assert_eq!(session.write(0).await.0, 200);
    assert_eq!(session.write(1).await.0, 200);
    for node in [&nodes.one, &nodes.two] {
        assert!(key_set(node).await.find(&leaked).is_none());
    }
    let keys = nodes.two.setup().data_dir.path().join("keys");
    assert!(!keys.join(format!("{leaked}.pk8")).exists() && keys.join(format!("{successor}.pk8")).exists());

    // A node whose key was revoked from elsewhere helps itself, whatever else lies in its directory.
    std::fs::write(nodes.one.setup().data_dir.path().join("keys/damaged.pk8"), "no key").unwrap();
    session.refresh(0).await;
    let other = session.key();
    assert_eq!(nodes.revoke(&nodes.two, &other).await.successor, None);
    until("another key", async || {
        session.refresh(0).await;
        (session.key() != other).then_some(())
    })
    .await;
    assert_eq!(session.write(1).await.0, 200);
    assert!(matches!(
        tokens::revoke(nodes.two.setup().data_dir.path(), &nodes.pool, "nothing").await,
        Err(tokens::RotationError::Unknown(_))
    ));
}

#[tokio::test]
async fn a_revoked_key_that_comes_back_from_a_backup_stays_revoked() {
    let nodes = Nodes::start().await;
    let session = ByHand::sign_in(&nodes).await;
    let leaked = session.key();
    let dir = nodes.two.setup().data_dir;
    let path = dir.path().join(format!("keys/{leaked}.pk8"));
    let copy = std::fs::read(&path).unwrap();
    nodes.revoke(&nodes.two, &leaked).await;
    std::fs::write(&path, copy).unwrap();
    let restarted = nodes.two.restart().await;
    let answer = Http::nobody(restarted.url()).with_token(&session.access).get("/api/v2/auth/me").await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "token_expired"));
    assert!(!path.exists(), "the file is removed again");
}

#[tokio::test]
async fn nodes_with_data_directories_of_their_own_accept_each_others_tokens_at_once() {
    let database = Database::fresh().await;
    let one = TestServer::start(&database);
    let account = Account::register(&one).await;
    for _ in 0..5 {
        // Its first token names a key that the first node may not have looked at yet.
        let newcomer = TestServer::start(&database);
        let session: Arc<Session> = account.device(&newcomer, "browser").await;
        let token = session.access_token().await.unwrap();
        let answer = Http::nobody(one.url()).with_token(&token).get("/api/v2/auth/me").await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        newcomer.stop().await;
    }
    let token = account.session.access_token().await.unwrap();
    let late = TestServer::start(&database);
    assert_eq!(Http::nobody(late.url()).with_token(&token).get("/api/v2/auth/me").await.status, 200);
}

#[tokio::test]
async fn many_tokens_of_made_up_keys_are_refused_and_keep_nobody_waiting() {
    let nodes = Nodes::start().await;
    let session = ByHand::sign_in(&nodes).await;
    let elsewhere: Vec<_> = (0..40).map(|_| support::DataDir::fresh()).collect();
    let forged = elsewhere.iter().map(forge);
    let http = Http::nobody(nodes.one.url());
    let asked = forged.map(|token| {
        let http = http.with_token(&token);
        tokio::spawn(async move { http.get("/api/v2/auth/me").await })
    });
    let asked: Vec<_> = asked.collect();
    assert_eq!(session.write(0).await.0, 200);
    for answer in asked {
        let answer = answer.await.unwrap();
        assert_eq!((answer.status, answer.problem().as_str()), (401, "token_invalid"));
    }
}

/// A well-formed token by a key that nobody published.
fn forge(dir: &support::DataDir) -> String {
    use application::identity::{AccessClaims, TokenIssuer};
    use domain::id::{AccountId, DeviceId, SessionId};
    let id = infrastructure::clock::uuid_v7;
    let issued_at_s = infrastructure::clock::now_ms() / 1_000;
    let claims = AccessClaims {
        account: AccountId(id()),
        device: DeviceId(id()),
        session: SessionId(id()),
        issued_at_s,
        expires_at_s: issued_at_s + 900,
        csrf: None,
    };
    Tokens::open(dir.path()).unwrap().issue(&claims).unwrap().reveal().to_owned()
}

#[tokio::test]
async fn the_published_key_set_verifies_a_token() {
    let nodes = Nodes::start().await;
    let session = ByHand::sign_in(&nodes).await;
    let jwk =
        until("the key of the other node", async || key_set(&nodes.one).await.find(&session.key()).cloned()).await;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&["levelup"]);
    validation.set_audience(&["levelup-api"]);
    let key = DecodingKey::from_jwk(&jwk).unwrap();
    let decoded = decode::<Value>(&session.access, &key, &validation).unwrap();
    assert_eq!(decoded.header.typ.as_deref(), Some("at+jwt"));
    assert!(decoded.claims["sub"].is_string());
    let shown = Http::nobody(nodes.one.url()).get("/.well-known/jwks.json").await.json();
    for key in shown["keys"].as_array().unwrap() {
        let members: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x"], "nothing of the private half");
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
    }
}

#[tokio::test]
async fn the_list_of_keys_says_how_each_stands() {
    let nodes = Nodes::start().await;
    // Both have published once they answer.
    key_set(&nodes.one).await;
    key_set(&nodes.two).await;
    let new = nodes.rotate(&nodes.one).await;
    let dir = nodes.one.setup().data_dir;
    let list = async || tokens::list(dir.path(), &nodes.pool).await.unwrap();
    until("the retirement", async || {
        list().await.iter().any(|key| matches!(key.standing, KeyStanding::Retired(_))).then_some(())
    })
    .await;
    let keys = list().await;
    assert_eq!(keys.len(), 3);
    assert_eq!(keys.iter().filter(|key| key.is_here).count(), 2);
    let newest = keys.iter().find(|key| key.id == new).unwrap();
    assert!(newest.is_here && newest.standing == KeyStanding::Signs);
    nodes.revoke(&nodes.one, &new).await;
    assert!(list().await.iter().any(|key| key.id == new && matches!(key.standing, KeyStanding::Ended(_))));
}
