//! Rows as SQL for a legacy database. Rows are given as JSON, from which PostgreSQL takes the columns that a deployment
//! has. All of it is one transaction.

use serde_json::Value;

use super::Row;

/// Tables of an account, those that others refer to last, and how their rows say whose they are.
const TABLES: &[(&str, &str)] = &[
    ("pomodoro_sessions", "user_id IN ({users})"),
    ("daily_battle_reports", "user_id IN ({users})"),
    ("activity_logs", "user_id IN ({users})"),
    ("micro_tasks", "task_id IN (SELECT id FROM tasks WHERE user_id IN ({users}))"),
    ("tasks", "user_id IN ({users})"),
    ("milestones", "goal_id IN (SELECT id FROM goals WHERE user_id IN ({users}))"),
    ("goal_tasks", "goal_id IN (SELECT id FROM goals WHERE user_id IN ({users}))"),
    ("goals", "user_id IN ({users})"),
    ("skills", "user_id IN ({users})"),
    ("user_stats", "user_id IN ({users})"),
    ("user_profiles", "user_id IN ({users})"),
];
/// Rows in one statement.
const ROWS_MAX: usize = 200;

/// What the file begins with.
pub fn begin() -> String {
    "-- Accounts for a database of the legacy system. Run it there with psql -v ON_ERROR_STOP=1; it is one transaction.\n\
     BEGIN;\nSET LOCAL standard_conforming_strings = on;\nSET LOCAL TIME ZONE 'UTC';\n"
        .to_owned()
}

/// Takes away what the legacy database has of these users: what follows stands for it.
pub fn take_away(users: &[String]) -> String {
    let users: Vec<String> = users.iter().map(|user| literal(user)).collect();
    let users = users.join(", ");
    TABLES
        .iter()
        .map(|(table, whose)| format!("DELETE FROM {table} WHERE {};\n", whose.replace("{users}", &users)))
        .collect()
}

/// The rows of a table.
pub fn inserts(table: &str, rows: &[Row]) -> String {
    let conflict = match table {
        "users" => {
            " ON CONFLICT (id) DO UPDATE SET email = excluded.email, first_name = excluded.first_name, \
             last_name = excluded.last_name, profile_image_url = excluded.profile_image_url, \
             hashed_password = excluded.hashed_password, deletion_requested_at = excluded.deletion_requested_at, \
             deletion_scheduled_for = excluded.deletion_scheduled_for, updated_at = excluded.updated_at"
        }
        _ => "",
    };
    let insert = |rows: &[Row]| {
        let rows = Value::Array(rows.iter().cloned().map(held).map(Value::Object).collect());
        let rows = literal(&rows.to_string());
        format!("INSERT INTO {table} SELECT r.* FROM jsonb_populate_recordset(NULL::{table}, {rows}) AS r{conflict};\n")
    };
    rows.chunks(ROWS_MAX).map(insert).collect()
}

/// The same with numbers that columns of the legacy system can hold: 32 bits.
fn held(mut row: Row) -> Row {
    for value in row.values_mut() {
        if let Some(number) = value.as_i64() {
            *value = number.clamp(i32::MIN.into(), i32::MAX.into()).into();
        }
    }
    row
}

/// What the file ends with: new rows there go on above these.
pub fn end() -> String {
    let go_on = |table: &str| {
        format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest(max(id), 1)) FROM {table};\n")
    };
    let sequences: String = TABLES.iter().rev().map(|(table, _)| go_on(table)).collect();
    format!("{sequences}COMMIT;\n")
}

/// A text as SQL takes it. What PostgreSQL holds has no NUL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
