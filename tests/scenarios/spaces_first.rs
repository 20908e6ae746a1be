//! The space leads: every key of a table of a space, and every condition on one. What does not is listed here, with its reason. And
//! where each table goes when the database is spread by space.

use std::collections::{BTreeMap, BTreeSet};

use infrastructure::postgres::distribution::tables::{AT_THE_FRONT, BY_SPACE, EVERYWHERE};
use support::Database;

use crate::statements::{bare, files};

/// Statements on tables of spaces whose conditions another column leads, and why.
const LED_BY_OTHERS: &[(&str, &str)] = &[
    ("postgres/sql/audit_log/holders.sql", "asks which spaces hold an id, each by one descent of an index"),
    ("postgres/sql/audit_log/outdated.sql", "looks for spaces"),
    ("postgres/sql/audit_log/pending.sql", "looks for spaces"),
    ("postgres/sql/backup/has_rows.sql", "is anything there at all?"),
    ("postgres/sql/backup/is_empty.sql", "is anything there at all?"),
    ("postgres/sql/backup/restore_begin.sql", "is anything there at all?"),
    ("postgres/sql/backup/rows_after.sql", "tables of nobody, by their keys"),
    ("postgres/sql/backup/rows_first.sql", "tables of nobody, by their keys"),
    ("postgres/sql/erasure/delete_rows.sql", "the owner is the space or the account"),
    ("postgres/sql/erasure/owners.sql", "the owner is the space or the account"),
    ("postgres/sql/folds/want.sql", "is anything there at all?"),
    ("postgres/sql/log_copy/adopt_epoch.sql", "is anything there at all?"),
    ("postgres/sql/log_copy/unfinished.sql", "looks for spaces"),
    ("postgres/sql/rebuild/begin.sql", "counts the events of all spaces"),
    ("postgres/sql/rebuild/totals.sql", "counts the events of all spaces, or of one"),
    ("postgres/sql/rejections/counts.sql", "staff read the refused of all spaces, or of one"),
    ("postgres/sql/rejections/everywhere.sql", "staff read the refused of all spaces"),
    ("postgres/sql/verify/counts.sql", "staff read the findings of all spaces"),
    ("postgres/sql/verify/forget_code.sql", "the walk over all spaces begins anew with one kind of finding"),
    ("postgres/sql/verify/second_reader/copy.sql", "a table of one space, without the column"),
];

/// Indexes on tables with a space that another column leads, and why.
const INDEXES_LED_BY_OTHERS: &[(&str, &str)] = &[
    ("audit_log_device", "staff search in all spaces"),
    ("audit_log_entity", "staff search in all spaces"),
    ("audit_log_session", "staff search in all spaces"),
    ("audit_log_time", "staff search in all spaces"),
    ("audit_log_transaction", "staff search in all spaces"),
    ("checkpoints_fold", "finds the spaces that another version of the fold has read"),
    ("rebuild_differences_pkey", "of a rebuild before it is of a space"),
    ("rebuild_spaces_pkey", "of a rebuild before it is of a space"),
    ("rebuilds_open", "one rebuild at a time"),
    ("rebuilds_pkey", "a rebuild may be of all spaces"),
    ("redactions_revision", "numbered among all spaces"),
    ("rejections_code", "staff read the refused of all spaces"),
    ("rejections_everywhere", "staff read the refused of all spaces"),
    ("verify_findings_code", "staff read the findings of all spaces"),
    ("verify_findings_run", "of a run before it is of a space"),
    ("verify_runs_newest", "a run may be of all spaces"),
    ("verify_runs_pkey", "a run may be of all spaces"),
    ("verify_runs_under_way", "one run of all spaces at a time"),
];

/// A statement as words, signs of punctuation alone.
fn words(text: &str) -> Vec<String> {
    let spaced: String = bare(text)
        .chars()
        .flat_map(|sign| if "(),;".contains(sign) { vec![' ', sign, ' '] } else { vec![sign] })
        .collect();
    spaced.split_whitespace().map(str::to_owned).collect()
}

