//! postgres-es as a second reader of the log, for the verifier: other people's code, other people's driver. It knows no
//! space and no ids but texts, so one space at a time is copied, in chunks, into a temporary table of exactly its schema.
//! That table belongs to one connection: the pool has no other, never replaces it, and a reader whose connection is lost
//! fails instead of reading from another table.

mod options;

use std::sync::Arc;

use application::fault::Fault;
use cqrs_es::persist::{PersistedEventRepository, PersistenceError, SerializedEvent};
use domain::conflict::Conflict;
use domain::entity::{EntityRef, Kind};
use domain::goal::Goal;
use domain::hero::Hero;
use domain::id::SpaceId;
use domain::milestone::Milestone;
use domain::skill::Skill;
use domain::task::Task;
use postgres_es::PostgresEventRepository;
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio_postgres::Config;

/// By its full name: what is of the session and nothing else.
const TABLE: &str = "pg_temp.second_reader_events";
/// postgres-es wants a name for snapshots, which are never read.
const NO_TABLE: &str = "pg_temp.second_reader_snapshots";

/// What was read of an entity.
#[derive(Debug)]
pub enum Read {
    /// Its events, as many as came.
    Events(Vec<SerializedEvent>),
    /// One of them could not be decoded.
    Undecodable(String),
}

/// postgres-es on a connection of its own.
pub struct SecondReader {
    pool: PgPool,
    repository: Arc<PostgresEventRepository>,
}

impl SecondReader {
    /// Connects, with an empty table.
    ///
    /// # Errors
    /// The database is away.
    pub async fn connect(config: &Config) -> Result<Self, Fault> {
        let pool = PgPoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options::of(config)?)
            .await
            .map_err(away)?;
        let create = include_str!("postgres/sql/verify/second_reader/create.sql");
        sqlx::query(create).execute(&pool).await.map_err(away)?;
        let repository = PostgresEventRepository::new(pool.clone()).with_tables(TABLE, NO_TABLE);
        Ok(Self { pool, repository: Arc::new(repository) })
    }

    /// Forgets what was copied.
    ///
    /// # Errors
    /// The database is away.
    pub async fn empty(&self) -> Result<(), Fault> {
        let empty = include_str!("postgres/sql/verify/second_reader/empty.sql").replace("{table}", TABLE);
        sqlx::query(&empty).execute(&self.pool).await.map(drop).map_err(away)
    }

    /// Copies the events of a space behind one position and up to another; says how many they were.
    ///
    /// # Errors
    /// The database is away.
    pub async fn copy(&self, space: SpaceId, after: i64, upto: i64) -> Result<u64, Fault> {
        let copy = include_str!("postgres/sql/verify/second_reader/copy.sql").replace("{table}", TABLE);
        let copied = sqlx::query(&copy).bind(space.to_string()).bind(after).bind(upto).execute(&self.pool).await;
        Ok(copied.map_err(away)?.rows_affected())
    }

    /// Reads the events of an entity, in order.
    ///
    /// # Errors
    /// The database is away.
    pub async fn read(&self, entity: EntityRef) -> Result<Read, Fault> {
        let (repository, id) = (self.repository.clone(), entity.id.to_string());
        // postgres-es panics at a row that it cannot decode; on a task of its own that ends nothing else.
        let reading = tokio::spawn(async move { get_events(&repository, entity.kind, &id).await });
        match reading.await {
            Ok(Ok(events)) => Ok(Read::Events(events)),
            Ok(Err(PersistenceError::DeserializationError(error))) => Ok(Read::Undecodable(error.to_string())),
            Ok(Err(error)) => Err(Fault::Unavailable(format!("the second reader: {error}"))),
            Err(_) => Ok(Read::Undecodable("a row that it cannot decode".to_owned())),
        }
    }

    /// Gives the connection up, and the table with it.
    pub async fn close(self) {
        self.pool.close().await;
    }
}

async fn get_events(
    repository: &PostgresEventRepository,
    kind: Kind,
    id: &str,
) -> Result<Vec<SerializedEvent>, PersistenceError> {
    match kind {
        Kind::Hero => repository.get_events::<Hero>(id).await,
        Kind::Skill => repository.get_events::<Skill>(id).await,
        Kind::Goal => repository.get_events::<Goal>(id).await,
        Kind::Milestone => repository.get_events::<Milestone>(id).await,
        Kind::Task => repository.get_events::<Task>(id).await,
        Kind::Conflict => repository.get_events::<Conflict>(id).await,
    }
}

fn away(error: sqlx::Error) -> Fault {
    Fault::Unavailable(format!("the second reader: {error}"))
}
