//! A database of the legacy system: the committed sample, loaded as a dump is.

use std::io::{Cursor, Read};

use flate2::read::GzDecoder;
use futures_util::SinkExt;
use support::Database;
use tokio_postgres::{Client, CopyInSink};

const SAMPLE: &[u8] = include_bytes!("../../../cases/legacy/sample.sql.gz");

/// Tables of the sample.
pub(super) const TABLES: [&str; 13] = [
    "users",
    "user_profiles",
    "user_stats",
    "skills",
    "goals",
    "milestones",
    "goal_tasks",
    "tasks",
    "micro_tasks",
    "activity_logs",
    "daily_battle_reports",
    "pomodoro_sessions",
    "sessions",
];

/// A legacy database.
pub(super) struct Source {
    pub(super) database: Database,
    pub(super) sql: Client,
}

impl Source {
    /// The sample.
    pub(super) async fn sample() -> Self {
        let database = Database::fresh().await;
        let sql = database.connect().await;
        sql.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
        let mut text = String::new();
        GzDecoder::new(SAMPLE).read_to_string(&mut text).unwrap();
        load(&sql, &text).await;
        sql.batch_execute("RESET ALL").await.unwrap();
        Self { database, sql }
    }

    /// The tables of the sample without a row; their counters begin anew.
    pub(super) async fn empty() -> Self {
        let source = Self::sample().await;
        source.sql.batch_execute(&format!("TRUNCATE {} RESTART IDENTITY", TABLES.join(", "))).await.unwrap();
        source
    }

    /// Every byte of it, in one.
    pub(super) async fn footprint(&self) -> Vec<String> {
        let mut found = Vec::new();
        for table in TABLES {
            let sql = format!("SELECT coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {table} t");
            found.push(self.sql.query_one(&sql, &[]).await.unwrap().get(0));
        }
        found
    }
}

/// Runs a dump: statements, and rows behind `COPY`.
async fn load(sql: &Client, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find("\nCOPY ") {
        let (statements, copy) = rest.split_at(at + 1);
        sql.batch_execute(statements).await.unwrap();
        let (command, rows) = copy.split_once('\n').unwrap();
        let end = if rows.starts_with("\\.") { 0 } else { rows.find("\n\\.").unwrap() + 1 };
        let sink: CopyInSink<Cursor<Vec<u8>>> = sql.copy_in(command.trim_end_matches(';')).await.unwrap();
        let mut sink = std::pin::pin!(sink);
        sink.send(Cursor::new(rows.as_bytes()[..end].to_vec())).await.unwrap();
        sink.close().await.unwrap();
        rest = &rows[end + 2..];
    }
    sql.batch_execute(rest).await.unwrap();
}
