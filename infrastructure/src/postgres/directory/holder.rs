//! Whose session a refresh token belongs to.

use application::fault::Fault;
use application::identity::{CsrfDigest, Holder, RefreshDigest};
use deadpool_postgres::Pool;
use tokio_postgres::Row;

use super::{fault, row};

const HOLDER: &str = include_str!("../sql/directory/holder.sql");

/// The holder of a token, used or not; `None` when it is unknown.
pub(super) async fn holder(pool: &Pool, presented: RefreshDigest) -> Result<Option<Holder>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(HOLDER).await.map_err(|e| fault::of_statement("holder", &e))?;
    let found = client
        .query_opt(&statement, &[&presented.0.as_slice()])
        .await
        .map_err(|e| fault::of_statement("holder", &e))?;
    let held = |row| Ok(csrf(&row)?.map_or(Holder::App, Holder::Browser));
    found.map(held).transpose()
}

/// The digest in a row that names `csrf_hash`.
pub(super) fn csrf(row: &Row) -> Result<Option<CsrfDigest>, Fault> {
    let hash: Option<&[u8]> = row.try_get("csrf_hash").map_err(|error| row::unreadable(&error))?;
    let digest = |hash: &[u8]| hash.try_into().map(CsrfDigest);
    hash.map(digest).transpose().map_err(|_| Fault::Refused("a csrf_hash has not 32 bytes".to_owned()))
}
