//! What is said is bounded and whole; what is heard is taken for a hint and nothing more.

use std::time::Duration;

use application::ledger::Head;
use domain::id::SpaceId;
use futures_util::FutureExt;
use proptest::prelude::*;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use super::ear::Ear;
use super::letter::{self, LETTER_BYTES_MAX};
use super::unsaid::{SPACES_MAX, Unsaid};
use super::{Hint, Hints, Look, Standing, Topic};
use crate::config::HintsOver;
use crate::hub::Hub;

const ME: Uuid = Uuid::from_u128(1);
const OTHER: Uuid = Uuid::from_u128(2);
const EPOCH: Uuid = Uuid::from_u128(3);
const LONG: Duration = Duration::from_secs(3_600);

fn space(number: u128) -> SpaceId {
    SpaceId(Uuid::from_u128(number))
}

fn head(number: u128, position: i64) -> Hint {
    Hint::Head { space: space(number), epoch: EPOCH, position }
}

fn hinted() -> impl Strategy<Value = Hint> {
    let topic = (0..Topic::ALL.len()).prop_map(|number| Hint::Changed(Topic::ALL[number]));
    let head = (any::<u128>(), any::<u128>(), any::<i64>()).prop_map(|(space, epoch, position)| Hint::Head {
        space: SpaceId(Uuid::from_u128(space)),
        epoch: Uuid::from_u128(epoch),
        position,
    });
    prop_oneof![1 => topic, 9 => head]
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_in_letters_that_are_not_too_long(hints in prop::collection::vec(hinted(), 0..400)) {
        let mut number = 5;
        let letters = letter::write(OTHER, &mut number, &hints);
        prop_assert!(!letters.is_empty() && letters.iter().all(|letter| letter.len() <= LETTER_BYTES_MAX));
        let read: Vec<_> = letters.iter().map(|letter| letter::read(letter).unwrap()).collect();
        let numbers: Vec<u64> = read.iter().map(|letter| letter.number).collect();
        prop_assert_eq!(numbers, (6..=number).collect::<Vec<_>>());
        prop_assert!(read.iter().all(|letter| letter.node == OTHER));
        prop_assert_eq!(read.into_iter().flat_map(|letter| letter.hints).collect::<Vec<_>>(), hints);
    }

    #[test]
    fn whatever_is_heard_breaks_nothing(text in ".{0,200}", words in "1 [0-9a-f]{32} [0-9]{1,20}( [hc:0-9a-f-]{0,80}){0,5}") {
        let ear = Ear::new(Hints::of(ME, HintsOver::Notify), Hub::default());
        ear.hear(&text);
        ear.hear(&words);
    }
}

#[test]
fn a_word_of_a_newer_node_is_passed_over_and_another_language_altogether() {
    let letter = letter::read(&format!("1 {} 7 x:new h:1:2 c:flags c:moods", OTHER.simple())).unwrap();
    assert_eq!((letter.number, letter.hints), (7, vec![Hint::Changed(Topic::Flags)]));
    assert_eq!(letter::read(&format!("2 {} 7 c:flags", OTHER.simple())), None);
    for garbage in ["", "1", "1 x 7", "1 00 -1", "hello", "1 ".repeat(100_000).as_str()] {
        assert_eq!(letter::read(garbage), None);
    }
}

#[test]
fn of_each_space_the_newest_position_is_said_and_no_more_than_there_is_room_for() {
    let unsaid = Unsaid::kept(true);
    [head(1, 5), head(1, 9), head(1, 7), Hint::Changed(Topic::Sessions), Hint::Changed(Topic::Sessions)]
        .into_iter()
        .for_each(|hint| unsaid.put(hint));
    assert_eq!(unsaid.take(), [Hint::Changed(Topic::Sessions), head(1, 9)]);
    (0..SPACES_MAX as u128 + 100).for_each(|number| unsaid.put(head(number, 1)));
    unsaid.put(head(7, 2));
    let taken = unsaid.take();
    assert!(taken.len() == SPACES_MAX && taken.contains(&head(7, 2)));
    assert!(unsaid.take().is_empty());
}

#[test]
fn what_could_not_be_said_does_not_replace_what_is_newer() {
    let unsaid = Unsaid::kept(true);
    unsaid.put(head(1, 5));
    let taken = unsaid.take();
    unsaid.put(head(1, 6));
    unsaid.put_back(taken);
    assert_eq!(unsaid.take(), [head(1, 6)]);
}

