//! Some of the generated people, signed in: each with a connection and something to write.

use api::client::device::Device;
use api::client::feed;
use api::client::http::Server as Remote;
use api::client::session::{Credentials, Session};

use super::load::email;
use crate::account;
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::http::Connection;
use crate::request::Script;
use crate::server::Server;

/// The name of the one account that is registered as people are.
const FIRST: &str = "first";
/// Changes that a device has read when it begins to write.
const FIRST_CHANGES: u32 = 200;

/// Somebody who writes and reads.
pub(super) struct Person {
    /// Their requests.
    pub(super) connection: Connection,
    /// What they write.
    pub(super) script: Script,
    /// Their session.
    pub(super) session: Session,
    /// Where their device stands in the log: near its beginning, as one that was away.
    pub(super) cursor: String,
}

/// A password's hash: hashing one for each of many accounts would take longer than all the rest.
pub(super) async fn hash(scratch: &Scratch, server: &Server) -> Result<String, Failure> {
    account::register(&Remote::at(&server.url())?, FIRST, 1).await?;
    let client = scratch.client(&scratch.served()).await?;
    let address = format!("{FIRST}-0@example.test");
    Ok(client.query_one(include_str!("sql/hash.sql"), &[&address]).await?.get("password_hash"))
}

/// Signs in so many of the accounts, evenly spread over their ranks.
pub(super) async fn sign_in(server: &Server, accounts: usize, count: usize) -> Result<Vec<Person>, Failure> {
    let remote = Remote::at(&server.url())?;
    let mut people = Vec::with_capacity(count);
    for number in 0..count.min(accounts) {
        let rank = number * accounts / count.min(accounts);
        // As `account::register` gives it to the first of a name.
        let credentials = Credentials { email: email(rank), password: "bench password 0".to_owned() };
        let session = Session::login(&remote, &credentials, &Device::fresh("other", "writer")).await?;
        let cursor = feed::changes(&session, None, FIRST_CHANGES, 0).await?.cursor;
        let connection = Connection::open(server.address, &session.access_token().await?).await?;
        people.push(Person { connection, script: Script::new(cursor.clone()), session, cursor });
    }
    Ok(people)
}
