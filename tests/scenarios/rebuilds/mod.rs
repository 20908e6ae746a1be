//! Rebuilds, over HTTP and from the command line: what they mend, how they are paused, killed and taken over, and what keeps
//! rows of an older fold from being served.

mod failing;
mod folds;
mod killed;
mod over_http;
mod stopped;

use reqwest::Method;
use serde_json::{Value, json};
use support::commands::{create_task, id};
use support::patience::until;
use support::{Account, Http};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::people::{Said, ask, promote};
use crate::stage::Stage;

pub(crate) const REBUILDS: &str = "/api/v2/admin/rebuilds";

/// A stage whose person is an admin, with this many tasks.
pub(crate) async fn admin_with_tasks(tasks: usize) -> Stage {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    write_tasks(&stage.account, tasks).await;
    stage
}

pub(crate) async fn write_tasks(account: &Account, tasks: usize) {
    let commands: Vec<Value> = (0..tasks).map(|number| create_task(id(), &format!("Page {number}"))).collect();
    for commands in commands.chunks(50) {
        account.commit(commands).await;
    }
}

/// Changes rows of a space behind the back of its log.
pub(crate) async fn tamper(sql: &Client, space: Uuid) -> u64 {
    sql.execute("UPDATE tasks SET title = 'tampered' WHERE space_id = $1", &[&space]).await.unwrap()
}

pub(crate) async fn tampered(sql: &Client, space: Uuid) -> i64 {
    let statement = "SELECT count(*) FROM tasks WHERE space_id = $1 AND title = 'tampered'";
    sql.query_one(statement, &[&space]).await.unwrap().get(0)
}

/// Begins a rebuild; its id.
pub(crate) async fn begin(http: &Http, body: &Value) -> String {
    let said = ask(http, Method::POST, REBUILDS, Some(&body.to_string())).await;
    assert_eq!(said.0, 202, "{}", said.1);
    said.1["id"].as_str().unwrap().to_owned()
}

pub(crate) async fn show(http: &Http, id: &str) -> Value {
    let said = ask(http, Method::GET, &format!("{REBUILDS}/{id}"), None).await;
    assert_eq!(said.0, 200, "{}", said.1);
    said.1
}

pub(crate) async fn order(http: &Http, id: &str, what: &str) -> Said {
    ask(http, Method::POST, &format!("{REBUILDS}/{id}/{what}"), None).await
}

/// Waits until the rebuild says this of itself.
pub(crate) async fn until_it_is(http: &Http, id: &str, state: &str) -> Value {
    until(state, async || {
        let shown = show(http, id).await;
        (shown["state"] == state && shown["attended"] == json!(false)).then_some(shown)
    })
    .await
}

/// Holds the head of a space: whoever wants to switch rows of it waits.
pub(crate) struct Held(Client);

impl Held {
    pub(crate) async fn head(stage: &Stage, space: Uuid) -> Self {
        let holder = stage.database.connect().await;
        holder.batch_execute("BEGIN").await.unwrap();
        holder.query_one("SELECT position FROM heads WHERE space_id = $1 FOR UPDATE", &[&space]).await.unwrap();
        Self(holder)
    }

    /// Waits until a rebuild waits for it.
    pub(crate) async fn is_waited_for(&self, sql: &Client) {
        let waits = "SELECT 1 FROM rebuild_spaces s JOIN pg_stat_activity a ON a.pid = s.worker_pid
            WHERE a.wait_event_type = 'Lock'";
        until("a worker that waits", async || sql.query_opt(waits, &[]).await.unwrap()).await;
    }

    pub(crate) async fn release(self) {
        self.0.batch_execute("ROLLBACK").await.unwrap();
    }
}
