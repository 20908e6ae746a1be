//! The mails that are to be sent, as the worker sees them: taken for a while, then dropped or put off.

use application::fault::Fault;
use application::identity::LetterKind;
use deadpool_postgres::Pool;
use domain::id::AccountId;
use serde_json::Value;
use tokio_postgres::Row;
use tokio_postgres::types::Json;
use uuid::Uuid;

use super::{fault, row};

const LEASE_MAILS: &str = include_str!("../sql/directory/lease_mails.sql");
const DROP_MAIL: &str = include_str!("../sql/directory/drop_mail.sql");
const PUT_OFF_MAIL: &str = include_str!("../sql/directory/put_off_mail.sql");
const MAILS_WAITING: &str = include_str!("../sql/directory/mails_waiting.sql");

/// A mail that is this node's to send, for a while.
pub(crate) struct Leased {
    /// Which.
    pub(crate) mail: Uuid,
    /// To whom.
    pub(crate) account: AccountId,
    /// The address. Not for logs.
    pub(crate) email: String,
    /// The account's time zone.
    pub(crate) time_zone: String,
    /// Whether the address is proven.
    pub(crate) verified: bool,
    /// What about; `None` when a newer program asked for it.
    pub(crate) kind: Option<LetterKind>,
    /// What it says besides.
    pub(crate) about: Value,
    /// When it was asked for, ms.
    pub(crate) created_at: i64,
    /// How often it was tried, this time included.
    pub(crate) attempts: i64,
}

/// Takes at most `count` mails that are due; until `until` nobody else sees them.
pub(crate) async fn lease(pool: &Pool, now_ms: i64, until: i64, count: i64) -> Result<Vec<Leased>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(LEASE_MAILS).await.map_err(failed)?;
    let rows = client.query(&statement, &[&now_ms, &until, &count]).await.map_err(failed)?;
    rows.iter().map(|row| read(row).map_err(|error| row::unreadable(&error))).collect()
}

/// The mail is done with.
pub(crate) async fn drop_mail(pool: &Pool, mail: Uuid) -> Result<(), Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(DROP_MAIL).await.map_err(failed)?;
    client.execute(&statement, &[&mail]).await.map(drop).map_err(failed)
}

/// The mail is due again at a later moment, unless another node has taken it since.
pub(crate) async fn put_off(pool: &Pool, mail: Uuid, attempts: i64, due_at: i64) -> Result<(), Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(PUT_OFF_MAIL).await.map_err(failed)?;
    client.execute(&statement, &[&mail, &attempts, &due_at]).await.map(drop).map_err(failed)
}

/// How many mails are not sent yet.
pub(crate) async fn waiting(pool: &Pool) -> Result<i64, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(MAILS_WAITING).await.map_err(failed)?;
    let found = client.query_one(&statement, &[]).await.map_err(failed)?;
    found.try_get("waiting").map_err(|error| row::unreadable(&error))
}

fn read(row: &Row) -> Result<Leased, tokio_postgres::Error> {
    let Json(about) = row.try_get("about")?;
    Ok(Leased {
        mail: row.try_get("mail_id")?,
        account: AccountId(row.try_get("account_id")?),
        email: row.try_get("email")?,
        time_zone: row.try_get("time_zone")?,
        verified: row.try_get("verified")?,
        kind: LetterKind::from_name(row.try_get("kind")?),
        about,
        created_at: row.try_get("created_at")?,
        attempts: row.try_get("attempts")?,
    })
}

fn failed(error: tokio_postgres::Error) -> Fault {
    fault::of_statement("outbox", &error)
}
