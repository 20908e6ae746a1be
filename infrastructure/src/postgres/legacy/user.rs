//! An account, as clients of API v1 know it.

use application::fault::Fault;
use domain::id::AccountId;
use tokio_postgres::{Error, Row};

use super::PostgresLegacy;
use crate::postgres::fault::read;

const USER: &str = include_str!("../sql/legacy/user.sql");

/// An account without what is secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyUser {
    /// The id that its clients know.
    pub user_id: String,
    /// The address.
    pub email: String,
    /// What the person is called; empty where nobody asked.
    pub first_name: String,
    /// The other part of it.
    pub last_name: String,
    /// A picture of the person, of an account that was imported.
    pub profile_image_url: Option<String>,
    /// When it was asked to be deleted, ms.
    pub deletion_requested_at: Option<i64>,
    /// From when on it is erased, ms.
    pub erase_after: Option<i64>,
    /// When it was made, ms.
    pub created_at: i64,
    /// When it was changed last, as far as that is kept: made, proven, locked, asked to be deleted; ms.
    pub updated_at: i64,
}

impl PostgresLegacy {
    /// The account with this id, if there is one.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn user(&self, account: AccountId) -> Result<Option<LegacyUser>, Fault> {
        let found = self.query(USER, &[&account.0]).await?;
        found.first().map(user).transpose().map_err(|error| read(&error))
    }
}

fn user(row: &Row) -> Result<LegacyUser, Error> {
    Ok(LegacyUser {
        user_id: row.try_get("user_id")?,
        email: row.try_get("email")?,
        first_name: row.try_get("first_name")?,
        last_name: row.try_get("last_name")?,
        profile_image_url: row.try_get("profile_image_url")?,
        deletion_requested_at: row.try_get("deletion_requested_at")?,
        erase_after: row.try_get("erase_after")?,
        created_at: row.try_get("created_at")?,
        updated_at: row.try_get("updated_at")?,
    })
}
