//! Seeds: what must be so whatever goes wrong, on either store.
#![cfg(test)]

use std::time::Instant;

use simulation::{Bug, Failure, Passed, Plan, Scratch, Tally, Trouble, memory, run, shrink};

const IN_MEMORY: u64 = 500;
const ON_POSTGRES: u64 = 20;
const VARIABLE: &str = "LEVELUP_TEST_DATABASE_URL";

/// What a failing seed says: how to run it again, and the smallest run that fails likewise, step by step.
fn story(failure: &Failure) -> String {
    let plan = &failure.plan;
    format!(
        "{failure}\nagain: levelup simulate --from {} --seeds 1\n{} devices, {} acts, {:?}\n{}",
        plan.seed,
        plan.devices,
        plan.acts,
        plan.troubles,
        failure.trace.join("\n")
    )
}

async fn passes(plan: &Plan) -> Passed {
    match run(plan, memory(), false).await {
        Ok(passed) => passed,
        Err(failure) => panic!("{}", story(&shrink(*failure).await)),
    }
}

async fn pass(seeds: std::ops::Range<u64>) -> Tally {
    let mut tally = Tally::default();
    for seed in seeds {
        tally.join(&passes(&Plan::of(seed)).await.tally);
    }
    tally
}

#[tokio::test]
async fn five_hundred_seeds_end_well_in_memory() {
    let began = Instant::now();
    let halves = [0..IN_MEMORY / 2, IN_MEMORY / 2..IN_MEMORY];
    let running = halves.map(|seeds| {
        std::thread::spawn(|| tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(pass(seeds)))
    });
    let mut tally = Tally::default();
    running.into_iter().for_each(|half| tally.join(&half.join().unwrap()));
    println!("{IN_MEMORY} seeds in memory took {:.1} s", began.elapsed().as_secs_f64());
    for (what, count) in tally.all() {
        println!("{count:>8} {what}");
    }
    everything_was_tried(&tally);
}

/// A trouble that never comes proves nothing.
fn everything_was_tried(tally: &Tally) {
    for trouble in Trouble::ALL.iter().filter(|one| !matches!(one, Trouble::StoreFaults | Trouble::OtherNode)) {
        assert!(tally.of(&format!("trouble: {trouble:?}")) > 0, "{trouble:?} never came");
    }
    let rare =
        ["AnswerLost", "NeverSent", "Away", "DiesBefore", "DiesAfter", "restores", "reset: epoch", "answers cut"];
    let outcomes = ["Applied", "Merged", "Superseded", "Unchanged", "rejected: deleted", "rejected: milestones_open"];
    let others = ["transactions sent again after a reset", "refused tokens", "flights beside another node's write"];
    for what in rare.iter().chain(&outcomes).chain(&others) {
        assert!(tally.of(what) > 0, "{what}: never");
    }
    let kinds = ["task", "goal", "milestone", "skill"];
    for kind in kinds.iter().flat_map(|kind| ["create", "edit", "delete", "restore"].map(|act| format!("{kind}.{act}")))
    {
        assert!(tally.of(&kind) > 0, "{kind}: never");
    }
    assert!(tally.of("conflict.resolve") > 0 && tally.of("task.focus") > 0 && tally.of("hero.restore_energy") > 0);
}

#[tokio::test]
async fn a_seed_replays_exactly() {
    for seed in [3, 44] {
        assert_eq!(passes(&Plan::of(seed)).await, passes(&Plan::of(seed)).await);
    }
}

#[tokio::test]
async fn a_seed_ends_alike_on_postgres_and_in_memory() {
    let Ok(url) = std::env::var(VARIABLE) else {
        return println!("skipped: {VARIABLE} is not set");
    };
    let scratch = Scratch::make(&url.parse().unwrap()).await.unwrap();
    let began = Instant::now();
    for seed in 0..ON_POSTGRES {
        let plan = Plan::of(seed);
        let there = run(&plan, scratch.store(), true).await;
        let there = there.unwrap_or_else(|failure| panic!("on PostgreSQL: {}", story(&failure)));
        assert_eq!(there, passes(&plan).await, "seed {seed}");
    }
    println!("{ON_POSTGRES} seeds on PostgreSQL took {:.1} s", began.elapsed().as_secs_f64());
    scratch.end().await.unwrap();
}

/// The first seed that finds a bug; the same run without the bug ends well.
async fn found_by(bug: Bug) -> (u64, String) {
    for seed in 0..IN_MEMORY {
        let plan = Plan::of(seed).with_bug(bug);
        if let Err(failure) = run(&plan, memory(), false).await {
            passes(&Plan::of(seed)).await;
            return (seed, failure.reason);
        }
    }
    panic!("{bug:?} was not found");
}

#[tokio::test]
async fn every_planted_bug_is_found() {
    for bug in Bug::ALL {
        let (seed, reason) = found_by(bug).await;
        println!("{bug:?} is found by seed {seed}: {}", reason.chars().take(160).collect::<String>());
    }
}
