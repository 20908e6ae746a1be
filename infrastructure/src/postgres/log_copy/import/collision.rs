//! What is here already of what a file brings.

use application::fault::Fault;
use application::transfer::log::SpaceReader;
use domain::id::AccountId;
use serde::Deserialize;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::super::super::fault::read;

/// Something of the file that cannot be taken over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// The space or the account.
    pub id: Uuid,
    /// What is in the way.
    pub what: What,
}

/// What is in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// A space with another history, or an older one.
    #[error("a space with this id is here and is not a continuation of the exported one")]
    Space,
    /// An account without a space.
    #[error("an account with this id is here, whose space has not begun")]
    AccountOfSpace,
    /// It was erased.
    #[error("it was erased here for good")]
    Erased,
    /// An account with another address.
    #[error("an account with this id and another address is here")]
    Account,
    /// Another account has the address.
    #[error("its address belongs to another account here")]
    Address,
}

/// What to do with a space or an account of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is not here, or on its way.
    Take,
    /// All of it is here.
    Here,
    /// It cannot be taken over.
    Collides(What),
}

#[derive(Deserialize)]
struct Address {
    email: String,
}

/// Of a space, whose head has been read.
pub(super) async fn of_space(client: &impl GenericClient, space: &SpaceReader) -> Result<Fate, Fault> {
    let sql = include_str!("../../sql/log_copy/space_there.sql");
    let head = &space.head;
    let row = client.query_one(sql, &[&space.id.0, &head.position, &head.hash.as_slice()]).await;
    let row = row.map_err(|error| read(&error))?;
    let is = |name: &str| row.get::<_, bool>(name);
    Ok(match (is("erased"), is("has_head")) {
        (true, _) => Fate::Collides(What::Erased),
        (_, true) if is("has_all") => Fate::Here,
        (_, true) => Fate::Collides(What::Space),
        _ if is("has_account") => Fate::Collides(What::AccountOfSpace),
        _ => Fate::Take,
    })
}

/// Of an account.
pub(super) async fn of_account(client: &impl GenericClient, id: AccountId, row: &str) -> Result<Fate, Fault> {
    let unreadable = |error: serde_json::Error| Fault::Refused(error.to_string());
    let Address { email } = serde_json::from_str(row).map_err(unreadable)?;
    let row = client.query_one(include_str!("../../sql/log_copy/account_there.sql"), &[&id.0, &email]).await;
    let row = row.map_err(|error| read(&error))?;
    let is = |name: &str| row.get::<_, bool>(name);
    Ok(match (is("erased"), is("has_id")) {
        (true, _) => Fate::Collides(What::Erased),
        (_, true) if is("has_both") => Fate::Here,
        (_, true) => Fate::Collides(What::Account),
        _ if is("has_address") => Fate::Collides(What::Address),
        _ => Fate::Take,
    })
}
