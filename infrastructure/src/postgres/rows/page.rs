//! Where a reader of a list goes on, as an opaque token: the last row's place in the order, bound to the query.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const CHECK_BYTES: usize = 4;

/// The last row of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Last {
    /// What the list is sorted by, as text; `None` is null, which comes last.
    pub(super) key: Option<String>,
    /// Decides between rows of the same key.
    pub(super) id: Uuid,
}

/// The token for what follows `last` in the query of this name.
pub(in super::super) fn token(query: &str, last: &impl Serialize) -> String {
    let mut bytes = serde_json::to_vec(last).unwrap_or_default();
    let check = check(query, &bytes);
    bytes.extend_from_slice(&check);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads a token; `None` if it is garbage or another query's.
pub(in super::super) fn read<T: DeserializeOwned>(query: &str, token: &str) -> Option<T> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
    let (body, sent_check) = bytes.split_at_checked(bytes.len().checked_sub(CHECK_BYTES)?)?;
    (sent_check == check(query, body)).then(|| serde_json::from_slice(body).ok()).flatten()
}

/// What ties a token to its query.
fn check(query: &str, body: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = Sha256::new().chain_update(query.len().to_be_bytes()).chain_update(query).chain_update(body).finalize();
    [hash[0], hash[1], hash[2], hash[3]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_in_its_own_query_only() {
        for key in [None, Some(""), Some("12"), Some("読書")] {
            let last = Last { key: key.map(str::to_owned), id: Uuid::from_u128(7) };
            let token = token("task sort=rank", &last);
            assert_eq!(read("task sort=rank", &token), Some(last));
            assert_eq!(read::<Last>("task sort=-rank", &token), None);
            assert_eq!(read::<Last>("task sort=rank", &token[1..]), None);
        }
        for garbage in ["", "A", "not base64 !", &"A".repeat(1_000)] {
            assert_eq!(read::<Last>("", garbage), None);
        }
    }
}
