//! The order of the two steps, on a store that says what is shown.

use std::sync::Mutex;

use domain::entity::{EntityRef, Kind};
use domain::id::{DeviceId, EntityId, SpaceId};
use domain::transaction::{Problem, Receipt, Sent, Verdict};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Order, Places, Redacted, Redactions, Refused, Standing, TakenOut, Wish, redact};
use crate::cursor::Cursor;
use crate::fault::Fault;
use crate::identity;
use crate::ledger::Head;
use crate::submit::Actor;
use crate::undo::{Answered, Writes};

/// A task that shows a title; writers who come in between write the title so many times again.
struct Store {
    title: Mutex<String>,
    again: Mutex<usize>,
    log: Mutex<Vec<String>>,
    verdict: fn() -> Verdict,
    /// So many times the second step finds somebody else in its way.
    crowds: Mutex<usize>,
    /// What the log still says that the placeholder replaced.
    left: Mutex<Option<String>>,
}

impl Store {
    fn showing(title: &str, again: usize) -> Self {
        let committed = || Verdict::Committed { positions: None, results: Vec::new() };
        Self {
            title: Mutex::new(title.to_owned()),
            again: Mutex::new(again),
            log: Mutex::default(),
            verdict: committed,
            crowds: Mutex::default(),
            left: Mutex::default(),
        }
    }

    fn said(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }
}

impl Redactions for Store {
    async fn standing(&self, _: SpaceId, entity: EntityRef) -> Result<Option<Standing>, Fault> {
        if entity.id.0.is_nil() {
            return Ok(None);
        }
        let row = Map::from_iter([("title".to_owned(), json!(*self.title.lock().unwrap()))]);
        Ok(Some(Standing { head: head(), version: 1, is_live: true, row }))
    }

    async fn payload(&self, _: SpaceId, _: EntityRef, position: i64) -> Result<Option<Value>, Fault> {
        let written = json!({ "change": { "created": { "fields": { "title": "old secret" } } } });
        Ok((position == 3).then_some(written))
    }

    async fn written_by(&self, _: SpaceId, _: EntityRef, _: DeviceId) -> Result<Vec<Value>, Fault> {
        let changes = |before: &String| json!({ "title": { "before": before, "after": "[redacted]" } });
        let edit = |before| json!({ "change": { "edited": { "base": 1, "changes": changes(before) } } });
        Ok(self.left.lock().unwrap().iter().map(edit).collect())
    }

    async fn take_out(&self, order: &Order) -> Result<TakenOut, Fault> {
        let mut crowds = self.crowds.lock().unwrap();
        if *crowds > 0 {
            *crowds -= 1;
            return Err(Fault::Crowded("another went first".to_owned()));
        }
        if self.left.lock().unwrap().as_deref().is_some_and(|left| order.redaction.is_told_by(left)) {
            self.left.lock().unwrap().take();
        }
        let shown = self.title.lock().unwrap().clone();
        self.log.lock().unwrap().push(format!("out while {shown}"));
        Ok(if order.redaction.is_told_by(&shown) {
            TakenOut::Shown(Places::default())
        } else {
            TakenOut::Done(Places::default())
        })
    }
}

impl Writes for Store {
    async fn write(&self, _: Actor, _: SpaceId, sent: Sent) -> Result<Answered, Fault> {
        self.log.lock().unwrap().push("write".to_owned());
        let verdict = (self.verdict)();
        let mut again = self.again.lock().unwrap();
        if *again > 0 {
            *again -= 1;
        } else if matches!(verdict, Verdict::Committed { .. }) {
            let before = std::mem::replace(&mut *self.title.lock().unwrap(), "[redacted]".to_owned());
            *self.left.lock().unwrap() = Some(before);
        }
        let receipt = Receipt { transaction_id: Some(sent.id), verdict, notices: Vec::new() };
        Ok(Answered { receipt, written: None::<Cursor> })
    }
}

fn head() -> Head {
    let (epoch, hash) = (Uuid::nil(), [0; 32]);
    Head { epoch, position: 5, hash, legacy_next: 1, live_entities: 1, checksum: 0, recorded_at: 1, repairs: 0 }
}

