//! Accounts as SQL for a database of the legacy system. Rows are given as JSON; the script looks in that database what
//! tables and columns there are, gives ids, and leaves out and tells what cannot be written.

use application::legacy_export::Outgoing;
use domain::id::AccountId;
use serde_json::{Value, json};

/// Rows in one statement.
const ROWS_MAX: usize = 200;

/// What it begins with; a transaction.
pub fn begin() -> String {
    let parts = [include_str!("begin.plpgsql"), include_str!("number.plpgsql"), include_str!("write.plpgsql")];
    parts.concat()
}

/// An account that is to be written, before its rows.
pub fn account(id: AccountId, user_id: &str, email: &str) -> String {
    let (user_id, email) = (literal(user_id), literal(email));
    format!("INSERT INTO levelup_accounts (account, user_id, email) VALUES ('{id}', {user_id}, {email});\n")
}

/// Rows of a table of an account.
pub fn rows(id: AccountId, table: &str, rows: &[Outgoing]) -> String {
    let table = literal(table);
    let insert = |rows: &[Outgoing]| {
        let rows: Vec<Value> = rows.iter().map(|one| json!([one.entity, held(one), one.links])).collect();
        let rows = literal(&Value::Array(rows).to_string());
        format!(
            "INSERT INTO levelup_rows (tbl, account, entity, content, links)\n\
             SELECT {table}, '{id}', (r.one ->> 0)::uuid, r.one -> 1, r.one -> 2\n\
             FROM jsonb_array_elements({rows}) WITH ORDINALITY AS r (one, place) ORDER BY r.place;\n"
        )
    };
    rows.chunks(ROWS_MAX).map(insert).collect()
}

/// Writes everything that was given.
pub fn write() -> &'static str {
    include_str!("end.plpgsql")
}

/// What could not be written as it is: table, row and a sentence.
pub fn said() -> &'static str {
    include_str!("said.plpgsql")
}

/// Keeps it.
pub const COMMIT: &str = "COMMIT;\n";

/// The columns with numbers that columns of the legacy system can hold: 32 bits.
fn held(one: &Outgoing) -> Value {
    let mut row = one.row.clone();
    for value in row.values_mut() {
        if let Some(number) = value.as_i64() {
            *value = number.clamp(i32::MIN.into(), i32::MAX.into()).into();
        }
    }
    Value::Object(row)
}

/// A text as SQL takes it. What PostgreSQL holds has no NUL.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn sql(row: Value) -> String {
        let Value::Object(row) = row else { panic!("no object") };
        rows(AccountId(Uuid::nil()), "tasks", &[Outgoing { row, ..Outgoing::default() }])
    }

    #[test]
    fn a_quote_ends_no_literal_and_no_number_is_too_large() {
        let quoted = sql(json!({ "title": "it's; --" }));
        assert!(quoted.contains(r#"{"title":"it''s; --"}"#), "{quoted}");
        let large = sql(json!({ "max_exp": 3_716_165_326_i64 }));
        assert!(large.contains(r#"{"max_exp":2147483647}"#), "{large}");
    }
}
