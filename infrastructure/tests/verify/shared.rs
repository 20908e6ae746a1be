//! A walk is shared, taken over and stopped; its place is kept.

use std::time::Duration;

use application::verify::Finding;
use domain::id::SpaceId;
use infrastructure::postgres::verify::{BegunBy, News, RunError, Sessions, Worked, begin, run, stop, under_way, work};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::support::Database;

/// So slow that it is at the first space until the end of the test.
const CRAWL: Option<u32> = Some(1);

/// Works at a walk until it is told that it has ended.
async fn to_the_end(database: &Database, id: Uuid) -> Vec<Finding> {
    let (mut told, stop) = (Vec::new(), CancellationToken::new());
    let mut tell = |news: News<'_>| {
        if let News::Finding(finding) = news {
            told.push(finding.clone());
        }
    };
    let mut sessions = Sessions::connect(&database.config).await.unwrap();
    let ending = async {
        // PostgreSQL notices the end of a session a moment later; nothing announces it.
        while work(&mut sessions, id, None, &stop, &mut tell).await.unwrap() == Worked::Elsewhere {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), ending).await.unwrap();
    told
}

#[tokio::test]
async fn what_a_dead_process_was_at_another_goes_on_with() {
    let Some(database) = Database::create().await else { return };
    let spaces = [database.fill("light@example.test", 20).await, database.fill("light@example.test", 20).await];
    for space in spaces {
        database.tamper("UPDATE heroes SET streak = streak + 1 WHERE space_id = $1", space).await;
    }
    let client = database.client().await;
    let id = begin(&client, None, BegunBy::Operator).await.unwrap();
    let (mut sessions, never) = (Sessions::connect(&database.config).await.unwrap(), CancellationToken::new());
    let begun = CancellationToken::new();
    let mut tell = |_: News<'_>| begun.cancel();
    tokio::select! {
        ended = work(&mut sessions, id, CRAWL, &never, &mut tell) => panic!("{ended:?}"),
        () = begun.cancelled() => {}
    }
    let mut second = Sessions::connect(&database.config).await.unwrap();
    let elsewhere = work(&mut second, id, None, &never, &mut |_: News<'_>| {}).await.unwrap();
    assert_eq!(elsewhere, Worked::Elsewhere, "the first still has its session");
    assert_eq!(run(&client, id).await.unwrap().unwrap().outcome, None);
    drop(sessions);
    assert_eq!(to_the_end(&database, id).await.len(), 2);
    let ended = run(&client, id).await.unwrap().unwrap();
    assert_eq!((ended.outcome.as_deref(), ended.spaces, ended.findings), (Some("done"), 2, 2));
}

#[tokio::test]
async fn a_walk_that_is_interrupted_goes_on_where_it_was() {
    let Some(database) = Database::create().await else { return };
    for _ in 0..5 {
        let space = database.fill("light@example.test", 5).await;
        database.tamper("UPDATE heroes SET streak = streak + 1 WHERE space_id = $1", space).await;
    }
    let client = database.client().await;
    let id = begin(&client, None, BegunBy::Schedule).await.unwrap();
    let (stop, mut first) = (CancellationToken::new(), Vec::new());
    {
        let mut sessions = Sessions::connect(&database.config).await.unwrap();
        let mut tell = |news: News<'_>| {
            if let News::Finding(finding) = news {
                first.push(finding.clone());
                if first.len() == 2 {
                    stop.cancel();
                }
            }
        };
        assert_eq!(work(&mut sessions, id, None, &stop, &mut tell).await.unwrap(), Worked::Interrupted);
    }
    let then = to_the_end(&database, id).await;
    assert_eq!((first.len(), then.len()), (2, 3));
    assert!(then.iter().all(|finding| !first.contains(finding)), "no space is looked at twice");
    assert_eq!(database.kept().await.len(), 5);
}

#[tokio::test]
async fn one_walk_over_the_same_is_under_way_at_a_time_and_a_stopped_one_ends_where_it_is() {
    let Some(database) = Database::create().await else { return };
    let space = database.fill("light@example.test", 5).await;
    let client = database.client().await;
    let all = begin(&client, None, BegunBy::Admin).await.unwrap();
    let one = begin(&client, Some(space), BegunBy::Admin).await.unwrap();
    for (over, id) in [(None, all), (Some(space), one)] {
        let again = begin(&client, over, BegunBy::Admin).await;
        assert!(matches!(again, Err(RunError::UnderWay(other)) if other == id), "{again:?}");
    }
    let unknown = begin(&client, Some(SpaceId::default()), BegunBy::Admin).await;
    assert!(matches!(unknown, Err(RunError::NoSpace(_))), "{unknown:?}");
    let (mut sessions, never) = (Sessions::connect(&database.config).await.unwrap(), CancellationToken::new());
    let (begun, mut silent) = (CancellationToken::new(), |_: News<'_>| {});
    let mut tell = |_: News<'_>| begun.cancel();
    let stopping = async {
        begun.cancelled().await;
        assert!(stop(&client, all).await.unwrap());
    };
    let (worked, ()) = tokio::join!(work(&mut sessions, all, CRAWL, &never, &mut tell), stopping);
    assert_eq!(worked.unwrap(), Worked::Over);
    assert!(!stop(&client, all).await.unwrap(), "it has ended");
    assert_eq!(under_way(&client, None).await.unwrap(), None);
    assert_eq!(work(&mut sessions, one, None, &never, &mut silent).await.unwrap(), Worked::Done);
    assert_eq!(run(&client, one).await.unwrap().unwrap().spaces, 1);
}

#[tokio::test]
async fn a_space_that_goes_with_its_account_is_passed_over() {
    let Some(database) = Database::create().await else { return };
    let (stays, goes) = (database.fill("light@example.test", 5).await, database.fill("light@example.test", 5).await);
    let client = database.client().await;
    let id = begin(&client, None, BegunBy::Admin).await.unwrap();
    let of_one = begin(&client, Some(goes), BegunBy::Admin).await.unwrap();
    database.tamper("INSERT INTO erasures (account_id, requested_at) VALUES ($1, 0)", goes).await;
    database.tamper("DELETE FROM events WHERE space_id = $1 AND position > 3", goes).await;
    for run in [id, of_one] {
        assert_eq!(to_the_end(&database, run).await, []);
    }
    let again = begin(&client, Some(goes), BegunBy::Admin).await;
    assert!(matches!(again, Err(RunError::Erased(_))), "{again:?}");
    database.tamper("UPDATE heroes SET streak = streak + 1 WHERE space_id = $1", stays).await;
    assert_eq!(database.walk().await.1.len(), 1);
}
