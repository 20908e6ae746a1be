//! One account after the other: how it stands here, what it becomes, and its way through the write path.

use std::sync::Arc;

use application::identity::{Email, Spaces};
use application::legacy_import::{Amounts, Bringing, LegacyAccount, Mapped, Progress, account_id, import_id, map};
use application::submit::{Actor, WriterRole};
use application::transfer::state::Stopped;
use deadpool_postgres::Pool;
use domain::id::{AccountId, DeviceId};
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::founder::Founder;
use infrastructure::hub::Hub;
use infrastructure::import_writer::ImportWriter;
use infrastructure::legacy_source::LegacyUser;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::legacy_imports::{PostgresLegacyImports, Standing, Terms};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::meter::Meter;
use super::report::Fared;
use crate::cli::CliError;

/// What is remembered of entities meanwhile.
const MEMORY_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The accounts here, and the write path to them for as long as this is.
pub(super) struct Accounts {
    store: PostgresLegacyImports,
    pipeline: Pipeline<PostgresLedger>,
    time_zone: String,
    dry_run: bool,
    stop: CancellationToken,
    _working: DropGuard,
}

/// How the writing of an account ended.
enum Written {
    Whole(Amounts),
    /// Somebody stopped it between two transactions.
    Cut(Progress),
}

impl Accounts {
    /// Begins to write, until somebody stops it.
    pub(super) fn begin(pool: Pool, settings: &Settings, dry_run: bool, stop: CancellationToken) -> Self {
        let working = CancellationToken::new();
        let ledger = Arc::new(PostgresLedger::new(pool.clone(), MEMORY_BYTES_MAX).of_scope(settings.group_scope));
        let limits = Limits::of_scope(settings.group_scope, settings.pool_size);
        let pipeline = Pipeline::start(ledger, Hub::default(), limits, working.clone());
        let store = PostgresLegacyImports::new(pool);
        let time_zone = settings.time_zone.clone();
        Self { store, pipeline, time_zone, dry_run, stop, _working: working.drop_guard() }
    }

    /// The same on these terms.
    pub(super) fn on(self, terms: Terms) -> Self {
        Self { store: self.store.on(terms), ..self }
    }

    /// Brings an account, or says why not. An account that cannot be brought does not keep the others from it.
    pub(super) async fn bring(
        &self,
        account: &LegacyAccount,
        user: &LegacyUser,
        meter: &mut Meter,
    ) -> Result<Fared, CliError> {
        if Email::parse(&user.email).is_none() {
            return Ok(Fared::skipped("email_invalid", "its e-mail address is none that a mail could reach"));
        }
        let time_zone = match self.store.standing(&user.id, &user.email).await? {
            Standing::New => self.time_zone.clone(),
            Standing::Here(time_zone) => time_zone,
            Standing::AddressTaken => return Ok(taken(account)),
            Standing::Erased => return Ok(Fared::skipped("erased", "it was erased here and does not come again")),
        };
        let mapped = map(account, &time_zone, (now_ms(), self.store.terms().grace_days));
        let (notes, rows) = (mapped.notes.clone(), mapped.rows);
        if self.dry_run {
            let bringing = Bringing::begin(&self.store, mapped, now_ms()).await?;
            return Ok(Fared::Done { amounts: bringing.amounts().clone(), notes, rows });
        }
        self.store.make(&mapped.person, &time_zone, now_ms()).await?;
        // Somebody may have registered with that address just now.
        let Standing::Here(_) = self.store.standing(&user.id, &user.email).await? else { return Ok(taken(account)) };
        match self.write(account_id(&user.id), mapped, &time_zone, meter).await {
            Ok(Written::Whole(amounts)) => Ok(Fared::Done { amounts, notes, rows }),
            Ok(Written::Cut(progress)) => Ok(Fared::Stopped { progress, notes, rows }),
            Err(Stopped::Fault(fault)) => Err(fault.into()),
            Err(stopped) => Ok(Fared::Failed { why: stopped.to_string(), notes, rows }),
        }
    }

    async fn write(
        &self,
        id: AccountId,
        mapped: Mapped,
        time_zone: &str,
        meter: &mut Meter,
    ) -> Result<Written, Stopped> {
        let import = import_id(id.into());
        let actor = Actor { account: id, device: DeviceId(import), role: WriterRole::Operator, ..Actor::default() };
        let founder = Founder::new(self.pipeline.clone());
        founder.found(id, actor.device, actor.session, time_zone).await?;
        let writer = ImportWriter::new(self.pipeline.clone(), actor);
        let mut bringing = Bringing::begin(&self.store, mapped, now_ms()).await?;
        while let Some(progress) = bringing.step(&self.store, &writer).await? {
            meter.within(progress.done, progress.of);
            // What is written is durable, and the next attempt goes on behind it.
            if self.stop.is_cancelled() && progress.done < progress.of {
                return Ok(Written::Cut(progress));
            }
        }
        Ok(Written::Whole(bringing.amounts().clone()))
    }
}

fn taken(account: &LegacyAccount) -> Fared {
    let why = "another account here has its e-mail address, whatever the case of its letters";
    match account.own_rows_beside_written() {
        None => Fared::skipped("email_taken", why),
        Some(rows) => {
            let why = format!("{why}, and went back into it; {rows} rows that are not from here stay there");
            Fared::skipped("joined", why)
        }
    }
}
