//! The log of one space, opened for a replay.

use application::identity::{Act, Actor, Directory, Entry, Place, SecurityLog};
use application::past::as_of::{AsOf, Then};
use application::replay::{Compared, Page, Pair, Part, compare, device_then, steps};
use domain::entity::EntityRef;
use domain::id::{AccountId, DeviceId, SpaceId};
use infrastructure::clock::now_ms;
use infrastructure::postgres::directory::PostgresDirectory;
use infrastructure::postgres::past::PostgresPast;
use infrastructure::postgres::pool;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::super::rebuild::must_be_migrated;
use super::super::terminal::paint::Paint;
use super::super::{CliError, Exit, database};
use super::{ReplayArgs, show, usage};
use crate::admin::replay::device::DeviceThenBody;
use crate::admin::replay::entity_of;
use crate::admin::replay::wire::{DifferingBody, StepBody, devices};

/// Connections that a replay takes.
const CONNECTIONS: usize = 2;
/// Steps that are read at once: each page folds the states before it, so a long log wants few pages.
const STEPS: usize = 1_000;
/// Compared entities that are read at once.
const ENTITIES: usize = 200;

/// The log of one space.
pub(super) struct Desk {
    past: PostgresPast,
    space: SpaceId,
    pub(super) entity: Option<EntityRef>,
}

impl Desk {
    /// Opens the space, logs the look, does the work and closes the database.
    pub(super) async fn with(
        args: &ReplayArgs,
        work: impl AsyncFnOnce(&Self) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let entity = args.entity.as_deref().map(named).transpose()?;
        database::with(&args.settings, async |database| {
            must_be_migrated(database).await?;
            let pool = pool::connect(database.config().clone(), CONNECTIONS)?;
            let desk = Self { past: PostgresPast::new(pool.clone()), space: SpaceId(args.space), entity };
            let looked = desk.look(&PostgresDirectory::new(pool.clone()), args).await;
            let done = match looked {
                Ok(()) => work(&desk).await,
                Err(error) => Err(error),
            };
            // A private PostgreSQL stops at once when nobody is connected any more.
            pool.close();
            done
        })
        .await
    }

    async fn look(&self, directory: &PostgresDirectory, args: &ReplayArgs) -> Result<(), CliError> {
        let missing = || {
            let next = "A space has the id of its account; `levelup admin show --email …` says it.";
            CliError::new(Exit::Failed, format!("There is no space {}", self.space), next)
        };
        let account = directory.account(AccountId(self.space.0)).await?.ok_or_else(missing)?.id;
        if !self.past.is_founded(self.space).await? {
            return Err(missing());
        }
        let about = json!({ "what": "replay", "entity": args.entity, "position": args.from, "at": args.at });
        let entry = Entry::by_oneself(account, Act::LookedAt, Place::default(), now_ms());
        Ok(directory.record(Entry { actor: Actor::Operator, about, ..entry }).await?)
    }

    /// The position at which the arguments begin.
    pub(super) async fn begin(&self, args: &ReplayArgs) -> Result<i64, CliError> {
        match (&args.at, args.from) {
            (Some(at), _) => self.moment(at).await,
            (None, from) => self.moment(&from.unwrap_or_default().to_string()).await,
        }
    }

    /// The position that a text names.
    pub(super) async fn moment(&self, text: &str) -> Result<i64, CliError> {
        let next = "Name a position, or an instant such as 2026-10-24T12:00:00Z.";
        let named = AsOf::read(text).ok_or_else(|| usage(&format!("`{text}` is no moment"), next))?;
        match named.find(&self.past, self.space, now_ms()).await? {
            Then::At { position, .. } => Ok(position),
            Then::Ahead { head } => {
                let next = format!("The log ends at position {head}.");
                Err(CliError::new(Exit::Failed, format!("`{text}` is still to come"), next))
            }
        }
    }

    /// A page of steps.
    pub(super) async fn page(&self, position: i64, rows: usize) -> Result<(Page, Vec<StepBody>), CliError> {
        let part = Part { entity: self.entity, position, rows: rows as i64 };
        let missing = || {
            let next = "Check --entity; the space never had it.";
            CliError::new(Exit::Failed, "There is no such entity", next)
        };
        let mut page = steps(&self.past, self.space, part).await?.ok_or_else(missing)?;
        let names = self.past.device_names(AccountId(self.space.0), &devices(&page)).await?;
        let told = std::mem::take(&mut page.steps).into_iter().map(|step| StepBody::of(step, &names)).collect();
        Ok((page, told))
    }

    /// Prints the steps from where the arguments begin.
    pub(super) async fn print(&self, args: &ReplayArgs, paint: Paint) -> Result<(), CliError> {
        let mut left = args.limit.unwrap_or(usize::MAX);
        let mut position = Some(self.begin(args).await?);
        while let Some(here) = position.filter(|_| left > 0) {
            let (page, steps) = self.page(here, STEPS.min(left)).await?;
            for step in &steps {
                say(args.json, step, |step| show::step(step, paint));
            }
            left -= steps.len();
            position = page.next;
        }
        Ok(())
    }

    /// Prints what two moments differ in.
    pub(super) async fn compare(&self, later: &str, args: &ReplayArgs, paint: Paint) -> Result<(), CliError> {
        let (from, to) = (self.begin(args).await?, self.moment(later).await?);
        if from > to {
            return Err(usage("--compare names an earlier moment", "Name the earlier one with --at or --from."));
        }
        let mut after = None;
        loop {
            let pair = Pair { from, to, entity: self.entity, after, rows: ENTITIES };
            let Compared::Page { items, next, .. } = compare(&self.past, self.space, &pair).await? else {
                let next = "Take moments closer together, or one entity with --entity.";
                return Err(CliError::new(Exit::Failed, "Too many entities have changed between the two", next));
            };
            for item in items.into_iter().map(DifferingBody::from) {
                say(args.json, &item, |item| show::differing(item, paint));
            }
            after = next;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// Prints between which positions a device stood.
    pub(super) async fn device(&self, device: Uuid, args: &ReplayArgs, paint: Paint) -> Result<(), CliError> {
        let device = DeviceId(device);
        let at = match args.at.as_deref().map(AsOf::read) {
            None => now_ms(),
            Some(Some(AsOf::Instant(at))) => at,
            Some(_) => return Err(usage("--at is no instant", "Name one such as 2026-10-24T12:00:00Z.")),
        };
        let end = self.moment(&at.to_string()).await?;
        let missing = || CliError::new(Exit::Failed, "The space has no such device", "Check --device.");
        let then = device_then(&self.past, self.space, device, (at, end)).await?.ok_or_else(missing)?;
        let name = self.past.device_names(AccountId(self.space.0), &[device]).await?.remove(&device);
        say(args.json, &DeviceThenBody::of(device, name, at, then), |then| show::device(then, paint));
        Ok(())
    }
}

/// Prints as JSON, or as it is shown to people.
fn say<T: Serialize>(json: bool, what: &T, show: impl FnOnce(&T) -> String) {
    if json {
        println!("{}", serde_json::to_string(what).unwrap_or_default());
    } else {
        println!("{}", show(what));
    }
}

fn named(text: &str) -> Result<EntityRef, CliError> {
    entity_of(text).ok_or_else(|| usage("--entity is no entity", "Name its kind and id, such as `task/0190…`."))
}
