//! A whole space by snapshot beside COPY of the same rows, in turns: how much of what PostgreSQL can give arrives.

use std::time::Instant;

use api::client::http::Server as Remote;
use domain::entity::Kind;
use futures_util::{StreamExt, pin_mut};
use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio_postgres::Client;

use super::fetch::{FORMS, Reader};
use super::generated;
use crate::account;
use crate::failure::Failure;
use crate::server::Server;

/// Rows of a page.
const ROWS: usize = 1_000;

/// Rows a second of one round.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// By the snapshot.
    pub served_per_s: f64,
    /// By COPY.
    pub copied_per_s: f64,
    /// Rows that were read, by either.
    pub rows: usize,
}

/// A space that is read by turns.
pub struct Space {
    reader: Reader,
    sql: Client,
}

/// What is looked at of a page: building all rows would take processor time from the server on shared cores.
#[derive(Deserialize)]
struct Page {
    items: Vec<IgnoredAny>,
    next: Option<String>,
}

impl Space {
    /// Writes a space of so many entities.
    pub async fn write(server: &Server, sql: Client, entities: usize) -> Result<Self, Failure> {
        let mut accounts = account::register(&Remote::at(&server.url())?, "copied", 1).await?;
        let account = accounts.pop().ok_or_else(|| Failure::new("no account"))?;
        let reader = Reader::of(&account.session).await?;
        generated::write(&reader, entities).await?;
        Ok(Self { reader, sql })
    }

    /// One round of each.
    pub async fn round(&self) -> Result<Rates, Failure> {
        let begun = Instant::now();
        let rows = self.snapshot().await?;
        let served_per_s = rows as f64 / begun.elapsed().as_secs_f64();
        let begun = Instant::now();
        let copied = self.copy().await?;
        let copied_per_s = copied as f64 / begun.elapsed().as_secs_f64();
        match rows == copied {
            true => Ok(Rates { served_per_s, copied_per_s, rows }),
            false => Err(Failure::new(format!("the snapshot had {rows} rows, COPY {copied}"))),
        }
    }

    async fn snapshot(&self) -> Result<usize, Failure> {
        let (mut path, mut rows) = (format!("/api/v2/snapshot?limit={ROWS}"), 0);
        loop {
            let bytes = self.reader.bytes(&path, FORMS[0]).await?;
            let page: Page = serde_json::from_slice(&bytes).map_err(Failure::during("reading a page"))?;
            rows += page.items.len();
            match page.next {
                Some(next) => path = format!("/api/v2/snapshot?limit={ROWS}&page={next}"),
                None => return Ok(rows),
            }
        }
    }

    /// Whole rows, as text: a line each. COPY takes no parameters.
    async fn copy(&self) -> Result<usize, Failure> {
        let mut rows = 0;
        for kind in Kind::ALL {
            let statement = include_str!("../sql/copy_rows.sql")
                .replace("{table}", kind.table())
                .replace("{space}", &self.reader.space.to_string());
            let copied = self.sql.copy_out(&statement).await?;
            pin_mut!(copied);
            while let Some(bytes) = copied.next().await {
                rows += bytes?.iter().filter(|byte| **byte == b'\n').count();
            }
        }
        Ok(rows)
    }
}
