//! A new account whose address is to be proven first, or a mail to whose account that address is.

use application::fault::Fault;
use application::identity::{Act, Entry, Letter, LetterKind, UnprovenAccount};
use deadpool_postgres::{Pool, Transaction};
use serde_json::json;

use super::{ask, fault, post, record};

const REGISTER_UNPROVEN: &str = include_str!("../sql/directory/register_unproven.sql");

/// Writes the account and posts the mail; of a taken address, tells its owner.
pub(super) async fn register_unproven(pool: &Pool, new: UnprovenAccount) -> Result<(), Fault> {
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let tx = client.transaction().await.map_err(failed)?;
    let statement = tx.prepare_cached(REGISTER_UNPROVEN).await.map_err(failed)?;
    let written = tx
        .execute(
            &statement,
            &[
                &new.account.0,
                &new.email.as_str(),
                &new.password_hash,
                &new.role.as_str(),
                &new.time_zone,
                &new.now_ms,
                &new.names.first,
                &new.names.last,
            ],
        )
        .await
        .map_err(failed)?;
    match written {
        0 => tell_owner(&tx, &new).await?,
        _ => welcome(&tx, new).await?,
    }
    tx.commit().await.map_err(failed)
}

async fn welcome(tx: &Transaction<'_>, new: UnprovenAccount) -> Result<(), Fault> {
    let about = json!({ "network": new.place.network });
    let entry = Entry::by_oneself(new.account, Act::Registered, new.place, new.now_ms);
    record::record(tx, &entry).await?;
    let letter = Letter { account: new.account, kind: LetterKind::EmailVerification, about, at: new.now_ms };
    post::post(tx, &letter).await
}

async fn tell_owner(tx: &Transaction<'_>, new: &UnprovenAccount) -> Result<(), Fault> {
    let owner = ask::account_of(tx, &new.email).await?.map(|(account, _)| account);
    ask::letter(tx, owner, Act::RegistrationRepeated, LetterKind::RegistrationRepeated, &new.place, new.now_ms).await
}

fn failed(error: tokio_postgres::Error) -> Fault {
    fault::of_statement("register_unproven", &error)
}
