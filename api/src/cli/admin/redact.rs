//! `levelup admin redact`: one value goes from everything that is kept of a space.

use std::str::FromStr;
use std::sync::Arc;

use application::identity::Actor;
use application::redact::{Redacted, Refused, Wish, redact};
use clap::Args;
use domain::entity::{EntityRef, Kind};
use domain::id::{EntityId, SpaceId};
use infrastructure::clock::{now_ms, uuid_v7};
use infrastructure::config::Settings;
use infrastructure::hub::Hub;
use infrastructure::pipeline::{Limits, Pipeline};
use infrastructure::postgres::ledger::PostgresLedger;
use infrastructure::postgres::redact::PostgresRedactions;
use infrastructure::writer::Writer;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::super::Exit;
use super::{CliError, Desk};
use crate::admin::redactions::{RedactedBody, writer};

/// What is remembered of entities meanwhile.
const MEMORY_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What `levelup admin redact` is told. The value itself is never an argument: those are seen in lists of processes.
#[derive(Args, Debug)]
pub struct RedactArgs {
    /// The space; a personal one has the id of its account
    #[arg(long, value_name = "UUID")]
    pub space: Uuid,
    /// The entity, such as `task/0192…`
    #[arg(long, value_name = "KIND/UUID")]
    pub entity: Named,
    /// The field that holds the value, such as `title`
    #[arg(long, value_name = "NAME")]
    pub field: String,
    /// The position of the event that wrote the value; without it, the value that is shown now
    #[arg(long, value_name = "NUMBER")]
    pub position: Option<i64>,
    /// Why, without the value itself: the account can read it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Only say where the value is
    #[arg(long)]
    pub dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
    /// Where and with what.
    #[command(flatten)]
    pub settings: Settings,
}

/// An entity as the command line names it.
#[derive(Clone, Copy, Debug)]
pub struct Named(EntityRef);

impl FromStr for Named {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, id) = text.split_once('/').ok_or("give a kind and an id, such as task/0192…")?;
        let kind = Kind::from_name(kind).ok_or_else(|| format!("there is no kind of entity {kind}"))?;
        let id = id.parse().map_err(|_| "behind the kind stands an id".to_owned())?;
        Ok(Self(EntityRef::new(kind, EntityId(id))))
    }
}

/// Takes it out; running servers drop what they remember of it within a second.
pub async fn run(args: RedactArgs) -> Result<(), CliError> {
    let space = SpaceId(args.space);
    let wish = Wish {
        actor: writer(space),
        by: Actor::Operator,
        space,
        entity: args.entity.0,
        field: args.field,
        position: args.position,
        reason: args.reason,
        id: uuid_v7(),
        at: now_ms(),
        dry_run: args.dry_run,
    };
    let redacted = Desk::with(&args.settings, async |desk| {
        let working = CancellationToken::new();
        let ledger = Arc::new(PostgresLedger::new(desk.pool.clone(), MEMORY_BYTES_MAX).of_scope(desk.scope));
        let pipeline = Pipeline::start(ledger, Hub::default(), Limits::default(), working.clone());
        let _working = working.drop_guard();
        let store = PostgresRedactions::new(desk.pool.clone());
        Ok(redact(&store, &Writer::new(pipeline), &wish).await?)
    })
    .await?;
    if args.json {
        println!("{}", serde_json::to_string(&RedactedBody::of(&wish, redacted)).unwrap_or_default());
        return Ok(());
    }
    tell(&redacted, args.dry_run);
    Ok(())
}

fn tell(redacted: &Redacted, dry_run: bool) {
    let Redacted { was_shown, places } = redacted;
    let verb = if dry_run { "would be taken out of" } else { "was taken out of" };
    println!("the value {verb} {} events", places.events);
    places.rows.iter().for_each(|(table, rows)| println!("  {table}: {rows}"));
    if *was_shown {
        println!("  it {} shown, and {} replaced on every device", was(dry_run), will(dry_run));
    }
    println!("Backups, exports and archived write-ahead logs from before still hold it.");
}

fn was(dry_run: bool) -> &'static str {
    if dry_run { "is still" } else { "was still" }
}

fn will(dry_run: bool) -> &'static str {
    if dry_run { "would be" } else { "is" }
}

impl From<Refused> for CliError {
    fn from(refused: Refused) -> Self {
        let (exit, sentence, next) = match refused {
            Refused::Fault(fault) => return fault.into(),
            Refused::NotFound => {
                (Exit::Failed, "There is no such entity in such a space", "Check --space and --entity.")
            }
            Refused::Field => (
                Exit::Usage,
                "This field holds no text of a person's own",
                "Name a title, name, description or mission.",
            ),
            Refused::Position => (
                Exit::Failed,
                "No event at this position wrote this field of this entity",
                "The entity's history names the positions.",
            ),
            Refused::Nothing => {
                (Exit::Failed, "There is no value, or it is taken out already", "Name an older one by --position.")
            }
            Refused::Reason => (
                Exit::Usage,
                "A reason has 1 to 500 characters and no control characters",
                "Say why, without the value.",
            ),
            Refused::ReasonTells => {
                (Exit::Usage, "The reason says the value, and would be kept", "Say why, without it.")
            }
            Refused::Moving => {
                (Exit::Failed, "The value is written again and again just now", "Run the same command again.")
            }
            Refused::Rejected(problem) => {
                return Self::new(
                    Exit::Failed,
                    format!("What is shown cannot be replaced: {}", problem.detail),
                    "Nothing was taken out. Let the account make room or finish what it does, and run the command again.",
                );
            }
        };
        Self::new(exit, sentence, next)
    }
}
