//! postgres-es beside it: the events of tasks in a table of its own, replayed aggregate by aggregate into a view of its own, by
//! its own `QueryReplay`, `GenericQuery` and repositories.

use std::sync::Arc;
use std::time::Instant;

use cqrs_es::persist::{GenericQuery, QueryReplay};
use cqrs_es::{Aggregate, EventEnvelope, View};
use domain::task::Task;
use postgres_es::{PostgresEventRepository, PostgresViewRepository, default_postgress_pool};
use serde::{Deserialize, Serialize};
use tokio_postgres::{Client, Config};

use crate::cluster::url;
use crate::failure::Failure;

/// A task as its events make it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Folded(Task);

impl View<Task> for Folded {
    fn update(&mut self, event: &EventEnvelope<Task>) {
        self.0.apply(event.payload.clone());
    }
}

type Views = PostgresViewRepository<Folded, Task>;
type Replayer = QueryReplay<PostgresEventRepository, GenericQuery<Views, Folded, Task>, Task>;

/// What is replayed.
pub(super) struct Replay {
    replayer: Replayer,
    aggregates: Vec<String>,
    events: i64,
}

/// Copies about so many events.
pub(super) async fn prepare(client: &Client, config: &Config, events_max: i64) -> Result<Replay, Failure> {
    client.batch_execute(include_str!("sql/create_replay.sql")).await?;
    let events = client.execute(include_str!("sql/copy_replay.sql"), &[&Task::TYPE, &events_max]).await?;
    let rows = client.query(include_str!("sql/aggregates.sql"), &[]).await?;
    let pool = default_postgress_pool(&url(config)).await;
    let repository = PostgresEventRepository::new(pool.clone()).with_tables("replay.events", "replay.snapshots");
    let views = Arc::new(Views::new("replay.views", pool));
    let replayer = QueryReplay::new(repository, GenericQuery::new(views));
    let aggregates = rows.iter().map(|row| row.get("aggregate_id")).collect();
    Ok(Replay { replayer, aggregates, events: i64::try_from(events).unwrap_or_default() })
}

impl Replay {
    /// Events a second, into an empty view.
    pub(super) async fn run(&self, client: &Client) -> Result<f64, Failure> {
        client.batch_execute(include_str!("sql/empty_views.sql")).await?;
        let began = Instant::now();
        for aggregate in &self.aggregates {
            self.replayer.replay(aggregate).await.map_err(Failure::during("replaying"))?;
        }
        let took = began.elapsed();
        // Its streams can end early in silence.
        let row = client.query_one(include_str!("sql/applied.sql"), &[]).await?;
        let applied: i64 = row.get("applied");
        if applied != self.events || applied == 0 {
            return Err(Failure::new(format!("{applied} of {} events were replayed", self.events)));
        }
        Ok(applied as f64 / took.as_secs_f64())
    }
}
