//! What peers got wrong, each with just the troubles that bring it about.
#![cfg(test)]

use simulation::{Bug, Plan, Tally, Trouble, memory, run, shrink};

const SEEDS: u64 = 25;

/// Every seed with these troubles ends well, and what is to be survived came.
async fn survived(troubles: &[Trouble], came: &[&str]) {
    let mut tally = Tally::default();
    for seed in 0..SEEDS {
        let plan = Plan { troubles: troubles.iter().copied().collect(), ..Plan::of(seed) };
        match run(&plan, memory(), false).await {
            Ok(passed) => tally.join(&passed.tally),
            Err(failure) => {
                let failure = shrink(*failure).await;
                panic!("{failure}\n{}", failure.trace.join("\n"));
            }
        }
    }
    for what in came {
        assert!(tally.of(what) > 0, "{what}: never");
    }
}

/// Some seed finds the bug.
async fn caught(bug: Bug) {
    for seed in 0..SEEDS {
        if run(&Plan::of(seed).with_bug(bug), memory(), false).await.is_err() {
            return;
        }
    }
    panic!("{bug:?} was not found");
}

#[tokio::test]
async fn a_clock_of_the_future_does_not_win_for_ever() {
    survived(&[Trouble::Clocks, Trouble::Absence], &["trouble: Clocks", "Superseded"]).await;
    caught(Bug::SkippedStamp).await;
}

#[tokio::test]
async fn two_devices_that_complete_one_task_are_rewarded_once() {
    survived(&[Trouble::Absence, Trouble::Network], &["task.complete", "Unchanged"]).await;
    caught(Bug::CompletionCountedTwice).await;
}

#[tokio::test]
async fn deleted_things_do_not_come_back_after_long_absence() {
    survived(&[Trouble::Absence, Trouble::DeviceRestarts], &["task.delete", "goal.delete", "trouble: Absence"]).await;
}

#[tokio::test]
async fn no_view_is_dropped_in_silence() {
    survived(&[Trouble::Absence, Trouble::Clocks], &["Merged", "conflict.resolve"]).await;
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_not_decided_twice() {
    let troubles = [Trouble::StoreFaults, Trouble::ServerKills, Trouble::Network, Trouble::OtherNode];
    survived(&troubles, &["AnswerLost", "NeverSent", "DiesAfter", "DiesBefore", "answers cut"]).await;
    caught(Bug::DroppedReceiptCheck).await;
}

#[tokio::test]
async fn the_acknowledgement_of_a_push_does_not_move_the_cursor() {
    survived(&[Trouble::Network, Trouble::DeviceRestarts], &["checksums compared"]).await;
    caught(Bug::CursorMovedByWrite).await;
}

#[tokio::test]
async fn to_start_again_drops_nothing_that_waits() {
    let troubles = [Trouble::Restores, Trouble::Absence, Trouble::DeviceRestarts];
    let came = ["reset: epoch", "transactions that waited through a reset", "transactions sent again after a reset"];
    survived(&troubles, &came).await;
}

#[tokio::test]
async fn an_expired_token_ends_in_another_token_and_not_in_a_loop() {
    survived(&[Trouble::Tokens, Trouble::Network], &["refused tokens"]).await;
}
