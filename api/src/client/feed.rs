//! Reading by request: pages of the log, and whole snapshots.

use uuid::Uuid;

use super::error::ClientError;
use super::replica::Replica;
use super::session::Session;
use super::wire::{ChangesPage, ListPage, Reset, SnapshotPage};

/// What comes after a cursor.
#[derive(Clone, Debug)]
pub enum Next {
    /// A stretch of the log.
    Changes(ChangesPage),
    /// Start again from a snapshot.
    Reset(Reset),
}

/// The log after `cursor` (from its beginning without one), at most `limit` changes, waiting up to `wait_s` for some. Every
/// change, however many remain.
pub async fn changes(
    session: &Session,
    cursor: Option<&str>,
    limit: u32,
    wait_s: u32,
) -> Result<ChangesPage, ClientError> {
    match read(session, &format!("limit={limit}&wait={wait_s}&snapshot=never"), cursor).await? {
        Next::Changes(page) => Ok(page),
        Next::Reset(reset) => {
            let why = format!("it asks to begin again ({})", reset.reason);
            Err(ClientError::Unreadable { asked: "GET /api/v2/changes".into(), why })
        }
    }
}

/// What a replica that stands at `cursor` gets next: at most `limit` changes, or the word to start again.
pub async fn next(session: &Session, cursor: Option<&str>, limit: u32, wait_s: u32) -> Result<Next, ClientError> {
    read(session, &format!("limit={limit}&wait={wait_s}"), cursor).await
}

async fn read(session: &Session, query: &str, cursor: Option<&str>) -> Result<Next, ClientError> {
    let mut path = format!("/api/v2/changes?{query}");
    if let Some(cursor) = cursor {
        path.push_str("&cursor=");
        path.push_str(&query_value(cursor));
    }
    let answer: serde_json::Value = session.get(&path).await?;
    let unreadable = |error: serde_json::Error| ClientError::Unreadable {
        asked: "GET /api/v2/changes".into(),
        why: error.to_string(),
    };
    if answer["reset"] == true {
        return serde_json::from_value(answer).map(Next::Reset).map_err(unreadable);
    }
    serde_json::from_value(answer).map(Next::Changes).map_err(unreadable)
}

/// A replica of the space as it is now, checked against the server's checksum.
pub async fn snapshot(session: &Session) -> Result<Replica, ClientError> {
    let mut replica = Replica::default();
    let mut page: SnapshotPage = session.get("/api/v2/snapshot").await?;
    loop {
        let next = page.next.clone();
        replica.apply_snapshot(page)?;
        match next {
            Some(token) => page = session.get(&format!("/api/v2/snapshot?page={}", query_value(&token))).await?,
            None => return Ok(replica),
        }
    }
}

/// All live rows of the list `name`, such as `tasks`, and the id of each.
pub async fn list(
    session: &Session,
    name: &str,
) -> Result<Vec<(Uuid, serde_json::Map<String, serde_json::Value>)>, ClientError> {
    let mut rows = Vec::new();
    let mut path = format!("/api/v2/{name}?limit=200");
    loop {
        let page: ListPage = session.get(&path).await?;
        for item in page.items {
            let id = item.get("id").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
            let missing = || ClientError::Unreadable { asked: format!("GET {path}"), why: "a row has no id".into() };
            rows.push((id.ok_or_else(missing)?, item));
        }
        match page.next {
            Some(token) => path = format!("/api/v2/{name}?limit=200&page={}", query_value(&token)),
            None => return Ok(rows),
        }
    }
}

/// Cursors and page tokens are opaque: they may hold characters that mean something in a query.
fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_token_survives_a_query() {
        assert_eq!(super::query_value("a-b_c.d~/+=é"), "a-b_c.d~%2F%2B%3D%C3%A9");
    }
}
