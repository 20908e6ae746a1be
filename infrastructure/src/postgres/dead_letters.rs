//! Refused transactions of every space that nobody has acknowledged, as admins look for them. What was sent is kept with each,
//! whole, until one of the account's devices acknowledges it or the account is erased.

use application::fault::Fault;
use deadpool_postgres::Pool;
use domain::id::{DeviceId, SpaceId, TransactionId};
use serde_json::Value;
use tokio_postgres::Row;
use uuid::Uuid;

use super::rejections::{self, Stretch, limit, page, query};

/// So many are counted at most.
pub const COUNTED_MAX: i64 = 10_000;

/// Which of them.
#[derive(Clone, Debug)]
pub struct Sought {
    /// Of one account.
    pub account: Option<Uuid>,
    /// Refused for this.
    pub code: Option<String>,
    /// Refused at or after this, Unix ms.
    pub from: i64,
    /// Refused before this, Unix ms.
    pub to: i64,
}

/// The last of a page: when it was refused, of which space, which it was.
pub type Behind = (i64, Uuid, Uuid);

/// A refused transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Letter {
    /// Whose.
    pub space: SpaceId,
    /// Which.
    pub transaction: TransactionId,
    /// The device that sent it.
    pub device: DeviceId,
    /// When it was refused, Unix ms.
    pub at: i64,
    /// Why, by its stable code.
    pub code: Option<String>,
    /// Bytes of what was sent.
    pub bytes: i32,
    /// What was sent and what the receipt said; of one account only.
    pub whole: Option<Whole>,
}

/// All that is kept of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// Why, as the receipt said.
    pub problem: Value,
    /// Its commands as they were sent.
    pub commands: Value,
}

/// The dead letters of every space.
#[derive(Clone, Debug)]
pub struct PostgresDeadLetters {
    pool: Pool,
}

impl PostgresDeadLetters {
    /// Reads over connections of `pool`.
    pub fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// At most `rows`, the newest first, and whether there are more. Of one account they come whole, and then no more of them than
    /// have [`PAGE_BYTES_MAX`](domain::limits::PAGE_BYTES_MAX) bytes, but one in any case.
    ///
    /// # Errors
    /// They could not be read.
    pub async fn list(
        &self,
        sought: &Sought,
        behind: Option<Behind>,
        rows: usize,
    ) -> Result<(Vec<Letter>, bool), Fault> {
        match sought.account {
            Some(account) => self.of_account(SpaceId(account), sought, behind, rows).await,
            None => self.everywhere(sought, behind, rows).await,
        }
    }

    async fn of_account(
        &self,
        space: SpaceId,
        sought: &Sought,
        behind: Option<Behind>,
        rows: usize,
    ) -> Result<(Vec<Letter>, bool), Fault> {
        let behind = behind.map(|(at, _, id)| rejections::Behind { at, transaction: TransactionId(id) });
        let stretch = Stretch { behind, code: sought.code.as_deref(), from: sought.from, to: sought.to };
        let (found, more) = page(&self.pool, space, &stretch, rows).await?;
        Ok((found.iter().map(|row| Letter { whole: Some(whole(row)), ..letter(space, row) }).collect(), more))
    }

    async fn everywhere(
        &self,
        sought: &Sought,
        behind: Option<Behind>,
        rows: usize,
    ) -> Result<(Vec<Letter>, bool), Fault> {
        let (at, space, transaction) = behind.unwrap_or((i64::MAX, Uuid::max(), Uuid::max()));
        let Sought { code, from, to, .. } = sought;
        let which = if code.is_some() { "code = $1::text" } else { "$1::text IS NULL" };
        let sql = include_str!("sql/rejections/everywhere.sql").replace("{code}", which);
        let one_more = limit(rows.saturating_add(1));
        let found = query(&self.pool, &sql, &[code, from, to, &at, &space, &transaction, &one_more]).await?;
        let letters = found.iter().take(rows).map(|row| letter(SpaceId(row.get("space_id")), row)).collect();
        Ok((letters, found.len() > rows))
    }

    /// How many of them were refused for what; of the newest [`COUNTED_MAX`].
    ///
    /// # Errors
    /// They could not be counted.
    pub async fn counts(&self, sought: &Sought) -> Result<Vec<(Option<String>, i64)>, Fault> {
        let sql = filled(include_str!("sql/rejections/counts.sql"), sought);
        let Sought { account, code, from, to } = sought;
        let found = query(&self.pool, &sql, &[account, code, from, to, &COUNTED_MAX]).await?;
        Ok(found.iter().map(|row| (row.get("code"), row.get("letters"))).collect())
    }
}

/// One text for each combination, so that each is planned for the index that fits it.
fn filled(template: &str, sought: &Sought) -> String {
    let account = if sought.account.is_some() { "space_id = $1::uuid" } else { "$1::uuid IS NULL" };
    let code = if sought.code.is_some() { "code = $2::text" } else { "$2::text IS NULL" };
    template.replace("{account}", account).replace("{code}", code)
}

fn letter(space: SpaceId, row: &Row) -> Letter {
    Letter {
        space,
        transaction: TransactionId(row.get("transaction_id")),
        device: DeviceId(row.get("device_id")),
        at: row.get("decided_at"),
        code: row.get("code"),
        bytes: row.get("bytes"),
        whole: None,
    }
}

fn whole(row: &Row) -> Whole {
    // What was written by another program is shown as it lies there.
    let document = |name: &str| {
        let text: &str = row.get(name);
        serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
    };
    let mut sent = document("sent");
    let commands = if sent.is_object() { sent["commands"].take() } else { sent };
    Whole { problem: document("problem"), commands }
}
