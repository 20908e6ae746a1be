//! Who carries a refresh token: an app, or a browser as a cookie.

use application::fault::Fault;
use application::identity::{Carrier, CsrfDigest, RefreshDigest};
use deadpool_postgres::Pool;
use tokio_postgres::Row;

use super::{fault, row};

const CARRIER: &str = include_str!("../sql/directory/carrier.sql");

/// The carrier of a token, used or not; `None` when it is unknown.
pub(super) async fn carrier(pool: &Pool, presented: RefreshDigest) -> Result<Option<Carrier>, Fault> {
    let client = pool.get().await.map_err(fault::of_pool)?;
    let statement = client.prepare_cached(CARRIER).await.map_err(|e| fault::of_statement("carrier", &e))?;
    let found = client
        .query_opt(&statement, &[&presented.0.as_slice()])
        .await
        .map_err(|e| fault::of_statement("carrier", &e))?;
    let carried = |row| Ok(csrf(&row)?.map_or(Carrier::App, Carrier::Browser));
    found.map(carried).transpose()
}

/// The digest in a row that names `csrf_hash`.
pub(super) fn csrf(row: &Row) -> Result<Option<CsrfDigest>, Fault> {
    let hash: Option<&[u8]> = row.try_get("csrf_hash").map_err(|error| row::unreadable(&error))?;
    let digest = |hash: &[u8]| hash.try_into().map(CsrfDigest);
    hash.map(digest).transpose().map_err(|_| Fault::Refused("a csrf_hash has not 32 bytes".to_owned()))
}