fn wish() -> Wish {
    Wish {
        actor: Actor::default(),
        by: identity::Actor::Operator,
        space: SpaceId(Uuid::from_u128(1)),
        entity: EntityRef::new(Kind::Task, EntityId(Uuid::from_u128(2))),
        field: "title".to_owned(),
        position: None,
        reason: "a password".to_owned(),
        id: Uuid::from_u128(9),
        at: 10,
        dry_run: false,
    }
}

async fn done(store: &Store, wish: &Wish) -> Result<Redacted, Refused> {
    redact(store, store, wish).await
}

#[tokio::test]
async fn what_is_shown_is_replaced_before_anything_is_taken_out() {
    let store = Store::showing("secret", 0);
    assert!(done(&store, &wish()).await.unwrap().was_shown);
    assert_eq!(store.said(), ["write", "out while [redacted]"]);
}

#[tokio::test]
async fn what_is_shown_no_more_is_taken_out_without_a_write() {
    let store = Store::showing("harmless", 0);
    assert!(!done(&store, &Wish { position: Some(3), ..wish() }).await.unwrap().was_shown);
    assert_eq!(store.said(), ["out while harmless"]);
}

#[tokio::test]
async fn what_is_written_again_in_between_is_replaced_again_and_not_for_ever() {
    let store = Store::showing("secret", 2);
    done(&store, &wish()).await.unwrap();
    assert_eq!(store.said().last().unwrap(), "out while [redacted]");
    let store = Store::showing("secret", 100);
    assert_eq!(done(&store, &wish()).await, Err(Refused::Moving));
}

#[tokio::test]
async fn what_stood_still_between_the_steps_is_gone_on_with_by_asking_again() {
    let store = Store::showing("secret", 0);
    *store.crowds.lock().unwrap() = 100;
    let crowded = Err(Refused::Fault(Fault::Crowded("another went first".to_owned())));
    assert_eq!(done(&store, &wish()).await, crowded);
    assert_eq!(store.said(), ["write"], "the placeholder stands, and the log says the value");
    assert_eq!(done(&store, &Wish { reason: "it says secret".to_owned(), ..wish() }).await, Err(Refused::ReasonTells));
    *store.crowds.lock().unwrap() = 0;
    assert!(!done(&store, &wish()).await.unwrap().was_shown);
    assert_eq!(store.said(), ["write", "out while [redacted]"]);
    assert_eq!(done(&store, &wish()).await, Err(Refused::Nothing), "now it is out");
}

#[tokio::test]
async fn whoever_went_first_is_waited_for_some_times() {
    let store = Store::showing("secret", 0);
    *store.crowds.lock().unwrap() = 3;
    done(&store, &wish()).await.unwrap();
    assert_eq!(store.said(), ["write", "out while [redacted]"]);
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let store = Store::showing("secret", 0);
    assert!(done(&store, &Wish { dry_run: true, ..wish() }).await.unwrap().was_shown);
    assert_eq!(store.said(), ["out while secret"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_by_name() {
    let refused = async |change: fn(&mut Wish)| {
        let mut wish = wish();
        change(&mut wish);
        done(&Store::showing("secret", 0), &wish).await.unwrap_err()
    };
    assert_eq!(refused(|wish| wish.reason = " ".to_owned()).await, Refused::Reason);
    assert_eq!(refused(|wish| wish.reason = "x".repeat(501)).await, Refused::Reason);
    assert_eq!(refused(|wish| wish.reason = "a \0 password".to_owned()).await, Refused::Reason);
    assert_eq!(refused(|wish| wish.reason = "two\nlines".to_owned()).await, Refused::Reason);
    assert_eq!(refused(|wish| wish.reason = "it says secret".to_owned()).await, Refused::ReasonTells);
    assert_eq!(refused(|wish| wish.field = "rank".to_owned()).await, Refused::Field);
    assert_eq!(refused(|wish| wish.position = Some(4)).await, Refused::Position);
    assert_eq!(refused(|wish| wish.entity.id = EntityId(Uuid::nil())).await, Refused::NotFound);
    assert_eq!(refused(|wish| wish.field = "description".to_owned()).await, Refused::Nothing);
    let problem = || Problem::deferred("space_full", "no", None);
    let store = Store {
        verdict: || Verdict::Rejected { problem: Problem::deferred("space_full", "no", None) },
        ..Store::showing("secret", 0)
    };
    assert_eq!(done(&store, &wish()).await, Err(Refused::Rejected(Box::new(problem()))));
}
