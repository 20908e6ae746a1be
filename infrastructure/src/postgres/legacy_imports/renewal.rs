//! What changes of an account itself, when it is imported again: its names, its password, its wish to be deleted.

use application::fault::Fault;
use application::legacy_import::Person;
use deadpool_postgres::Transaction;
use domain::id::AccountId;
use tokio_postgres::types::ToSql;

use super::super::directory::password::changed_elsewhere;
use super::super::fault::write;

/// Takes over what has changed of an account that is here. What its owner decided here stays.
pub(super) async fn renew(
    transaction: &Transaction<'_>,
    id: AccountId,
    person: &Person,
    now: i64,
) -> Result<(), Fault> {
    let sql = include_str!("../sql/legacy_import/rename_account.sql");
    let names: &[&(dyn ToSql + Sync)] = &[&id.0, &person.first_name, &person.last_name, &person.image_url];
    transaction.execute(sql, names).await.map_err(|error| write(&error))?;
    if person.has_password() {
        let sql = include_str!("../sql/legacy_import/renew_hash.sql");
        let hashes: &[&(dyn ToSql + Sync)] = &[&id.0, &person.password_hash, &person.untold_password];
        if transaction.execute(sql, hashes).await.map_err(|error| write(&error))? > 0 {
            changed_elsewhere(transaction, id, now).await?;
        }
    }
    let wish = match person.deletion {
        Some((asked, due)) => {
            transaction.execute(include_str!("../sql/legacy_import/wish.sql"), &[&id.0, &asked, &due]).await
        }
        None => {
            let sql = include_str!("../sql/legacy_import/wish_taken_back.sql");
            transaction.execute(sql, &[&id.0, &person.told_wish]).await
        }
    };
    wish.map(drop).map_err(|error| write(&error))
}
