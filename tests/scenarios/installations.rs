//! A person whose devices work with and without a server that is stopped, restored and started again.

use std::sync::Arc;

use api::client::{Credentials, Device, Installation, Session};
use infrastructure::clock::uuid_v7;
use support::patience::{GUARD, within};
use support::{DataDir, Database, Http, Setup, TestServer, tables};
use tokio_postgres::Client;
use uuid::Uuid;

/// The person.
pub(crate) struct Person {
    credentials: Credentials,
    /// Their account, which is also their space.
    pub(crate) space: Uuid,
}

/// A device of theirs, through everything.
#[derive(Clone)]
pub(crate) struct Gadget {
    device: Device,
    /// What it keeps.
    pub(crate) kept: Installation,
}

impl Person {
    /// Somebody new, and their first device.
    pub(crate) async fn register(server: &TestServer) -> (Self, Gadget) {
        let email = format!("{}@example.test", uuid_v7().simple());
        let credentials = Credentials { email, password: "correct horse battery".to_owned() };
        let device = Device::fresh("ios", "phone");
        let session = Session::register(server.server(), &credentials, &device).await.expect("a new account");
        let space = session.account_id();
        (Self { credentials, space }, Gadget::of(device, session))
    }

    /// Another device.
    pub(crate) async fn device(&self, server: &TestServer, name: &str) -> Gadget {
        let device = Device::fresh("web", name);
        let session = Session::login(server.server(), &self.credentials, &device).await.expect("another device");
        Gadget::of(device, session)
    }

    /// The same device at a server that was started again.
    pub(crate) async fn again(&self, server: &TestServer, gadget: Gadget) -> Gadget {
        let session = Session::login(server.server(), &self.credentials, &gadget.device).await;
        let session = Arc::new(session.expect("the same device"));
        Gadget { kept: gadget.kept.with_session(session), ..gadget }
    }

    /// A device's bare requests.
    pub(crate) async fn http(&self, server: &TestServer) -> Http {
        let device = Device::fresh("web", "bare");
        Http::of(&Session::login(server.server(), &self.credentials, &device).await.unwrap()).await
    }
}

impl Gadget {
    fn of(device: Device, session: Session) -> Self {
        Self { device, kept: Installation::new(Arc::new(session), GUARD) }
    }

    /// Reads, sends, reads.
    pub(crate) async fn sync(&mut self) {
        within("a sync", self.kept.sync()).await.expect("a sync");
    }
}

/// Fails unless all devices show what the tables have, nothing waits and nothing was refused.
pub(crate) async fn assert_settled(sql: &Client, space: Uuid, gadgets: &mut [&mut Gadget]) {
    for gadget in gadgets.iter_mut() {
        gadget.sync().await;
    }
    for gadget in gadgets {
        gadget.sync().await;
        tables::assert_equal(sql, space, &gadget.kept.replica).await;
        assert_eq!(gadget.kept.outbox.waiting(), 0);
        assert!(gadget.kept.outbox.refused().is_empty(), "{:?}", gadget.kept.outbox.refused());
    }
    tables::assert_logs_whole(sql).await;
}

/// The titles of the tasks that are not deleted, sorted.
pub(crate) async fn titles(sql: &Client, space: Uuid) -> Vec<String> {
    let statement = "SELECT title FROM tasks WHERE space_id = $1 AND deleted_at IS NULL ORDER BY title";
    sql.query(statement, &[&space]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// A number of the hero's.
pub(crate) async fn hero(sql: &Client, space: Uuid, column: &str) -> i64 {
    tables::count(sql, &format!("SELECT {column}::bigint FROM heroes WHERE space_id = $1"), space).await
}

/// A server that was stopped after a copy of its database was made, written to again, and stopped for good.
pub(crate) struct Lost {
    /// As the operator has it after the restore.
    pub(crate) copy: Database,
    /// What the server was started with.
    pub(crate) setup: Setup,
    _original: Database,
}

impl Lost {
    /// Writes with `before`, makes the copy, and goes on with `after`: what that wrote is lost.
    pub(crate) async fn after<T>(
        before: impl AsyncFnOnce(&TestServer) -> T,
        after: impl AsyncFnOnce(&TestServer, T) -> T,
    ) -> (Self, T) {
        let database = Database::fresh().await;
        let server = TestServer::start(&database);
        let setup = server.setup();
        let people = before(&server).await;
        server.stop().await;
        let copy = database.copy().await;
        let server = TestServer::start_with(setup.clone());
        let people = after(&server, people).await;
        server.stop().await;
        (Self { copy, setup, _original: database }, people)
    }

    /// The restored server. `mark`: whether the data directory has been kept.
    pub(crate) fn restored(&self, mark: bool) -> TestServer {
        let data_dir = if mark { self.setup.data_dir.clone() } else { DataDir::fresh() };
        TestServer::start_with(Setup { config: self.copy.config(), data_dir, ..self.setup.clone() })
    }
}
