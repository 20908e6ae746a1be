//! The write path of a process that serves nobody.

use std::sync::Arc;

use application::identity::{Account, Failure, Refusal, Spaces};
use application::submit::Actor;
use application::transfer::state::{Import, Stopped};
use domain::id::AccountId;
use infrastructure::founder::Founder;
use infrastructure::hub::Hub;
use infrastructure::import_lines::ReceivedLines;
use infrastructure::import_writer::ImportWriter;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::imports::PostgresImports;
use infrastructure::postgres::ledger::PostgresLedger;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::super::{CliError, Desk};
use crate::cli::Exit;

/// What is remembered of entities meanwhile.
const MEMORY_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The write path, for as long as this is.
pub(super) struct Writing {
    writer: ImportWriter<PostgresLedger>,
    _working: DropGuard,
}

impl Writing {
    /// Begins to write; founds the space if nobody has come into it yet.
    pub(super) async fn begin(desk: &Desk, actor: Actor, time_zone: &str) -> Result<Self, CliError> {
        let working = CancellationToken::new();
        let ledger = Arc::new(PostgresLedger::new(desk.pool.clone(), MEMORY_BYTES_MAX).of_scope(desk.scope));
        let pipeline = Pipeline::start(ledger, Hub::default(), Limits::default(), working.clone());
        Founder::new(pipeline.clone()).found(actor.account, actor.device, actor.session, time_zone).await?;
        Ok(Self { writer: ImportWriter::new(pipeline, actor), _working: working.drop_guard() })
    }

    /// Writes the import to its end.
    pub(super) async fn all(
        &self,
        mut import: Import,
        mut lines: ReceivedLines,
        target: &PostgresImports,
    ) -> Result<(), CliError> {
        while let Some(progress) = import.step(&mut lines, target, &self.writer).await.map_err(stopped)? {
            tracing::info!(import.done = progress.done, import.of = progress.of, "a part of the account was added");
        }
        Ok(())
    }
}

/// An account. Whoever is named by id may not be there.
pub(super) async fn existing(desk: &Desk, account: AccountId) -> Result<Account, CliError> {
    use application::identity::Directory;
    let found = desk.directory.account(account).await?;
    found.ok_or_else(|| Failure::from(Refusal::AccountUnknown).into())
}

fn stopped(stopped: Stopped) -> CliError {
    match stopped {
        Stopped::Fault(fault) => fault.into(),
        Stopped::Changed => CliError::new(
            Exit::Failed,
            "The first account was written to after it had begun to be added; nothing more was added",
            "What was added stays. Move the rest by hand, or erase the second account's additions and export anew.",
        ),
        other => CliError::new(
            Exit::Failed,
            format!("The merge ended early: {other}"),
            "What was added stays. Run the same command again; it goes on there.",
        ),
    }
}
