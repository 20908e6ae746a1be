//! Which buckets are compared next: from whole kinds down to buckets that are small enough to be listed, sixteen of each
//! that differs. Nothing of the replica is kept in between, so the descent goes on after other changes were read.

use std::collections::{BTreeSet, HashMap};

use uuid::Uuid;

use super::super::replica::Share;
use super::wire::Different;

/// Entities of a bucket that is listed, here and there, at most.
const LISTED_MAX: usize = 64;
/// What one request may hold: see docs/API.md.
const BUCKETS_MAX: usize = 512;
const HELD_MAX: usize = 2_000;
/// Digits of an id.
const DIGITS: usize = 32;

/// Entities of one kind whose ids end alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bucket {
    pub(super) entity: String,
    pub(super) suffix: String,
}

/// What a bucket adds up to here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Summed {
    pub(super) bucket: Bucket,
    pub(super) sum: u64,
}

/// All that a bucket holds here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) bucket: Bucket,
    pub(super) held: Vec<(Uuid, u64)>,
}

/// What is asked next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Which of these differ.
    Sums(Vec<Summed>),
    /// Which entities of these differ.
    Held(Vec<Listed>),
    /// So much differs that a snapshot is cheaper.
    TooMuch,
}

/// How far down the comparison has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Descent {
    /// Buckets that differ; none before the first answer.
    suspects: Option<Vec<Different>>,
    /// Buckets that differ and were not asked about last.
    resting: Vec<Different>,
}

impl Descent {
    /// What to ask next of a replica with these shares.
    pub(super) fn question(&mut self, shares: &[Share]) -> Question {
        let Some(suspects) = &mut self.suspects else {
            return summed(roots(shares), shares);
        };
        suspects.append(&mut self.resting);
        let listed = listed(suspects.iter().map(Different::bucket).collect(), shares);
        let is_large = |(one, here): (&Different, &Listed)| one.count.max(here.held.len()) > LISTED_MAX;
        let large: BTreeSet<String> = suspects
            .iter()
            .zip(&listed)
            .filter(|(one, here)| is_large((one, here)))
            .map(|(one, _)| one.entity.clone())
            .collect();
        if large.is_empty() {
            let held: usize = listed.iter().map(|one| one.held.len()).sum();
            let fits = listed.len() <= BUCKETS_MAX && held <= HELD_MAX;
            return if fits { Question::Held(listed) } else { Question::TooMuch };
        }
        // Buckets of one kind are of one depth, so all of a kind go down together.
        let (deeper, resting) = suspects.drain(..).partition(|one| large.contains(&one.entity));
        self.resting = resting;
        down(&deeper, shares)
    }

    /// Takes what was said to differ of what was asked.
    pub(super) fn narrow(&mut self, differ: Vec<Different>) {
        self.suspects = Some(differ);
    }

    /// Whether nothing differs.
    pub(super) fn is_over(&self) -> bool {
        self.suspects.as_ref().is_some_and(Vec::is_empty) && self.resting.is_empty()
    }
}

fn down(buckets: &[Different], shares: &[Share]) -> Question {
    let children: Vec<Bucket> = buckets.iter().flat_map(|one| one.bucket().children()).collect();
    if children.len() > BUCKETS_MAX { Question::TooMuch } else { summed(children, shares) }
}

/// Every kind that the server has, and every one that is here.
fn roots(shares: &[Share]) -> Vec<Bucket> {
    let here = shares.iter().map(|share| share.entity.clone());
    let entities: BTreeSet<String> = application::compare::kinds().map(str::to_owned).chain(here).collect();
    entities.into_iter().map(|entity| Bucket { entity, suffix: String::new() }).collect()
}

fn summed(buckets: Vec<Bucket>, shares: &[Share]) -> Question {
    let sum = |of: Vec<&Share>| of.iter().fold(0_u64, |sum, share| sum.wrapping_add(share.sum));
    let sums = sorted(buckets, shares).map(|(bucket, of)| Summed { bucket, sum: sum(of) });
    Question::Sums(sums.collect())
}

fn listed(buckets: Vec<Bucket>, shares: &[Share]) -> Vec<Listed> {
    let held = |of: Vec<&Share>| of.iter().map(|share| (share.id, share.sum)).collect();
    sorted(buckets, shares).map(|(bucket, of)| Listed { bucket, held: held(of) }).collect()
}

/// Buckets with their shares, in one walk: those of one kind are of one depth.
fn sorted(buckets: Vec<Bucket>, shares: &[Share]) -> impl Iterator<Item = (Bucket, Vec<&Share>)> {
    let depths: HashMap<String, usize> =
        buckets.iter().map(|bucket| (bucket.entity.clone(), bucket.suffix.len())).collect();
    let places: HashMap<(&str, &str), usize> =
        buckets.iter().enumerate().map(|(at, bucket)| ((&*bucket.entity, &*bucket.suffix), at)).collect();
    let mut found = vec![Vec::new(); buckets.len()];
    for share in shares {
        let mut buffer = [0; DIGITS];
        let digits = share.id.simple().encode_lower(&mut buffer);
        let suffix = depths.get(&share.entity).map(|depth| &digits[DIGITS - (*depth).min(DIGITS)..]);
        if let Some(place) = suffix.and_then(|suffix| places.get(&(&*share.entity, suffix))) {
            found[*place].push(share);
        }
    }
    buckets.into_iter().zip(found)
}

impl Different {
    fn bucket(&self) -> Bucket {
        Bucket { entity: self.entity.clone(), suffix: self.suffix.clone() }
    }
}

impl Bucket {
    fn children(&self) -> impl Iterator<Item = Self> + use<> {
        let (entity, suffix) = (self.entity.clone(), self.suffix.clone());
        (0..16).map(move |digit| Self { entity: entity.clone(), suffix: format!("{digit:x}{suffix}") })
    }
}
