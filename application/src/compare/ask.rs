//! What a reader asks, read against the rules: buckets of one request do not overlap, and those of one kind are of one
//! depth, so that each table is read once.

use std::collections::{BTreeMap, BTreeSet};

use domain::entity::{EntityRef, Kind};
use domain::id::EntityId;
use uuid::Uuid;

use super::bucket::{Bucket, DIGITS_MAX, Suffix};
use super::{BUCKETS_MAX, HELD_MAX};

/// A checksum's digits.
const SUM_DIGITS: usize = 16;
/// An id's characters, in the one form that is read.
const ID_CHARS: usize = 36;

/// What a reader asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Which of these buckets differ.
    Sums(Vec<Sum>),
    /// Which entities of these buckets differ, and how they are.
    Entities(Held),
}

/// What a reader's live entities of a bucket add up to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Which bucket.
    pub bucket: Bucket,
    /// The sum of their checksums, mod 2^64.
    pub sum: u64,
}

/// All of a reader's live entities in some buckets, with their checksums.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Which buckets.
    pub buckets: Vec<Bucket>,
    /// What the reader has of them.
    pub entities: BTreeMap<EntityRef, u64>,
}

/// A place in what was asked that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where: steps of a JSON pointer below the list.
    pub place: Vec<String>,
    /// What is wrong there.
    pub code: &'static str,
    /// A sentence.
    pub message: String,
    /// The limit that was missed.
    pub limit: Option<(&'static str, usize)>,
}

/// Reads sums of buckets: kind, suffix, sum.
///
/// # Errors
/// The first place that cannot be used.
pub fn sums<'a>(sent: impl ExactSizeIterator<Item = (&'a str, &'a str, &'a str)>) -> Result<Ask, Misfit> {
    let mut read = Vec::with_capacity(sent.len().min(BUCKETS_MAX));
    let mut fence = Fence::around(sent.len())?;
    for (index, (kind, suffix, text)) in sent.enumerate() {
        let bucket = fence.bucket(index, kind, suffix)?;
        let sum = checksum(text).ok_or_else(|| sum_invalid(vec![index.to_string(), "sum".to_owned()]))?;
        read.push(Sum { bucket, sum });
    }
    Ok(Ask::Sums(read))
}

/// Reads buckets with all that the reader has of them: kind, suffix, checksums by id.
///
/// # Errors
/// The first place that cannot be used.
pub fn held<'a>(
    sent: impl ExactSizeIterator<Item = (&'a str, &'a str, &'a BTreeMap<String, String>)>,
) -> Result<Ask, Misfit> {
    let mut read = Held::default();
    let mut fence = Fence::around(sent.len())?;
    for (index, (kind, suffix, entities)) in sent.enumerate() {
        let bucket = fence.bucket(index, kind, suffix)?;
        for (id, text) in entities {
            let place = || vec![index.to_string(), "held".to_owned(), id.clone()];
            let known = entity_id(id)
                .ok_or_else(|| misfit(place(), "id_invalid", "An id is a UUID in lower case, with hyphens."))?;
            if !bucket.suffix.ends(known) {
                return Err(misfit(place(), "bucket_foreign", "This id does not end in the digits of its bucket."));
            }
            let sum = checksum(text).ok_or_else(|| sum_invalid(place()))?;
            read.entities.insert(EntityRef::new(bucket.kind, known), sum);
        }
        read.buckets.push(bucket);
        if read.entities.len() > HELD_MAX {
            let message = format!("At most {HELD_MAX} entities can be listed; compare smaller buckets.");
            return Err(Misfit { limit: Some(("max", HELD_MAX)), ..misfit(Vec::new(), "too_many", message) });
        }
    }
    Ok(Ask::Entities(read))
}

/// What the buckets of one request have to keep to.
#[derive(Default)]
struct Fence {
    seen: BTreeSet<Bucket>,
    digits: BTreeMap<Kind, usize>,
}

impl Fence {
    fn around(buckets: usize) -> Result<Self, Misfit> {
        if buckets == 0 {
            return Err(misfit(Vec::new(), "too_few", "Name a bucket at least."));
        }
        if buckets > BUCKETS_MAX {
            let message = format!("At most {BUCKETS_MAX} buckets can be compared at once.");
            return Err(Misfit { limit: Some(("max", BUCKETS_MAX)), ..misfit(Vec::new(), "too_many", message) });
        }
        Ok(Self::default())
    }

    fn bucket(&mut self, index: usize, kind: &str, suffix: &str) -> Result<Bucket, Misfit> {
        let place = |field: &str| vec![index.to_string(), field.to_owned()];
        let kind = Kind::from_name(kind).ok_or_else(|| {
            let all: Vec<&str> = super::kinds().collect();
            misfit(place("entity"), "kind_unknown", format!("The kinds are {}.", all.join(", ")))
        })?;
        let suffix = Suffix::read(suffix).ok_or_else(|| {
            let message = format!("A suffix is 0 to {DIGITS_MAX} hexadecimal digits in lower case.");
            Misfit { limit: Some(("max", DIGITS_MAX)), ..misfit(place("suffix"), "suffix_invalid", message) }
        })?;
        if *self.digits.entry(kind).or_insert(suffix.digits()) != suffix.digits() {
            let message = "Buckets of one kind have suffixes of one length in a request.";
            return Err(misfit(place("suffix"), "depth_mixed", message));
        }
        let bucket = Bucket { kind, suffix };
        if !self.seen.insert(bucket.clone()) {
            return Err(misfit(place("suffix"), "bucket_repeated", "This bucket is named twice."));
        }
        Ok(bucket)
    }
}

fn misfit(place: Vec<String>, code: &'static str, message: impl Into<String>) -> Misfit {
    Misfit { place, code, message: message.into(), limit: None }
}

fn sum_invalid(place: Vec<String>) -> Misfit {
    misfit(place, "checksum_invalid", format!("A checksum is {SUM_DIGITS} hexadecimal digits in lower case."))
}

/// A checksum as the wire spells it.
fn checksum(text: &str) -> Option<u64> {
    let is_one = text.len() == SUM_DIGITS && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_one.then(|| u64::from_str_radix(text, 16).ok()).flatten()
}

/// An id in the one form, so that no entity can be listed twice.
fn entity_id(text: &str) -> Option<EntityId> {
    let is_one = text.len() == ID_CHARS && !text.bytes().any(|byte| byte.is_ascii_uppercase());
    is_one.then(|| Uuid::parse_str(text).ok()).flatten().map(EntityId)
}
