//! What every way of reading the feed shares: cursors as they are sent, pages as they are answered.

mod cbor;

use application::cursor::Cursor;
use application::feed::{Leap, Page, Reset};
use domain::checksum::hex;
use domain::limits::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::Format;
use crate::caller::Caller;
use crate::problem::{Code, Problem};

/// The caller's cursor, if one was sent.
///
/// # Errors
/// `cursor_invalid` for garbage, `cursor_foreign` for another space's.
pub fn cursor(caller: &Caller, token: Option<&str>) -> Result<Option<Cursor>, Problem> {
    let Some(token) = token.filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let cursor = Cursor::read(token).map_err(|_| {
        Problem::new(Code::CursorInvalid).detail("Send a cursor that this server gave, or none to start again.")
    })?;
    if cursor.space != caller.space {
        return Err(Problem::new(Code::CursorForeign).detail("Start again without a cursor."));
    }
    Ok(Some(cursor))
}

/// The number of rows of a page.
///
/// # Errors
/// `query_invalid` if it is out of range.
pub fn rows(limit: Option<usize>) -> Result<usize, Problem> {
    match limit {
        None => Ok(PAGE_ROWS_DEFAULT),
        Some(rows) if (1..=PAGE_ROWS_MAX).contains(&rows) => Ok(rows),
        Some(_) => {
            let detail = format!("limit is a number from 1 to {PAGE_ROWS_MAX}.");
            Err(Problem::new(Code::QueryInvalid).detail(detail).with("parameter", "limit"))
        }
    }
}

/// A page in its wire form. `kind`: the type of a live connection's message.
///
/// A change was encoded once, for all readers; the page is put together from those texts or bytes.
///
/// # Errors
/// The page could not be encoded: a bug.
pub fn encoded(page: &Page, format: Format, kind: Option<&str>) -> Result<Vec<u8>, Problem> {
    let mut rest = json!({
        "cursor": page.cursor.token(),
        "head": page.head,
        "pending": page.pending,
        "caught_up": page.is_caught_up(),
    });
    if let Some(checksum) = page.checksum {
        rest["checksum"] = Value::from(hex(checksum));
    }
    if let Some((part, of)) = page.part {
        rest["part"] = Value::from(part);
        rest["of"] = Value::from(of);
    }
    if let Some(kind) = kind {
        rest["type"] = Value::from(kind);
        rest["space"] = Value::from(page.cursor.space.to_string());
    }
    if format == Format::Cbor {
        return cbor::page(page, &rest);
    }
    let rest = rest.to_string();
    let mut text = String::with_capacity(
        rest.len() + page.changes.iter().map(|change| change.json().len() + 1).sum::<usize>() + 16,
    );
    text.push_str("{\"changes\":[");
    for (index, change) in page.changes.iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(change.json());
    }
    text.push_str("],");
    text.push_str(rest.strip_prefix('{').unwrap_or(&rest));
    Ok(text.into_bytes())
}

/// The answer to a reader that has to start again. Where to go on: a snapshot.
pub fn reset(reset: &Reset, kind: Option<&str>) -> Value {
    let mut body = json!({
        "reset": true,
        "reason": reset.reason.name(),
        "resend_after": reset.resend_after,
        "base": reset.base.map(|base| base.token()),
        "changes": [],
        "head": reset.head,
        "caught_up": false,
        "snapshot": "/api/v2/snapshot",
    });
    if let Some(kind) = kind {
        body["type"] = Value::from(kind);
    }
    body
}

/// Whether a reader takes a snapshot when that is shorter than what remains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SnapshotWish {
    /// It does.
    #[default]
    Auto,
    /// It wants every change that is still served.
    Never,
}

impl From<SnapshotWish> for Leap {
    fn from(wish: SnapshotWish) -> Self {
        match wish {
            SnapshotWish::Auto => Self::Allowed,
            SnapshotWish::Never => Self::Never,
        }
    }
}
