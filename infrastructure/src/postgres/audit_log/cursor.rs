//! The place where a search goes on, as an opaque token that is bound to what was searched for.

use application::audit::{Cursor, Filter};

use super::super::rows::page;

/// The token of a place in this search.
pub fn token(filter: &Filter, cursor: &Cursor) -> String {
    page::token(&name(filter), cursor)
}

/// Reads a token; `None` if it is garbage or another search's.
pub fn read(filter: &Filter, token: &str) -> Option<Cursor> {
    page::read(&name(filter), token)
}

fn name(filter: &Filter) -> String {
    format!("audit {}", serde_json::to_string(filter).unwrap_or_default())
}
