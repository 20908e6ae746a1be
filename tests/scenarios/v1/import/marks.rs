//! What an export tells the legacy database of what it wrote, as a later import reads it.

use support::Database;
use tokio_postgres::Client;
use uuid::Uuid;

use super::source::Source;
use crate::log_copy::{Folder, levelup, text};

/// Brings every account of `here` back into the legacy database, which is told what of it is from here.
pub(super) async fn back(here: &Database, source: &Source) {
    let folder = Folder::new();
    let file = folder.file("back.sql");
    let (exit, said, error) = levelup(here, &["export-legacy", text(&file)]).await;
    assert_eq!(exit, 0, "{said}{error}");
    source.sql.batch_execute(&std::fs::read_to_string(&file).unwrap()).await.unwrap();
    mark(&here.connect().await, &source.sql).await;
}

/// A row on one side: whose, its number, its id here (nil there), what it is called.
type Named = (String, i64, Uuid, String);

async fn mark(here: &Client, there: &Client) {
    let table = "CREATE TABLE IF NOT EXISTS levelup_exported (kind text, legacy_id bigint, entity_id uuid, PRIMARY KEY (kind, legacy_id))";
    there.batch_execute(&format!("{table}; TRUNCATE levelup_exported")).await.unwrap();
    for (kind, name, user) in [
        ("task", "title", "t.user_id"),
        ("goal", "title", "t.user_id"),
        ("skill", "name", "t.user_id"),
        ("milestone", "title", "(SELECT g.user_id FROM goals g WHERE g.id = t.goal_id)"),
    ] {
        let known = format!(
            "SELECT coalesce(a.legacy_user_id, a.account_id::text), t.legacy_id, t.id, t.{name} FROM {kind}s t JOIN accounts a ON a.account_id = t.space_id"
        );
        let written = format!(
            "SELECT {user}::text, t.id::bigint, '00000000-0000-0000-0000-000000000000'::uuid, t.{name} FROM {kind}s t"
        );
        let (known, written) = (named(here, &known).await, named(there, &written).await);
        for (user, number, _, called) in &written {
            let same = |one: &&Named| one.0 == *user && one.3 == *called;
            let found = known.iter().filter(same).find(|one| one.1 == *number).or_else(|| known.iter().find(same));
            if let Some((_, _, id, _)) = found {
                put(there, kind, *number, *id).await;
            }
        }
    }
    let lines = there.query("SELECT id::bigint FROM activity_logs", &[]).await.unwrap();
    for line in &lines {
        put(there, "activity", line.get(0), Uuid::nil()).await;
    }
}

async fn named(sql: &Client, statement: &str) -> Vec<Named> {
    let rows = sql.query(statement, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
}

async fn put(there: &Client, kind: &str, number: i64, id: Uuid) {
    let insert = "INSERT INTO levelup_exported (kind, legacy_id, entity_id) VALUES ($1, $2, $3)";
    there.execute(insert, &[&kind, &number, &id]).await.unwrap();
}
