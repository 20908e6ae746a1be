//! Writing for a client of v1: what it asks becomes one transaction of commands that a client of v2 could send, through the
//! same write path. Nothing is decided here.

use application::sync_history::{Channel, Tally};
use application::undo::Writes;
use domain::entity::{Command, EntityRef, Kind};
use domain::id::{CommandId, EntityId, SpaceId};
use domain::limits::TRANSACTION_COMMANDS_MAX;
use domain::rejection::Rejection;
use domain::transaction::{self, Plan, Receipt, Refusal, Request, Verdict, planned, read_command};
use infrastructure::clock;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::idempotency::Asked;
use super::refusal::refused;
use super::translate::Changes;
use crate::caller::{Caller, revoked};
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::noting::Noting;

/// When to send again what was not decided.
const RETRY_MS: u64 = 500;

/// The commands of one request, in order.
#[derive(Debug, Default)]
pub struct Wishes {
    commands: Vec<(EntityRef, Result<Command, Problem>)>,
}

impl Wishes {
    /// A command of v2 by its type, such as `task.edit`, with what it carries beside id and moment: `data`, `set`, `add`,
    /// `remove`.
    pub fn add(&mut self, kind: Kind, id: EntityId, action: &str, parts: Map<String, Value>) {
        let mut value = parts;
        let command_type = format!("{}.{action}", kind.name());
        value.insert("command_id".to_owned(), json!(Uuid::nil()));
        value.insert("type".to_owned(), command_type.into());
        value.insert("at".to_owned(), 0.into());
        if kind != Kind::Hero {
            value.insert("id".to_owned(), json!(id));
        }
        let read = read_command(&Value::Object(value), SpaceId(id.0));
        let command = read.map(|request| request.command);
        let command =
            command.map_err(|rejection| refused(&transaction::Problem::from(&Refusal::from(rejection)), &[kind]));
        self.commands.push((EntityRef::new(kind, id), command));
    }

    /// A creation with these fields.
    pub fn create(&mut self, kind: Kind, id: EntityId, data: Map<String, Value>) {
        self.add(kind, id, "create", Map::from_iter([("data".to_owned(), Value::Object(data))]));
    }

    /// An edit of these fields; nothing, if there are none.
    pub fn edit(&mut self, kind: Kind, id: EntityId, set: Map<String, Value>) {
        if !set.is_empty() {
            self.add(kind, id, "edit", Map::from_iter([("set".to_owned(), Value::Object(set))]));
        }
    }

    /// An edit of a goal or milestone, and that it is reached or not after all.
    pub fn change(&mut self, kind: Kind, id: EntityId, changes: Changes) {
        self.edit(kind, id, changes.set);
        if let Some(reached) = changes.reached {
            self.act(kind, id, if reached { "complete" } else { "reopen" });
        }
    }

    /// A command that carries nothing, such as `complete`.
    pub fn act(&mut self, kind: Kind, id: EntityId, action: &str) {
        self.add(kind, id, action, Map::new());
    }

    /// A command that only the server can ask for.
    pub fn ask(&mut self, kind: Kind, id: EntityId, command: Command) {
        self.commands.push((EntityRef::new(kind, id), Ok(command)));
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.commands.is_empty()
    }
}

/// Writes what is asked, as of `base`, all or nothing. A request under a key that was written before gets that receipt. What
/// is refused is told here and now, so it is no dead letter.
///
/// # Errors
/// The first command that is refused, or the store is away.
pub async fn write(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    base: Option<String>,
    wishes: Wishes,
) -> Result<Receipt, Problem> {
    if let Some(because) = app.revocations.reason(caller.session) {
        return Err(revoked(because));
    }
    let noting = Noting::begin(app, caller, Channel::Http);
    let kinds: Vec<Kind> = wishes.commands.iter().map(|(target, _)| target.kind).collect();
    let requests = requests(asked, wishes)?;
    let name = (asked.transaction, caller.space);
    let mut sent = planned(name, &asked.content, base.clone().unwrap_or_default(), requests, Plan::default());
    sent.base = base;
    let answered =
        noting.unless_refused(app.writer.write(caller.writer(), caller.space, sent).await.map_err(Problem::from))?;
    noting.done(Tally::wrote(std::slice::from_ref(&answered.receipt)));
    match &answered.receipt.verdict {
        Verdict::Committed { .. } => Ok(answered.receipt),
        Verdict::Deferred { problem } => Err(Problem::new(Code::Busy)
            .detail(problem.detail.clone())
            .retry_after_ms(problem.retry_after_ms.unwrap_or(RETRY_MS))),
        Verdict::Rejected { problem } => {
            app.rejections.acknowledge(caller.space, asked.transaction.0).await?;
            Err(refused(problem, &kinds))
        }
    }
}

/// Writes what is asked, if anything is. A request under a key leaves its receipt all the same, so that the key stands for
/// this request from then on.
///
/// # Errors
/// As for [`write()`].
pub async fn write_if_any(
    app: &App,
    caller: &Caller,
    asked: &Asked,
    base: Option<String>,
    wishes: Wishes,
) -> Result<Option<Receipt>, Problem> {
    if wishes.is_empty() && !asked.is_keyed {
        return Ok(None);
    }
    write(app, caller, asked, base, wishes).await.map(Some)
}

fn requests(asked: &Asked, wishes: Wishes) -> Result<Vec<Request>, Problem> {
    // As many as a client of v2 may send.
    if wishes.commands.len() > TRANSACTION_COMMANDS_MAX {
        let rejection = Rejection::CommandCount { max: TRANSACTION_COMMANDS_MAX };
        return Err(refused(&transaction::Problem::from(&Refusal::from(rejection)), &[]));
    }
    let at = clock::now_ms();
    let named = |(number, (target, command)): (usize, (EntityRef, Result<Command, Problem>))| {
        let command_id = CommandId(Uuid::new_v5(&asked.transaction.0, format!("command/{number}").as_bytes()));
        Ok(Request { command_id, at, target, command: command? })
    };
    wishes.commands.into_iter().enumerate().map(named).collect()
}
