//! The migrations on a real PostgreSQL: a private cluster of this test's own.

use tokio_postgres::{Client, Config};

use super::{MigrationError, newest_version, pending, run};
use crate::{postgres::pool::connect_alone, private_postgres};

/// A new, empty database beside the cluster's own.
async fn empty_database(admin: &Client, config: &Config, name: &str) -> Config {
    admin.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    let mut config = config.clone();
    config.dbname(name);
    config
}

async fn two_processes_at_once(config: &Config) {
    let waiting = pending(config).await.unwrap();
    let (first, second) = tokio::join!(run(config), run(config));
    let (first, second) = (first.unwrap(), second.unwrap());
    assert!(first.applied.is_empty() || second.applied.is_empty(), "one works, the other waits");
    assert_eq!([first.applied, second.applied].concat(), waiting);
    assert!(pending(config).await.unwrap().is_empty());
}

async fn someone_elses_tables(config: &Config) {
    let client = connect_alone(config).await.unwrap();
    client.batch_execute("CREATE TABLE their_orders (id bigint)").await.unwrap();
    for refused in [run(config).await.map(drop), pending(config).await.map(drop)] {
        assert!(matches!(refused, Err(MigrationError::Foreign(tables)) if tables == "their_orders"));
    }
}

async fn a_newer_program_was_here(config: &Config) {
    run(config).await.unwrap();
    let client = connect_alone(config).await.unwrap();
    let insert =
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) VALUES ($1, 'future', $2, '7')";
    let version = i32::try_from(newest_version()).unwrap() + 1;
    client.execute(insert, &[&version, &"2026-11-01T00:00:00Z"]).await.unwrap();
    for refused in [run(config).await.map(drop), pending(config).await.map(drop)] {
        assert!(matches!(refused, Err(MigrationError::Newer(name)) if name.ends_with("__future")));
    }
}

#[tokio::test]
async fn a_schema_is_migrated_once_and_an_unknown_one_is_refused() {
    let dir = std::env::temp_dir().join(format!("levelup-test-migrations-{}", crate::clock::uuid_v7().simple()));
    let cluster = private_postgres::ensure(&dir).await.unwrap();
    let admin = connect_alone(&cluster.config()).await.unwrap();
    two_processes_at_once(&empty_database(&admin, &cluster.config(), "twice").await).await;
    someone_elses_tables(&empty_database(&admin, &cluster.config(), "foreign_one").await).await;
    a_newer_program_was_here(&empty_database(&admin, &cluster.config(), "newer").await).await;
    drop(admin);
    cluster.stop().await;
    std::fs::remove_dir_all(dir).unwrap();
}
