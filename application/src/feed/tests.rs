//! When a reader starts again, and what it is told.

use std::sync::Arc;

use domain::chain::{GENESIS, Hash};
use domain::entity::Kind;
use domain::id::{DeviceId, EntityId, SpaceId, TransactionId};
use proptest::prelude::*;
use serde_json::Map;
use uuid::Uuid;

use super::*;
use crate::change::{Encoded, Op};

/// A log whose hash at a position is made of the position and of the way that it went there.
#[derive(Clone)]
struct Line {
    head: i64,
    way: u8,
    epoch: u128,
    life: Life,
    live_entities: i64,
    /// Where the events up to the floor are gone.
    swept: bool,
}

const SPACE: SpaceId = SpaceId(Uuid::from_u128(7));

impl Line {
    fn of(head: i64) -> Self {
        Self { head, way: 1, epoch: 1, life: Life::default(), live_entities: 10, swept: false }
    }

    fn hash(&self, position: i64) -> Hash {
        let mut hash = GENESIS;
        if position > 0 {
            hash[..8].copy_from_slice(&position.to_be_bytes());
            hash[0] = self.way;
        }
        hash
    }

    fn cursor(&self, position: i64) -> Cursor {
        Cursor::at(SPACE, Uuid::from_u128(self.epoch), position, &self.hash(position), position)
    }

    fn change(&self, position: i64) -> Arc<Change> {
        Arc::new(Change {
            position,
            transaction_id: TransactionId(Uuid::from_u128(position.unsigned_abs().into())),
            device_id: DeviceId::SERVER,
            at: position,
            op: Op::Update,
            entity: Kind::Task,
            id: EntityId(Uuid::from_u128(1)),
            version: position,
            fields: Map::new(),
            cause: None,
            hash: self.hash(position),
            encoded: Encoded::default(),
        })
    }

    async fn read(&self, cursor: Option<Cursor>, leap: Leap) -> Read {
        read(self, SPACE, cursor, 5, leap).await.unwrap()
    }

    async fn reset(&self, cursor: Cursor) -> (&'static str, Option<i64>, Option<i64>) {
        match self.read(Some(cursor), Leap::Allowed).await {
            Read::Reset(reset) => {
                let base = reset.base.inspect(|base| assert_eq!(*base, self.cursor(base.position), "of this life"));
                (reset.reason.name(), reset.resend_after, base.map(|base| base.position))
            }
            Read::Page(page) => panic!("a page: {page:?}"),
        }
    }
}

impl Log for Line {
    async fn after(&self, _: SpaceId, position: i64, rows: i64) -> Result<Slice, Fault> {
        let first = if self.swept { self.life.floor + 1 } else { 1 };
        let is_kept = |position: &i64| *position >= first && *position <= self.head;
        let head = Head {
            epoch: Uuid::from_u128(self.epoch),
            position: self.head,
            hash: self.hash(self.head),
            legacy_next: 1,
            live_entities: self.live_entities,
            checksum: 0,
            recorded_at: self.head,
            repairs: 0,
        };
        let changes = (position + 1..=position.saturating_add(rows)).filter(is_kept).map(|at| self.change(at));
        let hash_before = is_kept(&position).then(|| self.hash(position));
        Ok(Slice { head, hash_before, changes: changes.collect(), transaction: None, life: self.life })
    }
}

#[tokio::test]
async fn a_cursor_of_the_life_before_is_told_where_the_present_one_began() {
    let before = Line::of(200);
    let life = Life { before: Some(Uuid::from_u128(1)), began: 100, floor: 0 };
    let now = Line { epoch: 2, life, way: 2, ..Line::of(150) };
    assert_eq!(now.reset(before.cursor(180)).await, ("epoch", Some(100), Some(100)));
    // It had seen less than what is kept, so it has seen no more now.
    assert_eq!(now.reset(before.cursor(40)).await, ("epoch", Some(100), Some(40)));
    assert_eq!(now.reset(before.cursor(0)).await, ("epoch", Some(100), Some(0)));
    let at_head = Line { head: 100, ..now };
    assert_eq!(at_head.reset(before.cursor(180)).await, ("epoch", Some(100), Some(100)));
}

