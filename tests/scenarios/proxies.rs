//! Whom the server believes about where a request comes from.

use std::net::IpAddr;

use infrastructure::config::{Http as HttpSettings, Limits, Serving};
use serde_json::json;
use support::{Account, Database, Http, Setup, TestServer};

struct Stage {
    account: Account,
    server: TestServer,
    database: Database,
}

impl Stage {
    /// A server that trusts these proxies.
    async fn trusting(proxies: &[&str]) -> Self {
        let database = Database::fresh().await;
        let trusted_proxies = proxies.iter().map(|network| network.parse().unwrap()).collect();
        let http = HttpSettings { trusted_proxies, ..HttpSettings::default() };
        let serving = Serving { http, limits: Limits::off(), ..Serving::default() };
        let server = TestServer::start_with(Setup { serving, ..Setup::of(&database) });
        Self { account: Account::register(&server).await, server, database }
    }

    /// Signs in with these headers; the network that is remembered of it.
    async fn network(&self, forwarded: &[&str]) -> Option<String> {
        let body = json!({ "email": self.account.credentials.email, "password": self.account.credentials.password });
        let headers = forwarded.iter().map(|value| ("x-forwarded-for", *value));
        let headers: Vec<_> = headers.chain([("content-type", "application/json")]).collect();
        let nobody = Http::nobody(self.server.url());
        let answer = nobody.post_as("/api/v2/auth/login", &headers, body.to_string()).await.json();
        let session: uuid::Uuid = answer["session_id"].as_str().expect("a session").parse().unwrap();
        let sql = self.database.connect().await;
        let statement = "SELECT last_network FROM sessions WHERE session_id = $1";
        sql.query_one(statement, &[&session]).await.unwrap().get(0)
    }
}

/// What is kept of an address.
fn kept(address: &str) -> Option<String> {
    application::identity::Place::of(Some(address.parse::<IpAddr>().unwrap()), None).network
}

#[tokio::test]
async fn a_trusted_proxy_is_believed_about_the_client() {
    let stage = Stage::trusting(&["127.0.0.0/8", "10.0.0.0/8"]).await;
    for (forwarded, expected) in [
        (&["203.0.113.7"][..], "203.0.113.7"),
        (&["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (&["198.51.100.1", "203.0.113.7:4711, 10.1.1.1"], "203.0.113.7"),
        (&["[2001:db8:1:2::7]:4711"], "2001:db8:1:2::7"),
        (&["::ffff:203.0.113.7"], "203.0.113.7"),
        (&["203.0.113.7, nonsense"], "127.0.0.1"),
        (&[], "127.0.0.1"),
    ] {
        assert_eq!(stage.network(forwarded).await, kept(expected), "{forwarded:?}");
    }
}

#[tokio::test]
async fn what_anybody_else_says_about_the_client_is_ignored() {
    for proxies in [&[][..], &["10.0.0.0/8"]] {
        let stage = Stage::trusting(proxies).await;
        assert_eq!(stage.network(&["203.0.113.7"]).await, kept("127.0.0.1"));
        assert_eq!(stage.network(&["203.0.113.7, 10.1.1.1"]).await, kept("127.0.0.1"));
    }
}
