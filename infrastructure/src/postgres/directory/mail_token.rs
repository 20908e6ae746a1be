//! Mailed tokens: kept when a mail is written, used up once, taken back, and swept when nobody came.

use application::fault::Fault;
use application::identity::{LetterKind, MailDigest, Purpose};
use deadpool_postgres::{Pool, Transaction};
use domain::id::AccountId;
use uuid::Uuid;

use super::{fault, row};

const TAKE_TOKEN: &str = include_str!("../sql/directory/take_token.sql");
const FORGET_TOKENS: &str = include_str!("../sql/directory/forget_tokens.sql");
const UNPOST: &str = include_str!("../sql/directory/unpost.sql");
const KEEP_TOKEN: &str = include_str!("../sql/directory/keep_token.sql");

/// Uses a token up; whose it was, if it was good.
pub(super) async fn take(
    tx: &Transaction<'_>,
    token: MailDigest,
    purpose: Purpose,
    now_ms: i64,
) -> Result<Option<AccountId>, Fault> {
    let statement = tx.prepare_cached(TAKE_TOKEN).await.map_err(failed)?;
    let taken = tx.query_opt(&statement, &[&token.0.as_slice(), &purpose.as_str(), &now_ms]).await.map_err(failed)?;
    taken.map(|row| row.try_get(0).map(AccountId)).transpose().map_err(|error| row::unreadable(&error))
}

/// Takes back the tokens of an account: of one purpose, or all.
pub(super) async fn forget(tx: &Transaction<'_>, account: AccountId, purpose: Option<Purpose>) -> Result<(), Fault> {
    let statement = tx.prepare_cached(FORGET_TOKENS).await.map_err(failed)?;
    tx.execute(&statement, &[&account.0, &purpose.map(Purpose::as_str)]).await.map(drop).map_err(failed)
}

/// Takes back the mails of a kind that have not left. One that is being written just now finds that it is not wanted.
pub(super) async fn unpost(tx: &Transaction<'_>, account: AccountId, kind: LetterKind) -> Result<(), Fault> {
    let statement = tx.prepare_cached(UNPOST).await.map_err(failed)?;
    tx.execute(&statement, &[&account.0, &kind.as_str()]).await.map(drop).map_err(failed)
}

/// Keeps what a mail is about to say, in the place of what mails before it said; `false`, and nothing kept, when the mail
/// was taken back. Committed when this returns.
pub(crate) async fn keep(
    pool: &Pool,
    token: MailDigest,
    (mail, account): (Uuid, AccountId),
    purpose: Purpose,
    now_ms: i64,
) -> Result<bool, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(KEEP_TOKEN).await.map_err(failed)?;
    let expires_at = now_ms + purpose.lifetime_ms();
    let kept = client
        .execute(&statement, &[&token.0.as_slice(), &account.0, &purpose.as_str(), &now_ms, &expires_at, &mail])
        .await
        .map_err(failed)?;
    Ok(kept > 0)
}

fn failed(error: tokio_postgres::Error) -> Fault {
    fault::of_statement("mail_token", &error)
}
