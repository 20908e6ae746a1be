//! Puts a mail on its way, inside the transaction of its cause.

use application::fault::Fault;
use application::identity::Letter;
use deadpool_postgres::GenericClient;
use tokio_postgres::types::Json;

use super::fault;
use crate::clock;

const POST: &str = include_str!("../sql/directory/post.sql");

/// Adds the mail to those that are to be sent.
pub(super) async fn post(client: &impl GenericClient, letter: &Letter) -> Result<(), Fault> {
    let failed = |error| fault::of_statement("post", &error);
    let statement = client.prepare_cached(POST).await.map_err(failed)?;
    client
        .execute(
            &statement,
            &[&clock::uuid_v7(), &letter.account.0, &letter.kind.as_str(), &Json(&letter.about), &letter.at],
        )
        .await
        .map(drop)
        .map_err(failed)
}