#[test]
fn without_a_way_nothing_is_kept() {
    let (hints, hub) = (Hints::default(), Hub::telling(Hints::default()));
    hints.changed(Topic::Flags);
    hub.found(space(1), &full_head(4));
    assert!(hints.0.unsaid.take().is_empty());
    assert_eq!(hints.standing(), Standing::Off);
}

fn full_head(position: i64) -> Head {
    let hash = [0; 32];
    Head { epoch: EPOCH, position, hash, legacy_next: 1, live_entities: 0, checksum: 0, recorded_at: 0, repairs: 0 }
}

fn letter_of(node: Uuid, hints: &[Hint]) -> String {
    letter::write(node, &mut 0, hints).remove(0)
}

/// What is wanted by now.
fn wanted(hints: &Hints) -> Option<Look> {
    hints.wanted().next(Instant::now() + LONG).now_or_never()
}

#[tokio::test]
async fn a_hint_makes_the_node_look_at_watched_spaces_that_are_behind_and_raises_nothing() {
    let (hints, hub) = (Hints::of(ME, HintsOver::Notify), Hub::default());
    let ear = Ear::new(hints.clone(), hub.clone());
    let reader = hub.subscribe(space(1));
    hub.raise(space(1), 5);
    ear.hear(&letter_of(OTHER, &[head(1, 5), head(2, 9)]));
    assert_eq!(wanted(&hints), None, "it is known, and nobody reads the other");
    ear.hear(&letter_of(OTHER, &[head(1, i64::MAX), head(1, 6)]));
    assert_eq!(wanted(&hints), Some(Look::Hinted(vec![space(1)])));
    assert_eq!(hub.watched(), [(space(1), 5)], "nothing is believed");
    ear.hear(&letter_of(ME, &[head(1, 7)]));
    assert_eq!(wanted(&hints), None, "one's own hints say nothing new");
    drop(reader);
}

#[tokio::test]
async fn everything_is_looked_at_when_others_are_heard_again_and_when_they_no_longer_are() {
    let hints = Hints::of(ME, HintsOver::Nats);
    let ear = Ear::new(hints.clone(), Hub::default());
    ear.hear(&letter_of(ME, &[]));
    assert!(!hints.come(), "nothing was waited for: that is an old letter");
    ear.echo().said(1);
    ear.hear(&letter_of(ME, &[]));
    assert_eq!((hints.standing(), wanted(&hints)), (Standing::Heard, Some(Look::Everything)));
    ear.deaf("gone");
    assert_eq!(wanted(&hints), Some(Look::Everything));
    ear.deaf("still gone");
    assert_eq!(wanted(&hints), None);
    assert_eq!(hints.standing(), Standing::Away { why: "still gone".to_owned() });
}

#[tokio::test]
async fn however_many_hints_come_the_sweep_is_not_put_off() {
    let (hints, hub) = (Hints::of(ME, HintsOver::Notify), Hub::default());
    let ear = Ear::new(hints.clone(), hub.clone());
    let _reader = hub.subscribe(space(1));
    ear.hear(&letter_of(OTHER, &[head(1, 9)]));
    assert_eq!(hints.wanted().next(Instant::now()).now_or_never(), Some(Look::Everything));
}

#[tokio::test]
async fn a_look_that_failed_is_wanted_again() {
    let hints = Hints::of(ME, HintsOver::Notify);
    hints.wanted().again(Look::Hinted(vec![space(1)]));
    assert_eq!(wanted(&hints), Some(Look::Hinted(vec![space(1)])));
    hints.wanted().again(Look::Everything);
    assert_eq!((wanted(&hints), wanted(&hints)), (Some(Look::Everything), None));
}

#[tokio::test]
async fn a_hint_brings_the_next_look_at_its_topic_forward_and_at_no_other() {
    let hints = Hints::of(ME, HintsOver::Notify);
    let ear = Ear::new(hints.clone(), Hub::default());
    let mut rhythm = hints.rhythm(Topic::Sessions, LONG.as_millis() as u64, LONG.as_millis() as u64);
    rhythm.beat().now_or_never().expect("the first look is now");
    ear.hear(&letter_of(OTHER, &[Hint::Changed(Topic::Flags)]));
    assert!(timeout(Duration::from_millis(100), rhythm.beat()).await.is_err(), "that was about flags");
    ear.hear(&letter_of(OTHER, &[Hint::Changed(Topic::Flags), Hint::Changed(Topic::Sessions)]));
    timeout(LONG, rhythm.beat()).await.expect("a look");
    assert!(timeout(Duration::from_millis(100), rhythm.beat()).await.is_err(), "one hint is one look");
}
