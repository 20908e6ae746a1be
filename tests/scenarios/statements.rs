//! The SQL files: what the core may not use, and that every statement fits the schema.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use support::{Account, Database, TestServer};

const SQL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../infrastructure/src");
/// The rooms of the core: the append, the feed, the projections and what makes them, whatever else reads or writes a space.
const CORE: [&str; 15] = [
    "postgres/sql/ledger/",
    "postgres/sql/log/",
    "postgres/sql/snapshot/",
    "postgres/sql/rows/",
    "postgres/sql/activity/",
    "postgres/sql/audit_log/",
    "postgres/sql/compare/",
    "postgres/sql/folds/",
    "postgres/sql/log_copy/",
    "postgres/sql/past/",
    "postgres/sql/rebuild/",
    "postgres/sql/redact/",
    "postgres/sql/rejections/",
    "postgres/sql/upkeep/",
    "postgres/sql/verify/",
];

/// What would close the door to distributed PostgreSQL, make order depend on chance or a clock, or hide a mistake.
const FORBIDDEN: [&str; 19] = [
    "nextval",
    "currval",
    "serial",
    "generated always",
    "sequence_name",
    "notify",
    "listen",
    "advisory",
    "xid8",
    "txid_",
    "pg_current_xact",
    "xmin",
    "trigger",
    "lock table",
    "now()",
    "current_timestamp",
    "clock_timestamp",
    "statement_timestamp",
    "select *",
];

/// Every file below `infrastructure/src` with this ending.
fn paths(ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(Path::new(SQL), ending, &mut found);
    found
}

/// Every `.sql` file, by its path below `infrastructure/src`, and its text.
pub(crate) fn files() -> Vec<(String, String)> {
    let named = |path: PathBuf| {
        let name = path.strip_prefix(SQL).unwrap().to_string_lossy().trim_start_matches('/').to_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    paths("sql").into_iter().map(named).collect()
}

fn walk(dir: &Path, ending: &str, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, ending, found);
        } else if path.extension().is_some_and(|extension| extension == ending) {
            found.push(path);
        }
    }
}

/// The statement without its comments, in lower case, with single spaces.
pub(crate) fn bare(text: &str) -> String {
    let lines = text.lines().map(|line| line.split("--").next().unwrap_or_default());
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[test]
fn the_core_uses_nothing_that_ties_it_to_one_machine_or_to_a_clock() {
    let core: Vec<_> = files().into_iter().filter(|(name, _)| CORE.iter().any(|room| name.starts_with(room))).collect();
    for room in CORE {
        assert!(core.iter().any(|(name, _)| name.starts_with(room)), "the statements of {room} moved");
    }
    for (name, text) in core {
        let text = bare(&text);
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{name} uses {word}");
        }
        assert!(!(text.contains("into events") && events_conflict(&text)), "{name} passes over a conflict of events");
    }
}

#[test]
fn only_the_sender_and_the_listener_of_hints_notify_and_listen() {
    for (name, text) in files() {
        let words = ["notify", "listen"].iter().any(|word| bare(&text).contains(word));
        assert_eq!(words, name.starts_with("postgres/sql/hints/"), "{name}");
    }
    // A lint over files says nothing about statements elsewhere.
    for source in paths("rs") {
        let text = std::fs::read_to_string(&source).unwrap().to_lowercase();
        let sends = ["pg_notify", "\"listen ", "\"notify "].iter().any(|word| text.contains(word));
        assert!(!sends, "{} has a statement of its own", source.display());
    }
}

/// Whether the part that inserts into events has an ON CONFLICT of its own.
fn events_conflict(text: &str) -> bool {
    let part = text.split("insert into events").nth(1).unwrap_or_default();
    part.split("insert into").next().unwrap_or_default().contains("on conflict")
}

#[test]
fn no_statement_reads_all_columns_and_each_file_holds_one() {
    for (name, text) in files() {
        let text = bare(&text);
        assert!(!text.contains("select *"), "{name} names no columns");
        assert!(!text.trim_end_matches(';').contains(';'), "{name} holds more than one statement");
    }
}

