//! What reading costs a device: bytes on the wire in every form, and the time and memory of a whole space, of the heavy
//! recorded life and of a generated one, beside the same rows by SQL alone.

pub mod bytes;
pub mod catch_up;
mod fetch;
mod generated;
pub(crate) mod memory;
mod recorded;
mod socket;
pub mod whole;

use std::path::Path;

use api::client::http::Server as Remote;

use self::bytes::Bytes;
use self::catch_up::CatchUp;
use self::fetch::Reader;
use self::whole::Whole;
use crate::account;
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::options::ReadingSizes;
use crate::server::{self, Server};

/// What was found.
#[derive(Clone, Debug)]
pub struct Reading {
    /// One for each recorded life.
    pub bytes: Vec<Bytes>,
    /// The heavy life and the generated one, read whole.
    pub whole: Vec<Whole>,
    /// The generated one, after some changes were missed.
    pub catch_up: CatchUp,
}

/// The transactions of the longest recorded life, in order.
pub(crate) fn recorded_life() -> Result<Vec<serde_json::Value>, Failure> {
    recorded::transactions("heavy")
}

/// Measures on servers of its own: one is written to; another, with nothing in its memory yet, is read from.
pub async fn measure(program: &Path, scratch: &Scratch, sizes: &ReadingSizes) -> Result<Reading, Failure> {
    let server = Server::start(program, scratch, &server::UNLIMITED).await?;
    let people = account::register(&Remote::at(&server.url())?, "reader", recorded::PEOPLE.len() + 1).await?;
    let mut readers = Vec::new();
    for account in &people {
        readers.push(Reader::of(&account.session).await?);
    }
    let (lives, generated) = readers.split_at(recorded::PEOPLE.len());
    let mut measured = Vec::new();
    for (name, reader) in recorded::PEOPLE.into_iter().zip(lives) {
        eprintln!("bytes of the {name} life");
        measured.push(bytes::measure(name, reader, sizes).await?);
    }
    eprintln!("writing a space of {} entities", sizes.entities);
    let generated = generated.first().ok_or_else(|| Failure::new("no account"))?;
    generated::write(generated, sizes.entities).await?;
    let cursor = generated.end().await?;
    generated::change(generated, sizes.missed).await?;
    server.stop().await?;

    let server = Server::start(program, scratch, &server::UNLIMITED).await?;
    let sql = scratch.client(&scratch.served()).await?;
    let generated = generated.moved_to(&server.url());
    let heavy = lives.get(1).ok_or_else(|| Failure::new("no heavy life"))?.moved_to(&server.url());
    eprintln!("reading {} changes", sizes.missed);
    let catch_up = catch_up::measure(&generated, &cursor, &sql, sizes).await?;
    let mut whole = Vec::new();
    for (name, reader) in [("heavy", &heavy), ("generated", &generated)] {
        eprintln!("reading the {name} space whole");
        whole.push(whole::measure(name, reader, &server, &sql, sizes).await?);
    }
    server.stop().await?;
    Ok(Reading { bytes: measured, whole, catch_up })
}
