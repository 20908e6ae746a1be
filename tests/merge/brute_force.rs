//! The property, by brute force: whatever devices did, in whichever order it arrives, they end in the same values,
//! members, registers and open conflicts, and those are what the set of writes says.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use futures_util::FutureExt;
use infrastructure::merge_cases::{Case, End, Orders, Played, outcomes_of};
use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use serde_json::{Value, json};
use support::merge_cases::differences;

use crate::oracle::Things;
use crate::random_case::random_case;
use crate::shrink::shrink;
use crate::writes::History;

/// Orders of one case at most.
const ORDERS_MAX: usize = 30;
/// Cases in an ordinary run; LEVELUP_LONG=1 takes twenty times as many, LEVELUP_MERGE_CASES any number.
const CASES: u64 = 1_500;

/// The orders that a case is played in: all of them, or a sample.
fn orders(case: &Case, seed: u64) -> Vec<Vec<String>> {
    let turns: Vec<String> =
        case.devices.iter().flat_map(|(name, one)| one.transactions.iter().map(|_| name.clone())).collect();
    let few = || case.orders().ok().filter(|all| all.len() <= ORDERS_MAX);
    let counts: Vec<usize> = case.devices.values().map(|one| one.transactions.len()).collect();
    let many = infrastructure::merge_cases::count(&counts).is_none_or(|count| count > 2_000);
    if let Some(all) = (!many).then(few).flatten() {
        return all;
    }
    let mut rng = StdRng::seed_from_u64(seed);
    let shuffled = |_| {
        let mut order = turns.clone();
        order.shuffle(&mut rng);
        order
    };
    (0..ORDERS_MAX).map(shuffled).collect()
}

/// The same case, to be played in these orders only.
fn with_orders(mut case: Case, orders: Vec<Vec<String>>) -> Case {
    case.orders = Orders::These(orders);
    case
}

/// What is wrong with a case; nothing, as it should be. The first word says in which way.
fn fault(case: &Case) -> Option<String> {
    let start = match now(Played::given(case)) {
        Ok(start) => start,
        Err(error) => return Some(format!("history: {error}")),
    };
    let expected = Things::of(&History::of(case).writes).end();
    let mut first: Option<(Vec<String>, Value)> = None;
    for order in case.orders().ok()? {
        let mut played = start.fork();
        for name in &order {
            if let Err(error) = now(played.next(case, name)) {
                return Some(format!("unplayed {order:?}: {error}"));
            }
        }
        // The one refusal that may depend on the order: after two devices deleted the same (decision 0015).
        let told = outcomes_of(&played).to_string();
        if told.contains(r#"{"rejected":"deleted"}"#) {
            return None;
        }
        if told.contains("rejected") || told.contains("deferred") {
            return Some(format!("refused {order:?}: {told}"));
        }
        let end = End::of(&played).unwrap().converging().to_value();
        if let Some((earlier, end_of_it)) = &first {
            let differ =
                differences(end_of_it, &end).into_iter().chain(differences(&end, end_of_it)).collect::<Vec<_>>();
            if !differ.is_empty() {
                return Some(format!("differ {earlier:?} and {order:?}:\n{}", differ.join("\n")));
            }
        } else {
            let differ = differences(&expected, &end);
            if !differ.is_empty() {
                return Some(format!("wrong {order:?} does not end as the writes say:\n{}", differ.join("\n")));
            }
            first = Some((order, end));
        }
    }
    None
}

/// The store in memory never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap_or_else(|| panic!("the store in memory waited"))
}

/// The failing case in its smallest form, as a golden case would be written down.
fn report(seed: u64, case: &Case) -> String {
    let way = |case: &Case| fault(case).and_then(|fault| fault.split(' ').next().map(str::to_owned));
    let (found, whole) = (way(case), fault(case).unwrap_or_default());
    let small = shrink(case, |smaller| way(smaller) == found);
    let text = serde_json::to_string(&json!(small)).unwrap();
    format!("seed {seed}: {whole}\nin its smallest form: {}\n{text}", fault(&small).unwrap_or_default())
}

fn cases() -> u64 {
    let named = std::env::var("LEVELUP_MERGE_CASES").ok().and_then(|count| count.parse().ok());
    let long = std::env::var("LEVELUP_LONG").is_ok_and(|word| word == "1");
    named.unwrap_or(if long { 20 * CASES } else { CASES })
}

#[test]
fn random_cases_end_in_every_order_as_the_set_of_writes_says() {
    let (began, count, next) = (Instant::now(), cases(), AtomicU64::new(0));
    let played = AtomicU64::new(0);
    let worker = || {
        let mut found = Vec::new();
        while found.len() < 3 {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= count {
                break;
            }
            let case = random_case(seed);
            let orders = orders(&case, seed);
            played.fetch_add(orders.len() as u64, Ordering::Relaxed);
            let case = with_orders(case, orders);
            if fault(&case).is_some() {
                found.push(report(seed, &case));
            }
        }
        found
    };
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let found: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        all.into_iter().flat_map(|one| one.join().unwrap()).collect()
    });
    println!("{count} cases in {} orders, {:.1} s", played.into_inner(), began.elapsed().as_secs_f32());
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn the_calculation_tells_a_wrong_end_from_a_right_one() {
    let case = random_case(1);
    let case = with_orders(case.clone(), orders(&case, 1));
    assert_eq!(fault(&case), None);
    let mut end = Things::of(&History::of(&case).writes).end();
    let right = end.clone();
    *end.pointer_mut("/entities/task/00000000-0000-7000-8000-000000000101/deleted").unwrap() = json!("perhaps");
    assert_eq!(differences(&end, &right).len(), 1);
}
