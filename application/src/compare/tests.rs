//! What may be asked, and where a reader has to stand.

use std::collections::BTreeMap;

use domain::chain::GENESIS;
use domain::id::SpaceId;
use uuid::Uuid;

use super::{Ask, BUCKETS_MAX, Compared, HELD_MAX, Misfit, elsewhere, held, sums};
use crate::cursor::Cursor;
use crate::feed::ResetReason;
use crate::ledger::Head;

const SUM: &str = "00000000000000ff";

fn refused(sent: &[(&str, &str, &str)]) -> (String, &'static str) {
    place(sums(sent.iter().copied()).unwrap_err())
}

fn place(misfit: Misfit) -> (String, &'static str) {
    (misfit.place.join("/"), misfit.code)
}

#[test]
fn buckets_of_several_kinds_are_read_in_the_order_sent() {
    let Ask::Sums(read) = sums([("task", "a", SUM), ("goal", "", SUM), ("task", "b", SUM)].into_iter()).unwrap() else {
        unreachable!()
    };
    let names: Vec<_> = read.iter().map(|one| (one.bucket.kind.name(), one.bucket.suffix.as_str(), one.sum)).collect();
    assert_eq!(names, [("task", "a", 255), ("goal", "", 255), ("task", "b", 255)]);
}

#[test]
fn what_cannot_be_compared_is_refused_at_its_place() {
    let (deep, long) = ("0".repeat(32), "0".repeat(33));
    assert!(sums([("task", deep.as_str(), SUM)].into_iter()).is_ok());
    for (sent, expected) in [
        (vec![], ("", "too_few")),
        (vec![("quest", "", SUM)], ("0/entity", "kind_unknown")),
        (vec![("task", "G", SUM)], ("0/suffix", "suffix_invalid")),
        (vec![("task", "A", SUM)], ("0/suffix", "suffix_invalid")),
        (vec![("task", &long, SUM)], ("0/suffix", "suffix_invalid")),
        (vec![("task", "a", SUM), ("task", "a", SUM)], ("1/suffix", "bucket_repeated")),
        (vec![("task", "a", SUM), ("task", "1a", SUM)], ("1/suffix", "depth_mixed")),
        (vec![("task", "", SUM), ("task", "1", SUM)], ("1/suffix", "depth_mixed")),
        (vec![("task", "", "ff")], ("0/sum", "checksum_invalid")),
        (vec![("task", "", "+0000000000000ff")], ("0/sum", "checksum_invalid")),
        (vec![("task", "", "00000000000000FF")], ("0/sum", "checksum_invalid")),
    ] {
        assert_eq!(refused(&sent), (expected.0.to_owned(), expected.1), "{sent:?}");
    }
}

#[test]
fn a_request_holds_a_bounded_number_of_buckets_and_entities() {
    let suffixes: Vec<String> = (0..=BUCKETS_MAX).map(|number| format!("{number:03x}")).collect();
    let sent: Vec<_> = suffixes.iter().map(|suffix| ("task", suffix.as_str(), SUM)).collect();
    assert!(sums(sent[1..].iter().copied()).is_ok());
    assert_eq!(refused(&sent), (String::new(), "too_many"));
    let many: BTreeMap<String, String> =
        (0..=HELD_MAX).map(|number| (Uuid::from_u128(number as u128).to_string(), SUM.to_owned())).collect();
    assert_eq!(place(held([("task", "", &many)].into_iter()).unwrap_err()), (String::new(), "too_many"));
}

#[test]
fn an_entity_is_listed_under_its_own_bucket_in_one_spelling() {
    let read = |id: &str, sum: &str| held([("task", "0a", &BTreeMap::from([(id.into(), sum.into())]))].into_iter());
    let id = "00000000-0000-0000-0000-00000000000a";
    assert!(read(id, SUM).is_ok());
    for (id, sum, code) in [
        ("00000000-0000-0000-0000-00000000000A", SUM, "id_invalid"),
        ("0000000000000000000000000000000a", SUM, "id_invalid"),
        ("00000000-0000-0000-0000-0000000000a0", SUM, "bucket_foreign"),
        (id, "f", "checksum_invalid"),
    ] {
        assert_eq!(place(read(id, sum).unwrap_err()), (format!("0/held/{id}"), code));
    }
}

#[test]
fn sums_are_compared_at_the_head_and_nowhere_else() {
    let space = SpaceId(Uuid::from_u128(7));
    let head = Head {
        epoch: Uuid::from_u128(1),
        position: 5,
        hash: [9; 32],
        legacy_next: 1,
        live_entities: 0,
        checksum: 0,
        recorded_at: 0,
        repairs: 0,
    };
    let at = |epoch: u128, position: i64, hash: &[u8]| Cursor::at(space, Uuid::from_u128(epoch), position, hash, 0);
    for (cursor, expected) in [
        (at(1, 5, &[9; 32]), None),
        (at(1, 4, &[9; 32]), Some(Compared::Behind(5))),
        (at(1, 0, &GENESIS), Some(Compared::Behind(5))),
        (at(1, 6, &[9; 32]), Some(Compared::Reset(ResetReason::Ahead))),
        (at(1, 5, &[8; 32]), Some(Compared::Reset(ResetReason::Forked))),
        (at(2, 5, &[9; 32]), Some(Compared::Reset(ResetReason::Epoch))),
    ] {
        assert_eq!(elsewhere(&cursor, &head), expected, "{cursor:?}");
    }
}
