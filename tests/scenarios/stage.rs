//! What nearly every scenario begins with: a database, a server, a person with a phone.

use serde_json::Value;
use support::{Account, Database, Http, Setup, TestServer};
use tokio_postgres::Client;

/// A server with one person on it.
pub(crate) struct Stage {
    /// Their phone's bare requests.
    pub(crate) http: Http,
    /// The person.
    pub(crate) account: Account,
    /// The server.
    pub(crate) server: TestServer,
    /// Eyes on the tables.
    pub(crate) sql: Client,
    /// The database; the last to go.
    pub(crate) database: Database,
}

impl Stage {
    /// Sets it up.
    pub(crate) async fn set() -> Self {
        let database = Database::fresh().await;
        // What is to be mailed stays where a test can look at it: no mail server is there.
        let mut setup = Setup::of(&database);
        setup.serving.mail.smtp_url = "smtp://127.0.0.1:1".to_owned().into();
        let server = TestServer::start_with(setup);
        let account = Account::register(&server).await;
        Self { http: account.http().await, account, sql: database.connect().await, server, database }
    }

    /// The cursor at the end of the log.
    pub(crate) async fn cursor(&self) -> String {
        cursor_of(&self.http).await
    }
}

/// The cursor at the end of this device's space.
pub(crate) async fn cursor_of(http: &Http) -> String {
    let page = http.get("/api/v2/changes?limit=1000").await.json();
    assert_eq!(page["caught_up"], true);
    page["cursor"].as_str().unwrap().to_owned()
}

/// The code of a receipt's problem.
pub(crate) fn code(receipt: &Value) -> &str {
    receipt["problem"]["code"].as_str().unwrap_or_default()
}
