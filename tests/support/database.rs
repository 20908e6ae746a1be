//! A database of a test's own, cloned from the template and dropped with the test.

use std::sync::atomic::{AtomicU32, Ordering};

use deadpool_postgres::Pool;
use infrastructure::clock::now_ms;
use infrastructure::postgres::pool;
use tokio_postgres::{Client, Config, NoTls};

use crate::template;

const VARIABLE: &str = "LEVELUP_TEST_DATABASE_URL";
/// A database that is so old belongs to a run that was killed.
const STALE_MS: i64 = 3_600_000;

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A migrated, empty database that nobody else uses.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: String,
}

impl Database {
    /// Makes one.
    ///
    /// # Panics
    /// Without a PostgreSQL to make it on.
    pub async fn fresh() -> Self {
        let server = server_url();
        let (admin, config) = administer(&server).await;
        let template = template::name(&admin, &config).await;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        if number == 0 {
            drop_stale(&admin).await;
        }
        let name = format!("levelup_test_{}_{}_{number}", now_ms(), std::process::id());
        admin
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await
            .expect("a clone of the template");
        let database = Self { name, server };
        // Clones would share the template's life of the log, and one server's cursors would fit another.
        database.connect().await.batch_execute("UPDATE system SET epoch = gen_random_uuid()").await.unwrap();
        database
    }

    /// Another one with all that is in this one now, as a backup has it. Nobody may be connected for long.
    ///
    /// # Panics
    /// When this one is in use.
    pub async fn copy(&self) -> Self {
        let (admin, _) = administer(&self.server).await;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("levelup_test_{}_{}_{number}", now_ms(), std::process::id());
        let sql = format!("CREATE DATABASE {name} TEMPLATE {}", self.name);
        crate::patience::until("the end of the last connection", async || admin.batch_execute(&sql).await.ok()).await;
        Self { name, server: self.server.clone() }
    }

    /// How to connect.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config: Config = self.server.parse().unwrap();
        config.dbname(&self.name);
        config
    }

    /// How to connect, for another process.
    #[must_use]
    pub fn url(&self) -> String {
        let (base, query) = self.server.split_once('?').unwrap_or((&self.server, ""));
        let (base, _) = base.rsplit_once('/').unwrap();
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        format!("{base}/{}{query}", self.name)
    }

    /// Its address for somebody who is told apart by this name from others there.
    pub fn url_as(&self, application: &str) -> String {
        let url = self.url();
        let separator = if url.contains('?') { '&' } else { '?' };
        format!("{url}{separator}application_name={application}")
    }

    /// A connection of its own.
    pub async fn connect(&self) -> Client {
        connect(&self.config()).await
    }

    /// A pool, as a server has it.
    #[must_use]
    pub fn pool(&self, size: usize) -> Pool {
        pool::connect(self.config(), size).unwrap()
    }
}

impl Drop for Database {
    /// On a thread of its own: there may be no runtime here any more.
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (admin, _) = administer(&server).await;
                // One that stays is dropped by a later run.
                let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
        });
        let _ = dropping.join();
    }
}

fn server_url() -> String {
    std::env::var(VARIABLE)
        .unwrap_or_else(|_| panic!("{VARIABLE} is not set: run script/test, which starts a PostgreSQL for the tests."))
}

async fn administer(server: &str) -> (Client, Config) {
    let config: Config = server.parse().unwrap_or_else(|_| panic!("{VARIABLE} is not a connection URL"));
    (connect(&config).await, config)
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.expect("PostgreSQL answers");
    // Its end is seen by the client's next statement.
    tokio::spawn(async move { drop(connection.await) });
    client
}

/// Databases of runs that were killed before they could drop them.
async fn drop_stale(admin: &Client) {
    let names =
        admin.query("SELECT datname FROM pg_database WHERE datname LIKE 'levelup\\_test\\_%'", &[]).await.unwrap();
    for row in names {
        let name: String = row.get(0);
        let made = name.split('_').nth(2).and_then(|ms| ms.parse().ok()).unwrap_or(i64::MAX);
        if made < now_ms() - STALE_MS {
            let _ = admin.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}
