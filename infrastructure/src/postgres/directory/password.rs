//! New passwords: by the token of a mail, or by who knew the one before.

use application::fault::Fault;
use application::identity::{
    Act, Actor, Entry, Letter, LetterKind, MailDigest, PasswordByMail, PasswordByOwner, Place, Purpose, Which,
};
use deadpool_postgres::{GenericClient, Pool, Transaction};
use domain::id::{AccountId, SessionId};
use domain::session::Because;
use serde_json::json;

use super::{fault, mail_token, post, record, revoke, row};

const MAY_RESET: &str = include_str!("../sql/directory/may_reset.sql");
const SET_PASSWORD: &str = include_str!("../sql/directory/set_password.sql");
const CHANGE_PASSWORD: &str = include_str!("../sql/directory/change_password.sql");
const STORED_PASSWORD: &str = include_str!("../sql/directory/stored_password.sql");

/// Whose password the token would be good to set.
pub(super) async fn may_reset(pool: &Pool, token: MailDigest, now_ms: i64) -> Result<Option<AccountId>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    whose(&client, token, now_ms).await
}

async fn whose(client: &impl GenericClient, token: MailDigest, now_ms: i64) -> Result<Option<AccountId>, Fault> {
    let statement = client.prepare_cached(MAY_RESET).await.map_err(failed)?;
    let found = client.query_opt(&statement, &[&token.0.as_slice(), &now_ms]).await.map_err(failed)?;
    found.map(|row| row.try_get("account_id").map(AccountId)).transpose().map_err(|error| row::unreadable(&error))
}

/// Uses the token up and sets the password; `None` when the token is not good.
pub(super) async fn reset(pool: &Pool, reset: PasswordByMail) -> Result<Option<Vec<SessionId>>, Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    // Mails before tokens, as whoever writes a mail takes them.
    if let Some(account) = whose(&tx, reset.token, reset.now_ms).await? {
        mail_token::unpost(&tx, account, LetterKind::PasswordReset).await?;
    }
    let Some(account) = mail_token::take(&tx, reset.token, Purpose::PasswordReset, reset.now_ms).await? else {
        return Ok(None);
    };
    let statement = tx.prepare_cached(SET_PASSWORD).await.map_err(failed)?;
    tx.execute(&statement, &[&account.0, &reset.password_hash, &reset.now_ms]).await.map_err(failed)?;
    mail_token::forget(&tx, account, None).await?;
    let told = Told { account, session: None, place: reset.place, now_ms: reset.now_ms };
    let entry = told.entry(Act::PasswordReset);
    let ended = end_and_tell(&tx, Which::All, entry, told).await?;
    tx.commit().await.map_err(failed)?;
    Ok(Some(ended))
}

/// The stored hash.
pub(super) async fn stored(pool: &Pool, account: AccountId) -> Result<Option<String>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(STORED_PASSWORD).await.map_err(failed)?;
    let found = client.query_opt(&statement, &[&account.0]).await.map_err(failed)?;
    found.map(|found| found.try_get("password_hash")).transpose().map_err(|error| row::unreadable(&error))
}

/// Sets the password in the place of the one that was checked; `None` when that one is gone.
pub(super) async fn change(pool: &Pool, change: PasswordByOwner) -> Result<Option<Vec<SessionId>>, Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let statement = tx.prepare_cached(CHANGE_PASSWORD).await.map_err(failed)?;
    let PasswordByOwner { account, session, checked, password_hash, place, now_ms } = change;
    if tx.execute(&statement, &[&account.0, &checked, &password_hash]).await.map_err(failed)? == 0 {
        return Ok(None);
    }
    take_back(&tx, account).await?;
    let told = Told { account, session: Some(session), place, now_ms };
    let entry = told.entry(Act::PasswordChanged);
    let ended = end_and_tell(&tx, Which::AllBut(session), entry, told).await?;
    tx.commit().await.map_err(failed)?;
    Ok(Some(ended))
}

/// What follows when a password was changed elsewhere and its hash has just come from there: as after any other change, no
/// session goes on that the old one opened, and no mail leads to another.
pub(crate) async fn changed_elsewhere(tx: &Transaction<'_>, account: AccountId, now_ms: i64) -> Result<(), Fault> {
    take_back(tx, account).await?;
    let told = Told { account, session: None, place: Place::default(), now_ms };
    let entry =
        Entry { actor: Actor::Operator, about: json!({ "imported": "legacy" }), ..told.entry(Act::PasswordChanged) };
    end_and_tell(tx, Which::All, entry, told).await.map(drop)
}

/// Takes back the mails that let their readers set a password.
async fn take_back(tx: &Transaction<'_>, account: AccountId) -> Result<(), Fault> {
    mail_token::unpost(tx, account, LetterKind::PasswordReset).await?;
    mail_token::forget(tx, account, Some(Purpose::PasswordReset)).await
}

/// Whom it happened to, when and from where.
struct Told {
    account: AccountId,
    session: Option<SessionId>,
    place: Place,
    now_ms: i64,
}

impl Told {
    fn entry(&self, act: Act) -> Entry {
        let entry = Entry::by_oneself(self.account, act, self.place.clone(), self.now_ms);
        Entry { session: self.session, about: json!({}), ..entry }
    }
}

/// Ends sessions, and says in the log and in a mail what happened.
async fn end_and_tell(
    tx: &Transaction<'_>,
    which: Which,
    mut entry: Entry,
    told: Told,
) -> Result<Vec<SessionId>, Fault> {
    let Told { account, place, now_ms, .. } = told;
    let ended = revoke::revoke(tx, account, which, Because::PasswordChanged, now_ms).await?;
    let about = json!({ "network": place.network });
    entry.about["sessions_ended"] = ended.len().into();
    record::record(tx, &entry).await?;
    post::post(tx, &Letter { account, kind: LetterKind::PasswordChanged, about, at: now_ms }).await?;
    Ok(ended)
}

fn failed(error: tokio_postgres::Error) -> Fault {
    fault::of_statement("password", &error)
}
