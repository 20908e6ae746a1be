//! Accounts as SQL for a database of the legacy system. Rows are given as JSON; the script looks in that database what
//! tables and columns there are, gives ids, and leaves out and tells what cannot be written.

use application::legacy_export::{ExportedAccount, Outgoing};
use domain::id::AccountId;
use serde_json::{Value, json};

/// Rows in one statement.
const ROWS_MAX: usize = 200;

/// What it begins with; a transaction.
pub fn begin() -> String {
    [
        include_str!("begin.plpgsql"),
        include_str!("number.plpgsql"),
        include_str!("write.plpgsql"),
        include_str!("note.plpgsql"),
    ]
    .concat()
}

/// An account that is to be written, before its rows.
pub fn account(id: AccountId, account: &ExportedAccount) -> String {
    let (user_id, email) = (literal(&account.user_id), literal(account.email()));
    let wrote = literal(&json!(account.wrote).to_string());
    format!(
        "INSERT INTO levelup_accounts (account, user_id, email, wrote) VALUES ('{id}', {user_id}, {email}, {wrote});\n"
    )
}

/// Takes an account out again that was given.
pub fn without(id: AccountId) -> String {
    format!(
        "DELETE FROM levelup_rows WHERE account = '{id}';\n\
         DELETE FROM levelup_accounts WHERE account = '{id}';\n"
    )
}

/// Rows of a table of an account.
pub fn rows(id: AccountId, table: &str, rows: &[Outgoing]) -> String {
    let table = literal(table);
    let insert = |rows: &[Outgoing]| {
        let rows: Vec<Value> = rows.iter().map(|one| json!([one.entity, one.row, one.links])).collect();
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
    fn a_quote_ends_no_literal() {
        let quoted = sql(json!({ "title": "it's; --" }));
        assert!(quoted.contains(r#"{"title":"it''s; --"}"#), "{quoted}");
    }
}
