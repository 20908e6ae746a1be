//! Bytes on the wire for one recorded life, in every form: the whole space by snapshot, then its last transactions as a
//! device hears them that is there when they happen.

use serde_json::Value;

use super::fetch::{FORMS, Reader, text};
use super::recorded;
use super::socket::{PROTOCOLS, Socket};
use crate::failure::Failure;
use crate::options::ReadingSizes;

/// Transactions in one request.
const BATCH: usize = 100;

/// What was counted.
#[derive(Clone, Debug)]
pub struct Bytes {
    /// Whose.
    pub name: &'static str,
    /// Rows of the snapshot.
    pub rows: usize,
    /// Bytes of its pages, by form.
    pub snapshot: [usize; FORMS.len()],
    /// Transactions that were heard live.
    pub transactions: usize,
    /// Bytes of the answers that told them, by form: one `GET /changes` each.
    pub polled: [usize; FORMS.len()],
    /// Bytes of the messages that told them, by subprotocol.
    pub live: [usize; PROTOCOLS.len()],
}

/// Writes the life and counts.
pub(super) async fn measure(name: &'static str, reader: &Reader, sizes: &ReadingSizes) -> Result<Bytes, Failure> {
    let transactions = recorded::transactions(name)?;
    let live = sizes.live.min(transactions.len() / 2);
    let (before, heard) = transactions.split_at(transactions.len() - live);
    for some in before.chunks(BATCH) {
        reader.write(some).await?;
    }
    let (mut rows, mut snapshot) = (0, [0; FORMS.len()]);
    let mut path = "/api/v2/snapshot".to_owned();
    loop {
        for (bytes, form) in snapshot.iter_mut().zip(FORMS) {
            *bytes += reader.bytes(&path, form).await?.len();
        }
        let page = reader.page(&path).await?.body;
        rows += page["items"].as_array().map_or(0, Vec::len);
        if page["next"].is_null() {
            break;
        }
        path = format!("/api/v2/snapshot?page={}", text(&page["next"])?);
    }
    let (polled, live_bytes) = listen(reader, heard).await?;
    Ok(Bytes { name, rows, snapshot, transactions: live, polled, live: live_bytes })
}

/// Writes one transaction after the other, each when all have heard the one before.
async fn listen(
    reader: &Reader,
    transactions: &[Value],
) -> Result<([usize; FORMS.len()], [usize; PROTOCOLS.len()]), Failure> {
    let mut cursor = reader.end().await?;
    let mut sockets = Vec::new();
    for protocol in PROTOCOLS {
        let mut socket = Socket::open(reader, protocol, &cursor).await?;
        // The answer to the subscription is not counted.
        socket.heard(cursor.as_bytes()).await?;
        sockets.push(socket);
    }
    let (mut polled, mut live) = ([0; FORMS.len()], [0; PROTOCOLS.len()]);
    for transaction in transactions {
        reader.write(std::slice::from_ref(transaction)).await?;
        let path = format!("/api/v2/changes?cursor={cursor}");
        for (bytes, form) in polled.iter_mut().zip(FORMS) {
            *bytes += reader.bytes(&path, form).await?.len();
        }
        let page = reader.page(&path).await?.body;
        cursor = text(&page["cursor"])?;
        if page["changes"].as_array().is_none_or(Vec::is_empty) {
            continue;
        }
        for (bytes, socket) in live.iter_mut().zip(&mut sockets) {
            *bytes += socket.heard(cursor.as_bytes()).await?;
        }
    }
    Ok((polled, live))
}