/// Where the condition on a table begins that is named before `at`: behind the ON of a join, else behind the WHERE.
fn condition(words: &[String], at: usize, is_join: bool) -> Option<usize> {
    let mut depth = 0;
    for (index, word) in words.iter().enumerate().skip(at) {
        match word.as_str() {
            "(" => depth += 1,
            ")" if depth == 0 => return None,
            ")" => depth -= 1,
            "on" if is_join && depth == 0 => return Some(index + 1),
            "where" if !is_join && depth == 0 => return Some(index + 1),
            "union" | "order" | "group" | "limit" | "returning" if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

/// Whether the space leads at this naming of a table of spaces.
fn space_leads(words: &[String], at: usize) -> bool {
    let (how, table) = (words[at].as_str(), words[at + 1].as_str());
    let word = |index: usize| words.get(index).map(String::as_str).unwrap_or_default();
    if how == "into" {
        let columns = (at..words.len()).find(|index| word(*index) == "(").unwrap_or(at);
        return ["space_id", "{columns}"].contains(&word(columns + 1));
    }
    let alias = at + 2 + usize::from(word(at + 2) == "as");
    let Some(mut first) = condition(words, alias, how == "join") else { return false };
    while word(first) == "(" {
        first += 1;
    }
    let named = ["space_id".to_owned(), format!("{}.space_id", word(alias)), format!("{table}.space_id")];
    [word(first), word(first + 2)].iter().any(|word| named.iter().any(|name| name == word))
}

fn is_led_by_others(text: &str) -> bool {
    let words = words(text);
    let of_spaces = |table: &str| BY_SPACE.contains(&table) || table == "{table}";
    let named = (0..words.len().saturating_sub(1))
        .filter(|at| ["from", "join", "update", "into"].contains(&words[*at].as_str()) && of_spaces(&words[*at + 1]));
    named.into_iter().any(|at| !space_leads(&words, at))
}

#[test]
fn the_space_leads_every_condition_on_a_table_of_spaces() {
    let ours = files().into_iter().filter(|(name, _)| !name.starts_with("legacy_source/"));
    let found: BTreeSet<String> = ours.filter(|(_, text)| is_led_by_others(text)).map(|(name, _)| name).collect();
    let listed: BTreeSet<String> = LED_BY_OTHERS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, listed, "put space_id first, or list the statement with its reason; take out what is led by now");
}

#[test]
fn a_condition_that_something_else_leads_is_seen() {
    let led = [
        "select a from events e where e.space_id = $1 and e.position > 2",
        "select a from unnest($1) as w (space_id) join heads h on h.space_id = w.space_id",
        "update heads h set a = 1 from x where (h.space_id = x.space_id and a)",
        "insert into receipts as r (space_id, a) select $1, $2",
        "delete from days where space_id = $1 and day in (select day from days where space_id = $1)",
    ];
    let not_led = [
        "select a from events where position > 2 and space_id = $1",
        "select a from events",
        "select a from unnest($1) as w (id) join tasks t on t.id = w.id and t.space_id = $2 where t.space_id = $2",
        "update heads set a = 1",
        "insert into receipts (transaction_id, space_id) select $1, $2",
        "delete from days where space_id = $1 and day in (select day from days where day > $2)",
    ];
    led.iter().for_each(|sql| assert!(!is_led_by_others(sql), "{sql}"));
    not_led.iter().for_each(|sql| assert!(is_led_by_others(sql), "{sql}"));
}

#[tokio::test]
async fn the_space_leads_every_index_of_a_table_of_spaces() {
    let database = Database::fresh().await;
    let statement = "SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid, 1, true) AS first
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'public'::regnamespace
        WHERE EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'space_id')";
    let rows = database.connect().await.query(statement, &[]).await.unwrap();
    assert!(rows.len() > 40, "the catalog was not read");
    let led_by_others = rows.iter().filter(|row| row.get::<_, &str>("first") != "space_id");
    let found: BTreeSet<&str> = led_by_others.map(|row| row.get("name")).collect();
    let listed: BTreeSet<&str> = INDEXES_LED_BY_OTHERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(found, listed, "put space_id first, or list the index with its reason; take out what is gone");
}

/// Every table, its columns of the primary key or of another unique index first.
async fn keys(database: &Database) -> BTreeMap<String, Vec<String>> {
    let statement = "SELECT c.relname::text AS name,
            array(SELECT pg_get_indexdef(i.indexrelid, 1, true) FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique) AS first
        FROM pg_class c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')";
    let rows = database.connect().await.query(statement, &[]).await.unwrap();
    rows.iter().map(|row| (row.get("name"), row.get("first"))).collect()
}

#[tokio::test]
async fn every_table_has_one_place_when_the_database_is_spread() {
    let database = Database::fresh().await;
    let keys = keys(&database).await;
    let others = EVERYWHERE.iter().chain(AT_THE_FRONT).map(|(name, reason)| {
        assert!(!reason.is_empty(), "{name} has no reason");
        *name
    });
    let mut listed: Vec<&str> = BY_SPACE.iter().copied().chain(others).collect();
    listed.sort_unstable();
    assert_eq!(listed, keys.keys().map(String::as_str).collect::<Vec<_>>(), "a table has one place");
    for table in BY_SPACE {
        assert!(keys[*table].iter().all(|first| first == "space_id"), "{table} is cut by space, but its keys are not");
    }
}
