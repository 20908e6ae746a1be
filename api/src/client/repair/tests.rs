//! The way down, against a server that is a list of shares.

use uuid::Uuid;

use super::descent::{Descent, Question};
use super::wire::Different;
use crate::client::replica::Share;

fn share(entity: &str, number: u128, sum: u64) -> Share {
    // Ids as they come: the last digits are as good as random.
    let id = Uuid::from_u128(number.wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835));
    Share { entity: entity.to_owned(), id, sum }
}

fn tasks(count: u128) -> Vec<Share> {
    (1..=count).map(|number| share("task", number, number as u64 * 7)).collect()
}

/// Asks until entities are listed; how often it asked, and what it listed.
fn descend(here: &[Share], there: &[Share]) -> (usize, Question) {
    let mut descent = Descent::default();
    for asked in 0..40 {
        let question = descent.question(here);
        let Question::Sums(sums) = &question else { return (asked, question) };
        let differ = sums.iter().filter_map(|one| {
            let of: Vec<&Share> = there
                .iter()
                .filter(|share| share.entity == one.bucket.entity)
                .filter(|share| share.id.simple().to_string().ends_with(&one.bucket.suffix))
                .collect();
            let sum = of.iter().fold(0_u64, |sum, share| sum.wrapping_add(share.sum));
            let (entity, suffix) = (one.bucket.entity.clone(), one.bucket.suffix.clone());
            (sum != one.sum).then_some(Different { entity, suffix, count: of.len() })
        });
        descent.narrow(differ.collect());
        if descent.is_over() {
            return (asked + 1, Question::Held(Vec::new()));
        }
    }
    panic!("it never comes to an end")
}

fn ids(question: Question) -> Vec<Uuid> {
    let Question::Held(listed) = question else { panic!("{question:?}") };
    listed.into_iter().flat_map(|one| one.held).map(|(id, _)| id).collect()
}

#[test]
fn one_entity_among_ten_thousand_is_found_in_a_few_steps() {
    let there = tasks(10_000);
    let mut here = there.clone();
    here[4_321].sum += 1;
    let (asked, question) = descend(&here, &there);
    let listed = ids(question);
    assert!(listed.contains(&here[4_321].id));
    assert!(asked <= 4 && listed.len() <= 64, "{asked} questions, {} listed", listed.len());
}

#[test]
fn an_entity_that_is_missing_on_either_side_is_found() {
    let all = tasks(1_000);
    let without: Vec<Share> = all.iter().filter(|share| share.id != all[500].id).cloned().collect();
    let (_, question) = descend(&all, &without);
    assert!(ids(question).contains(&all[500].id));
    let (_, question) = descend(&without, &all);
    let Question::Held(listed) = question else { panic!("{question:?}") };
    let suffixes: Vec<&str> = listed.iter().map(|one| one.bucket.suffix.as_str()).collect();
    let id = all[500].id.simple().to_string();
    assert!(suffixes.iter().any(|suffix| id.ends_with(suffix)), "{suffixes:?}");
}

#[test]
fn a_kind_that_is_missing_here_is_found() {
    let there = [tasks(3), vec![share("hero", 9, 1)]].concat();
    let (asked, question) = descend(&tasks(3), &there);
    let Question::Held(listed) = question else { panic!("{question:?}") };
    assert_eq!((asked, listed.len(), listed[0].bucket.entity.as_str()), (1, 1, "hero"));
}

#[test]
fn ids_that_end_alike_are_told_apart_further_up() {
    let there: Vec<Share> =
        (0..200).map(|number| Share { id: Uuid::from_u128(number << 96), ..share("task", 1, 5) }).collect();
    let mut here = there.clone();
    here[77].sum = 6;
    let (_, question) = descend(&here, &there);
    assert!(ids(question).contains(&here[77].id));
}

#[test]
fn a_replica_that_differs_nearly_everywhere_is_not_mended_one_by_one() {
    let there = tasks(20_000);
    let here: Vec<Share> = there.iter().map(|share| Share { sum: share.sum + 1, ..share.clone() }).collect();
    assert_eq!(descend(&here, &there).1, Question::TooMuch);
}

#[test]
fn equal_replicas_have_nothing_more_to_ask() {
    assert_eq!(descend(&tasks(100), &tasks(100)), (1, Question::Held(Vec::new())));
}
