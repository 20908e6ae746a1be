//! Both stores behind one trait, and the macro that runs a test on each.

use application::fault::Fault;
use application::feed::{Log, Slice};
use application::ledger::{Appended, Ledger, Loaded, Prepared, Want};
use application::snapshot::{CurrentRows, Stage, StageRows, TailRows, View};
use deadpool_postgres::Pool;
use domain::id::{EntityId, SpaceId};
use infrastructure::clock::uuid_v7;
use infrastructure::config::GroupScope;
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::log::PostgresLog;
use infrastructure::postgres::migrations;
use infrastructure::postgres::pool::{connect, connect_alone};
use infrastructure::postgres::snapshot::PostgresSnapshot;
use tokio_postgres::Config;

const VARIABLE: &str = "LEVELUP_TEST_DATABASE_URL";

/// All ports of one store.
pub(crate) trait Store: Ledger + Log + CurrentRows {}
impl<S: Ledger + Log + CurrentRows> Store for S {}

/// The store in a database of its own.
pub(crate) struct Postgres {
    ledger: PostgresLedger,
    log: PostgresLog,
    rows: PostgresSnapshot,
    pool: Pool,
    database: String,
    server: Config,
}

impl Postgres {
    /// A migrated database, or none where there is no PostgreSQL.
    pub(crate) async fn fresh() -> Option<Self> {
        Self::of_scope(GroupScope::Cluster).await
    }

    /// The same, where one statement touches so much.
    pub(crate) async fn of_scope(scope: GroupScope) -> Option<Self> {
        let Ok(url) = std::env::var(VARIABLE) else {
            println!("skipped on PostgreSQL: {VARIABLE} is not set");
            return None;
        };
        let server: Config = url.parse().unwrap();
        let database = format!("levelup_test_ports_{}", uuid_v7().simple());
        let admin = connect_alone(&server).await.unwrap();
        admin.batch_execute(&format!("CREATE DATABASE {database}")).await.unwrap();
        let mut config = server.clone();
        config.dbname(&database);
        migrations::run(&config).await.unwrap();
        let pool = connect(config, 2).unwrap();
        let ledger = PostgresLedger::new(pool.clone(), 1 << 20).of_scope(scope);
        let (log, rows) = (PostgresLog::new(pool.clone()), PostgresSnapshot::new(pool.clone()));
        Some(Self { ledger, log, rows, pool, database, server })
    }

    /// Drops the database.
    pub(crate) async fn end(self) {
        self.pool.close();
        let admin = connect_alone(&self.server).await.unwrap();
        admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.database)).await.unwrap();
    }
}

impl Ledger for Postgres {
    async fn load(&self, wants: Vec<Want>) -> Result<Vec<Loaded>, Fault> {
        self.ledger.load(wants).await
    }

    async fn append(&self, batch: &[Prepared]) -> Result<Vec<Appended>, Fault> {
        self.ledger.append(batch).await
    }
}

impl Log for Postgres {
    async fn after(&self, space: SpaceId, position: i64, rows: i64) -> Result<Slice, Fault> {
        self.log.after(space, position, rows).await
    }
}

impl CurrentRows for Postgres {
    async fn stage(
        &self,
        space: SpaceId,
        stage: Stage,
        view: View,
        from: EntityId,
        rows: i64,
    ) -> Result<StageRows, Fault> {
        self.rows.stage(space, stage, view, from, rows).await
    }

    async fn tail(&self, space: SpaceId, position: i64, rows: i64) -> Result<TailRows, Fault> {
        self.rows.tail(space, position, rows).await
    }
}

/// Runs an async function over a store on each of the stores.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod in_memory { $(
            #[tokio::test]
            async fn $name() {
                super::$name(&infrastructure::memory::MemoryStore::new(uuid::Uuid::from_u128(77))).await;
            }
        )* }
        mod on_postgres { $(
            #[tokio::test]
            async fn $name() {
                let Some(store) = crate::stores::Postgres::fresh().await else { return };
                super::$name(&store).await;
                store.end().await;
            }
        )* }
        mod on_postgres_by_space { $(
            #[tokio::test]
            async fn $name() {
                let scope = infrastructure::config::GroupScope::Space;
                let Some(store) = crate::stores::Postgres::of_scope(scope).await else { return };
                super::$name(&store).await;
                store.end().await;
            }
        )* }
    };
}
pub(crate) use on_both;