#[test]
fn the_migrations_make_no_triggers_and_the_core_tables_no_sequences() {
    let dir = Path::new(SQL).join("../../migrations");
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let text = bare(&std::fs::read_to_string(&path).unwrap());
            for word in ["create trigger", "create sequence", "bigserial", " serial", "generated always as identity"] {
                assert!(!text.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn every_statement_is_used() {
    let mut unused: BTreeSet<PathBuf> = paths("sql").iter().map(|path| path.canonicalize().unwrap()).collect();
    for source in paths("rs") {
        let text = std::fs::read_to_string(&source).unwrap();
        for rest in text.split("include_str!(\"").skip(1) {
            let included = source.parent().unwrap().join(rest.split('"').next().unwrap());
            unused.remove(&included.canonicalize().unwrap());
        }
    }
    assert!(unused.is_empty(), "no source includes {unused:?}");
}

#[tokio::test]
async fn every_statement_fits_the_schema() {
    let database = Database::fresh().await;
    let sql = database.connect().await;
    make_working_tables(&sql).await;
    let mut prepared = 0;
    for (name, text) in files() {
        // Templates and fragments are filled in by the program; what they become runs below. What makes databases or
        // tables cannot be prepared.
        let whole = ["select ", "insert ", "update ", "delete ", "with "];
        if text.contains('{') || !whole.iter().any(|word| bare(&text).starts_with(word)) {
            continue;
        }
        if let Err(error) = sql.prepare(&text).await {
            let said = error.as_db_error().map_or_else(|| error.to_string(), |error| error.message().to_owned());
            panic!("{name} does not fit: {said}");
        }
        prepared += 1;
    }
    assert!(prepared > 15, "only {prepared} statements were found");
}

/// What the program makes for itself when it needs it, schemas first.
async fn make_working_tables(sql: &tokio_postgres::Client) {
    for kind in ["create schema ", "create table "] {
        for (name, text) in files() {
            if bare(&text).starts_with(kind) && !text.contains('{') {
                sql.batch_execute(&text).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            }
        }
    }
}

#[tokio::test]
async fn the_filled_templates_run_on_every_kind_of_entity() {
    use serde_json::json;
    use support::commands::{command, command_with, create_task, edit_task, id};
    let database = Database::fresh().await;
    // A small memory: what the first node remembers, a second has to load.
    let server = TestServer::start(&database);
    let account = Account::register(&server).await;
    let (skill, goal, milestone, task, child) = (id(), id(), id(), id(), id());
    account
        .commit(&[
            command_with("skill.create", skill, json!({ "name": "Reading" })),
            command_with("goal.create", goal, json!({ "title": "Ten books", "skill_id": skill })),
            command_with("milestone.create", milestone, json!({ "goal_id": goal, "title": "The first" })),
            create_task(task, "A chapter"),
        ])
        .await;
    let server = server.restart().await;
    let http = account.device_http(&server, "browser").await;
    let commands = [
        command_with(
            "task.create",
            child,
            json!({ "title": "A page", "parent_id": task, "goal_id": goal, "skill_id": skill }),
        ),
        edit_task(task, json!({ "category": "habit" })),
        command("task.complete", task),
        command("milestone.complete", milestone),
        command("goal.complete", goal),
        command("skill.delete", skill),
        command("task.delete", task),
        command("goal.delete", goal),
        command("goal.restore", goal),
    ];
    for command in commands {
        let sent = json!({ "transactions": [support::commands::transaction(std::slice::from_ref(&command))] });
        let receipt = http.write(&sent).await.receipts().remove(0);
        assert_eq!(receipt["status"], "committed", "{command}: {receipt}");
    }
    let mut replica = api::client::Replica::default();
    let page = http.get("/api/v2/changes?limit=1000").await.json();
    replica.apply(&serde_json::from_value(page).unwrap()).unwrap();
    support::tables::assert_equal(&database.connect().await, account.space(), &replica).await;
}
