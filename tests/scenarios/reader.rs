//! Readers whose connections flap, one for each way of reading. They read until they see the last transaction of the
//! scenario, and remember everything that they were told.

use std::sync::Arc;
use std::time::Duration;

use api::client::wire::ChangesPage;
use api::client::{Heard, Live, Replica, Session};
use support::patience::{GUARD, within};
use support::{Http, Sse, tables};
use tokio_postgres::Client;
use uuid::Uuid;

/// The title of the task that ends a scenario.
pub(crate) const THE_END: &str = "The end";
/// After so many pages a connection is cut.
const PAGES_PER_CONNECTION: usize = 5;
/// Until a server has noticed that an abandoned connection is gone, it counts; those who meet the limit come back.
const PAUSE: Duration = Duration::from_millis(50);

/// Everything that a reader was told.
#[derive(Default)]
pub(crate) struct Seen {
    replica: Replica,
    /// Position, transaction, entity and its version, in the order of arrival.
    changes: Vec<(i64, Uuid, Uuid, i64)>,
}

impl Seen {
    /// Takes a page; whether the end was in it. The replica refuses gaps, repeats, disorder and wrong checksums.
    fn take(&mut self, page: &ChangesPage) -> bool {
        self.replica.apply(page).unwrap_or_else(|divergence| panic!("{divergence}"));
        let told = page.changes.iter().map(|one| (one.position, one.transaction_id, one.id, one.version));
        self.changes.extend(told);
        page.changes.iter().any(|change| change.fields.get("title").is_some_and(|title| title == THE_END))
    }

    /// Fails unless what was seen is the log and what was made of it is the tables.
    pub(crate) async fn assert_is_the_log(&self, sql: &Client, space: Uuid, who: &str) {
        let statement =
            "SELECT position, transaction_id, aggregate_id, sequence FROM events WHERE space_id = $1 ORDER BY position";
        let rows = sql.query(statement, &[&space]).await.unwrap();
        let log: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect();
        assert!(self.changes == log, "{who} saw {} changes, the log has {}", self.changes.len(), log.len());
        tables::assert_equal(sql, space, &self.replica).await;
    }
}

/// Reads by WebSocket; the connection is cut every few pages, as in a tunnel.
pub(crate) async fn by_socket(session: Arc<Session>) -> Seen {
    let (mut seen, mut pages) = (Seen::default(), 0);
    let mut live = Live::from(session, None).with_patience(GUARD);
    loop {
        match within("a message", live.next()).await.unwrap() {
            Heard::Changes(page) => {
                if seen.take(&page) {
                    return seen;
                }
                pages += 1;
                if pages % PAGES_PER_CONNECTION == 0 {
                    live.cut();
                }
            }
            Heard::Reset(reset) => panic!("reset: {reset:?}"),
            _ => {}
        }
    }
}

/// Reads by Server-Sent Events; the stream is dropped every few events and goes on after the last id.
pub(crate) async fn by_events(http: Http) -> Seen {
    let mut seen = Seen::default();
    loop {
        let last = seen.replica.cursor().map(str::to_owned);
        let Some(mut sse) = Sse::try_open(&http, last.as_deref()).await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        for _ in 0..PAGES_PER_CONNECTION {
            let event = sse.next().await.expect("an event");
            assert_eq!(event.event, "changes", "{}", event.data);
            if seen.take(&serde_json::from_value(event.data).unwrap()) {
                return seen;
            }
        }
    }
}

/// Reads by long poll in small pages; every few requests one is abandoned before it is answered.
pub(crate) async fn by_poll(http: Http) -> Seen {
    let (mut seen, mut asked) = (Seen::default(), 0_usize);
    loop {
        let cursor = seen.replica.cursor().map(|cursor| format!("&cursor={cursor}")).unwrap_or_default();
        let path = format!("/api/v2/changes?limit=40&wait=10{cursor}");
        asked += 1;
        let answer = if asked.is_multiple_of(PAGES_PER_CONNECTION) {
            tokio::time::timeout(Duration::from_millis(1), http.get(&path)).await.ok()
        } else {
            Some(http.get(&path).await)
        };
        match answer {
            Some(answer) if answer.status == 200 => {
                let ended = seen.take(&serde_json::from_value(answer.json()).unwrap());
                if ended {
                    return seen;
                }
            }
            Some(answer) => {
                assert_eq!(answer.problem(), "feeds_too_many");
                tokio::time::sleep(PAUSE).await;
            }
            None => {}
        }
    }
}
