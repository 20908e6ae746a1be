//! Tests of the notes.

use application::sync_history::{Channel, PAUSE_MS, SYNC_MS_MAX, Sync, Tally};
use domain::id::{AccountId, DeviceId};

use super::{Due, SyncNotes, WRITTEN_MS};
use crate::clock;

const START: i64 = 1_000_000;

fn ids() -> (AccountId, DeviceId) {
    (AccountId(clock::uuid_v7()), DeviceId(clock::uuid_v7()))
}

fn read(notes: &SyncNotes, who: (AccountId, DeviceId), at: i64) {
    notes.note(who, Channel::Http, (at, at + 10), &Tally::read(1));
}

/// When each begins and ends after the start, and its changes.
fn spans(taken: &[(AccountId, Sync)]) -> Vec<(i64, i64, i64)> {
    taken.iter().map(|(_, one)| (one.started_at - START, one.ended_at - START, one.tally.changes)).collect()
}

#[test]
fn what_passes_without_a_pause_is_one_sync() {
    let (notes, who) = (SyncNotes::default(), ids());
    for later in [0, 30_000, 70_000] {
        read(&notes, who, START + later);
    }
    let taken = notes.due(Due::All, START + 71_000);
    assert_eq!(spans(&taken), [(0, 70_010, 3)]);
    read(&notes, who, START + 80_000);
    let grown = notes.due(Due::All, START + 81_000);
    assert_eq!((spans(&grown), grown[0].1.id), (vec![(0, 80_010, 4)], taken[0].1.id), "the same sync, as it is now");
    read(&notes, who, START + 80_010 + PAUSE_MS);
    let next = notes.due(Due::All, START + 80_020 + PAUSE_MS);
    assert_eq!(spans(&next).len(), 1);
    assert_ne!(next[0].1.id, taken[0].1.id);
    assert!(next[0].1.id > taken[0].1.id, "greater is newer");
}

#[test]
fn devices_ways_to_be_connected_and_accounts_are_apart() {
    let (notes, (account, device), (other, another)) = (SyncNotes::default(), ids(), ids());
    for who in [(account, device), (account, another), (other, device)] {
        read(&notes, who, START);
    }
    notes.note((account, device), Channel::Stream, (START, START), &Tally::read(1));
    assert_eq!(notes.due(Due::Of(other), START).len(), 1);
    assert_eq!(notes.due(Due::Of(account), START).len(), 3);
    assert_eq!(notes.due(Due::All, START), []);
}

#[test]
fn a_sync_is_written_once_a_minute_while_it_goes_on_and_once_when_it_is_over() {
    let (notes, who) = (SyncNotes::default(), ids());
    read(&notes, who, START);
    assert_eq!(notes.due(Due::Timely, START + WRITTEN_MS - 1), []);
    read(&notes, who, START + 50_000);
    assert_eq!(spans(&notes.due(Due::Timely, START + WRITTEN_MS)), [(0, 50_010, 2)]);
    read(&notes, who, START + 70_000);
    assert_eq!(notes.due(Due::Timely, START + 2 * WRITTEN_MS - 1), []);
    assert_eq!(spans(&notes.due(Due::Timely, START + 70_010 + PAUSE_MS)), [(0, 70_010, 3)]);
    assert!(notes.lock().open.is_empty(), "it is over and forgotten");
}

#[test]
fn a_device_that_never_pauses_has_syncs_of_a_length_that_is_bounded() {
    let (notes, who) = (SyncNotes::default(), ids());
    let mut written = std::collections::BTreeSet::new();
    for minute in 0..60 {
        for half in [0, 30_000] {
            read(&notes, who, START + minute * 60_000 + half);
        }
        written.extend(notes.due(Due::Timely, START + minute * 60_000 + 31_000).into_iter().map(|(_, sync)| sync.id));
    }
    written.extend(notes.due(Due::All, START).into_iter().map(|(_, sync)| sync.id));
    assert_eq!(written.len() as i64, 60 * 60_000 / SYNC_MS_MAX);
}

#[test]
fn what_could_not_be_written_is_due_again_as_it_is_then() {
    let (notes, who) = (SyncNotes::default(), ids());
    read(&notes, who, START);
    let failed = notes.due(Due::All, START);
    read(&notes, who, START + 1_000);
    notes.again(&failed);
    assert_eq!(spans(&notes.due(Due::All, START + 1_000)), [(0, 1_010, 2)]);
    // Over by the time that the write fails: what was taken is all there is.
    let over = START + 1_010 + PAUSE_MS;
    read(&notes, who, START + 2_000);
    let failed = notes.due(Due::All, over + 2_000);
    notes.again(&failed);
    assert_eq!(notes.due(Due::Timely, over + 3_000), failed);
}

#[test]
fn a_look_that_found_nothing_is_not_noted_and_does_not_keep_a_sync_open() {
    let (notes, who) = (SyncNotes::default(), ids());
    notes.note(who, Channel::Http, (START, START), &Tally::read(0));
    assert!(notes.lock().open.is_empty());
    read(&notes, who, START);
    notes.note(who, Channel::Http, (START + 30_000, START + 30_000), &Tally::read(0));
    assert_eq!(spans(&notes.due(Due::All, START + 31_000)), [(0, 10, 1)]);
}
