//! Mail that a stranger can make an account get: seldom enough to be no nuisance, and in a way that tells nothing.

use application::fault::Fault;
use application::identity::limits::{ASKED_LETTERS_MAX, ASKED_LETTERS_MS};
use application::identity::{Act, Email, LetterKind, MailAsked, Place};
use deadpool_postgres::{Pool, Transaction};
use domain::id::AccountId;
use serde_json::json;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{fault, row};
use crate::clock;

const ACCOUNT_OF_ADDRESS: &str = include_str!("../sql/directory/account_of_address.sql");
const ASK: &str = include_str!("../sql/directory/ask.sql");

/// The mail that lets its reader set a new password.
pub(super) async fn reset(pool: &Pool, asked: &MailAsked) -> Result<(), Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let account = account_of(&tx, &asked.email).await?.map(|(account, _)| account);
    letter(&tx, account, Act::PasswordResetAsked, LetterKind::PasswordReset, &asked.place, asked.now_ms).await?;
    tx.commit().await.map_err(failed)
}

/// The mail that lets its reader prove the address, unless that is done.
pub(super) async fn verification(pool: &Pool, asked: &MailAsked) -> Result<(), Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let found = account_of(&tx, &asked.email).await?;
    let account = found.filter(|(_, verified)| !verified).map(|(account, _)| account);
    letter(&tx, account, Act::VerificationAsked, LetterKind::EmailVerification, &asked.place, asked.now_ms).await?;
    tx.commit().await.map_err(failed)
}

/// Whose the address is and whether it is proven, locked until the transaction ends.
pub(super) async fn account_of(tx: &Transaction<'_>, email: &Email) -> Result<Option<(AccountId, bool)>, Fault> {
    let statement = tx.prepare_cached(ACCOUNT_OF_ADDRESS).await.map_err(failed)?;
    let found = tx.query_opt(&statement, &[&email.as_str()]).await.map_err(failed)?;
    let read = |row: tokio_postgres::Row| Ok((AccountId(row.try_get("account_id")?), row.try_get("verified")?));
    found.map(read).transpose().map_err(|error| row::unreadable(&error))
}

/// Posts and logs, unless there were enough of these. To nobody it runs the same statement, so that it takes as long.
pub(super) async fn letter(
    tx: &Transaction<'_>,
    account: Option<AccountId>,
    act: Act,
    kind: LetterKind,
    place: &Place,
    now_ms: i64,
) -> Result<(), Fault> {
    let statement = tx.prepare_cached(ASK).await.map_err(failed)?;
    let about = Json(json!({ "network": place.network }));
    tx.execute(
        &statement,
        &[
            &account.map(|account| account.0),
            &first_id_at(now_ms - ASKED_LETTERS_MS),
            &act.as_str(),
            &ASKED_LETTERS_MAX,
            &clock::uuid_v7(),
            &now_ms,
            &place.network,
            &clock::uuid_v7(),
            &kind.as_str(),
            &about,
        ],
    )
    .await
    .map(drop)
    .map_err(failed)
}

/// The smallest time-ordered id of a moment: entries are found by their ids, so that those before are not read.
fn first_id_at(ms: i64) -> Uuid {
    Uuid::from_u128(u128::from(ms.max(0).unsigned_abs()) << 80)
}

fn failed(error: tokio_postgres::Error) -> Fault {
    fault::of_statement("ask", &error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_after_a_moment_are_above_its_first_id() {
        let now = clock::now_ms();
        assert!(first_id_at(now) <= clock::uuid_v7());
        assert!(first_id_at(now + 60_000) > clock::uuid_v7());
    }
}