#[tokio::test]
async fn a_cursor_of_an_older_life_is_asked_for_everything() {
    let now = Line { epoch: 3, life: Life { before: Some(Uuid::from_u128(2)), began: 100, floor: 0 }, ..Line::of(150) };
    assert_eq!(now.reset(Line::of(200).cursor(180)).await, ("epoch", Some(0), Some(0)));
    let unknown = Line { epoch: 3, life: Life { before: None, began: 0, floor: 0 }, ..Line::of(150) };
    assert_eq!(unknown.reset(Line::of(200).cursor(180)).await, ("epoch", Some(0), Some(0)));
}

#[tokio::test]
async fn a_log_that_went_back_without_a_word_asks_for_everything() {
    let line = Line::of(100);
    assert_eq!(line.reset(line.cursor(101)).await, ("ahead", Some(0), Some(0)));
    assert_eq!(line.reset(Line { way: 9, ..line.clone() }.cursor(50)).await, ("forked", Some(0), Some(0)));
}

#[tokio::test]
async fn what_is_archived_is_not_served_and_nothing_of_it_was_lost() {
    for swept in [false, true] {
        let line = Line { life: Life { floor: 60, ..Life::default() }, swept, ..Line::of(100) };
        assert_eq!(line.reset(line.cursor(59)).await, ("archived", None, None));
        assert_eq!(line.reset(line.cursor(0)).await, ("archived", None, None));
        let Read::Page(page) = line.read(Some(line.cursor(60)), Leap::Allowed).await else { panic!("a reset") };
        assert_eq!(page.changes[0].position, 61);
        let never = line.read(Some(line.cursor(59)), Leap::Never).await;
        assert!(matches!(never, Read::Reset(_)), "there is nothing to read, whatever is wished for");
    }
}

#[tokio::test]
async fn a_reader_takes_a_snapshot_when_that_is_shorter_unless_it_wants_every_change() {
    let line = Line::of(20_000);
    assert_eq!(line.reset(line.cursor(9_999)).await, ("cheaper", None, None));
    assert!(matches!(line.read(Some(line.cursor(9_999)), Leap::Never).await, Read::Page(_)));
    assert!(matches!(line.read(Some(line.cursor(10_000)), Leap::Allowed).await, Read::Page(_)), "a short stretch");
    let large = Line { live_entities: 10_000, ..line.clone() };
    assert!(matches!(large.read(None, Leap::Allowed).await, Read::Page(_)), "the snapshot is as long");
    let less = Line { live_entities: 9_999, ..line };
    assert!(matches!(less.read(None, Leap::Allowed).await, Read::Reset(_)));
}

proptest! {
    /// Whatever was acknowledged after the restore point is asked for again, and a base never claims what was not seen.
    #[test]
    fn nothing_that_was_lost_is_kept_back(
        kept in 0_i64..50, lost in 0_i64..50, again in 0_i64..50, seen in 0_i64..100, noticed: bool,
    ) {
        let before = Line::of(kept + lost);
        let seen = seen.min(before.head);
        let began = Life { before: Some(Uuid::from_u128(1)), began: kept, floor: 0 };
        let (epoch, life) = if noticed { (2, began) } else { (1, Life::default()) };
        // Up to the restore point both are one.
        let now = Line { epoch, life, way: 1, ..Line::of(kept + again) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        if let Read::Reset(reset) = runtime.block_on(now.read(Some(before.cursor(seen)), Leap::Allowed)) {
            prop_assert!(reset.resend_after.unwrap() <= kept);
            prop_assert!(reset.base.unwrap().position <= seen.min(kept));
        } else {
            prop_assert!(!noticed && seen <= now.head);
        }
    }
}
