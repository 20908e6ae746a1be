//! `levelup admin merge-accounts`: two accounts of one person become one. The state of the first is added to the second by
//! the same import as any other; the first stays, locked, until an operator erases it.

use std::time::Duration;

use application::identity::admin::{Order, lock};
use application::identity::{Act, Actor as By, Entry, Place, SecurityLog};
use application::submit::{Actor, WriterRole};
use application::transfer::state::{Import, Merge, Plan, Report, StateExport, merge_id, preview};
use application::undo::{Point, Refused, make_point};
use bytes::Bytes;
use clap::Args;
use domain::id::{AccountId, DeviceId, SpaceId};
use infrastructure::clock::now_ms;
use infrastructure::config::Settings;
use infrastructure::import_lines::{Packing, ReceiveError, ReceivedLines, Receiving};
use infrastructure::postgres::imports::PostgresImports;
use infrastructure::postgres::past::PostgresPast;
use infrastructure::postgres::snapshot::PostgresSnapshot;
use serde_json::json;
use tokio::time::sleep;
use uuid::Uuid;

use super::desk::Named;
use super::{CliError, Desk};
use crate::cli::Exit;

mod write;

/// Servers notice within this time that sessions have ended; then nobody writes to a locked account any more.
const NOTICED_MS: u64 = 2_000;

/// What `levelup admin merge-accounts` is told.
#[derive(Args, Debug)]
pub struct MergeAccountsArgs {
    /// The account that is added and locked: its e-mail address or id
    #[arg(long, value_name = "ADDRESS|UUID")]
    pub from: String,
    /// The account that it is added to: its e-mail address or id
    #[arg(long, value_name = "ADDRESS|UUID")]
    pub into: String,
    /// Only say what that would come to
    #[arg(long)]
    pub dry_run: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// Merges them. An attempt that was cut off is gone on with by the same command.
pub async fn run(args: MergeAccountsArgs) -> Result<(), CliError> {
    Desk::with(&args.settings, async |desk| {
        let merge = Merge { from: desk.find(&named(&args.from)).await?, into: desk.find(&named(&args.into)).await? };
        if merge.from == merge.into {
            return Err(CliError::new(Exit::Usage, "Both are the same account", "Name two accounts."));
        }
        // Both exist: an id that was given was not looked up yet.
        for account in [merge.from, merge.into] {
            write::existing(desk, account).await?;
        }
        if !args.dry_run {
            lock(&desk.directory, &desk.live_sessions, order(merge.from)).await?;
            sleep(Duration::from_millis(NOTICED_MS)).await;
        }
        merge_accounts(desk, &args, merge).await
    })
    .await
}

async fn merge_accounts(desk: &Desk, args: &MergeAccountsArgs, merge: Merge) -> Result<(), CliError> {
    let (plan, lines) = read(desk, &args.settings, merge.from.into()).await?;
    let (id, into) = (merge_id(merge), SpaceId::from(merge.into));
    let target = PostgresImports::new(desk.pool.clone());
    let report = preview(&target, into, id, &plan).await?;
    if args.dry_run {
        println!("account {} would add {} to account {}", merge.from, amounts(&report), merge.into);
        return refuse(&report);
    }
    refuse(&report)?;
    let role = WriterRole::Operator;
    let actor = Actor { account: merge.into, device: DeviceId(id), role, ..Actor::default() };
    let time_zone = write::existing(desk, merge.into).await?.time_zone;
    let writer = write::Writing::begin(desk, actor, &time_zone).await?;
    let past = PostgresPast::new(desk.pool.clone());
    let before = Point::before_import(into, id, actor.device, now_ms());
    let before = make_point(&past, &past, into, None, before).await.map_err(no_point)?;
    let import = Import::begin(&target, into, id, plan, now_ms()).await?;
    writer.all(import, lines, &target).await?;
    for (account, act, other) in [(merge.from, Act::MergedInto, merge.into), (merge.into, Act::MergedFrom, merge.from)]
    {
        desk.directory.record(entry(account, act, other)).await?;
    }
    println!("account {} is locked and has added {} to account {}", merge.from, amounts(&report), merge.into);
    println!("the restore point \"{}\" ({}) has what was there before", before.name, before.id);
    Ok(())
}

fn no_point(refused: Refused) -> CliError {
    match refused {
        Refused::Fault(fault) => fault.into(),
        _ => CliError::new(
            Exit::Failed,
            "There is no room for the restore point that is made before",
            "Let the person delete one, then run the same command again; nothing was added.",
        ),
    }
}

/// The state of a space, as lines that were checked.
async fn read(desk: &Desk, settings: &Settings, space: SpaceId) -> Result<(Plan, ReceivedLines), CliError> {
    let store = PostgresSnapshot::new(desk.pool.clone());
    let receiving = Receiving::begin(settings.data_dir.join("imports"), Packing::Plain);
    let mut export = StateExport::of(space);
    while let Some(lines) = export.next(&store).await? {
        if !receiving.take(Bytes::from(lines)).await {
            break;
        }
    }
    receiving.end().await.map_err(|error| {
        let next = match &error {
            ReceiveError::File(_) => "Make room in LEVELUP_DATA_DIR and run the same command again.",
            _ => "`levelup verify` says whether the database is sound.",
        };
        CliError::new(Exit::Failed, format!("The account could not be read: {error}"), next)
    })
}

fn refuse(report: &Report) -> Result<(), CliError> {
    let Some(first) = report.refusals.first() else { return Ok(()) };
    let sentence = format!("{} things cannot be added; the first: {}", report.refused, first.message);
    Err(CliError::new(Exit::Failed, sentence, "Correct them in the first account; nothing was added."))
}

fn amounts(report: &Report) -> String {
    let kinds = report.created.iter().map(|(kind, count)| format!("{count} {}", kind.table()));
    let mut all: Vec<String> = kinds.collect();
    all.push(format!("{} days", report.days));
    let there = if report.present > 0 { format!(" ({} of them were there)", report.present) } else { String::new() };
    format!("{}{there}", all.join(", "))
}

fn order(account: AccountId) -> Order {
    Order { account, by: By::Operator, at: now_ms() }
}

fn entry(account: AccountId, act: Act, other: AccountId) -> Entry {
    let about = json!({ "account": other });
    Entry {
        account: Some(account),
        at: now_ms(),
        act,
        actor: By::Operator,
        session: None,
        device: None,
        place: Place::default(),
        about,
    }
}

fn named(text: &str) -> Named {
    match text.parse::<Uuid>() {
        Ok(id) => Named { email: None, id: Some(id) },
        Err(_) => Named { email: Some(text.to_owned()), id: None },
    }
}
