//! The server is killed, its database set back to a copy, and started again: as an operator does it, with the program itself.

use std::sync::Arc;

use api::client::{Credentials, Device, Installation, Session};
use infrastructure::clock::uuid_v7;
use support::commands::{command, create_task, id};
use support::patience::{GUARD, within};
use support::process::{Place, ServerProcess, run};
use support::{Database, tables};

/// A device, and how it signs in again at a server on another port.
struct Phone {
    credentials: Credentials,
    device: Device,
    kept: Installation,
}

impl Phone {
    async fn register(server: &ServerProcess) -> Self {
        let email = format!("{}@example.test", uuid_v7().simple());
        let credentials = Credentials { email, password: "correct horse battery".to_owned() };
        let device = Device::fresh("ios", "phone");
        let session = Session::register(&server.server(), &credentials, &device).await.expect("a new account");
        Self { credentials, device, kept: Installation::new(Arc::new(session), GUARD) }
    }

    async fn again(self, server: &ServerProcess) -> Self {
        let session = Session::login(&server.server(), &self.credentials, &self.device).await.expect("the same device");
        Self { kept: self.kept.with_session(Arc::new(session)), ..self }
    }

    async fn sync(&mut self) {
        within("a sync", self.kept.sync()).await.expect("a sync");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_set_back_says_so_and_gets_back_what_it_lost() {
    let (place, database) = (Place::fresh(), Database::fresh().await);
    let mut server = ServerProcess::start(place.path(), Some(database.url())).await;
    let mut phone = Phone::register(&server).await;
    phone.kept.write(vec![create_task(id(), "kept")]);
    phone.sync().await;
    server.kill().await;
    let backup = database.copy().await;

    server.start_again().await;
    let task = id();
    phone.kept.write(vec![create_task(task, "lost")]);
    phone.kept.write(vec![command("task.complete", task)]);
    phone.sync().await;
    let before = phone.kept.replica.document();
    phone.kept.write(vec![create_task(id(), "waiting")]);
    server.kill().await;
    drop(server);

    let mut server = ServerProcess::start(place.path(), Some(backup.url())).await;
    assert!(server.log_end().contains("a new life of the logs begins"), "{}", server.log_end());
    let mut phone = phone.again(&server).await;
    phone.sync().await;
    assert_eq!(phone.kept.resets(), ["epoch"]);
    let sql = backup.connect().await;
    let space = phone.kept.account_id();
    tables::assert_equal(&sql, space, &phone.kept.replica).await;
    tables::assert_logs_whole(&sql).await;
    let count = async |statement: &str| tables::count(&sql, statement, space).await;
    assert_eq!(count("SELECT count(*) FROM tasks WHERE space_id = $1").await, 3);
    assert_eq!(count("SELECT xp::bigint FROM heroes WHERE space_id = $1").await, 20, "once");
    assert!(before.contains("lost"), "it had been acknowledged and read");
    server.stop().await;
    let (exit, said, error) = run(&backup.url(), &server.data_dir(), &["verify"]).await;
    assert_eq!(exit, 0, "{said}{error}");

    // The same life goes on.
    server.start_again().await;
    let mut phone = phone.again(&server).await;
    phone.sync().await;
    assert_eq!(phone.kept.resets(), ["epoch"]);
    server.stop().await;
}
