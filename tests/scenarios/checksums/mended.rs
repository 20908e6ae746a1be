//! A replica that lost or corrupted something finds just that, and fetches just that.

use std::sync::Arc;

use api::client::replica::Divergence;
use api::client::{ClientError, Mended, Mender, Replica, Session, feed};
use serde_json::json;
use support::commands::{command, edit_task, id};
use support::tables;
use uuid::Uuid;

use super::{replica, row, tasks};
use crate::stage::Stage;

/// Reads on to the end of the log; what became of the replica there.
async fn read_on(session: &Session, replica: &mut Replica, mender: &mut Mender) -> Result<Option<Mended>, ClientError> {
    loop {
        let page = feed::changes(session, replica.cursor(), 200, 0).await?;
        let (_, mended) = mender.apply(session, replica, &page).await?;
        if page.caught_up && mended != Some(Mended::Behind) {
            return Ok(mended);
        }
    }
}

/// A second device with a whole replica of a space with so many tasks.
async fn device(stage: &Stage, count: usize) -> (Arc<Session>, Replica, Vec<Uuid>) {
    let ids = tasks(&stage.account, count).await;
    let session = stage.account.device(&stage.server, "browser").await;
    let replica = replica(&session).await;
    (session, replica, ids)
}

#[tokio::test]
async fn one_corrupted_row_among_thousands_is_found_and_fetched_alone() {
    let stage = Stage::set().await;
    let (session, mut replica, ids) = device(&stage, 3_000).await;
    let mut damaged = row(&replica, "task", ids[1_234]);
    damaged.fields.insert("title".into(), json!("Raed a chapter"));
    replica.mend(vec![damaged], &[]);
    let mut mender = Mender::default();
    assert_eq!(read_on(&session, &mut replica, &mut mender).await.unwrap(), Some(Mended::Entities(1)));
    let traffic = mender.traffic();
    assert_eq!(traffic.entities, 1, "{traffic:?}");
    assert!(traffic.requests <= 4 && traffic.bytes_sent + traffic.bytes_received < 10_000, "{traffic:?}");
    assert_eq!(tables::replica(&stage.sql, stage.account.space()).await.differences(&replica), Vec::<String>::new());
    assert_eq!(read_on(&session, &mut replica, &mut mender).await.unwrap(), None);
    assert_eq!(mender.traffic(), traffic, "what is whole is not compared");
}

#[tokio::test]
async fn a_lost_row_a_lost_tombstone_and_an_invented_row_are_put_right_together() {
    let stage = Stage::set().await;
    let (session, before, ids) = device(&stage, 300).await;
    stage.account.commit(&[command("task.delete", ids[7])]).await;
    let mut replica = replica(&session).await;
    let mut invented = row(&replica, "task", ids[0]);
    invented.id = id();
    let undead = row(&before, "task", ids[7]);
    replica.mend(
        vec![undead, invented.clone()],
        &[("task".to_owned(), ids[9]), ("hero".to_owned(), stage.account.space())],
    );
    let mut mender = Mender::default();
    assert_eq!(read_on(&session, &mut replica, &mut mender).await.unwrap(), Some(Mended::Entities(4)));
    assert_eq!(tables::replica(&stage.sql, stage.account.space()).await.differences(&replica), Vec::<String>::new());
    assert!(replica.row("task", ids[7]).unwrap().is_tombstone());
    assert_eq!(replica.row("task", invented.id), None);
}

#[tokio::test]
async fn a_row_that_was_lost_before_others_changed_it_is_fetched_once_it_is_missed() {
    let stage = Stage::set().await;
    let (session, mut replica, ids) = device(&stage, 20).await;
    replica.mend(Vec::new(), &[("task".to_owned(), ids[3])]);
    stage.account.commit(&[edit_task(ids[3], json!({ "title": "Read on" }))]).await;
    let mut mender = Mender::default();
    assert_eq!(read_on(&session, &mut replica, &mut mender).await.unwrap(), Some(Mended::Entities(1)));
    assert_eq!(replica.row("task", ids[3]).unwrap().fields["title"], "Read on");
}

#[tokio::test]
async fn a_tombstone_that_no_snapshot_told_of_may_change_and_come_back() {
    let stage = Stage::set().await;
    let ids = tasks(&stage.account, 3).await;
    let cursor = stage.cursor().await;
    stage.account.commit(&[command("task.delete", ids[0]), command("task.delete", ids[1])]).await;
    let session = stage.account.device(&stage.server, "browser").await;
    let mut strict = feed::snapshot(&session).await.unwrap();
    // Written by a device that had not seen the deletion: kept in the tombstone.
    let mut unseen = support::commands::transaction(&[edit_task(ids[0], json!({ "title": "Still" }))]);
    unseen["base"] = json!(cursor);
    let receipt =
        stage.account.device_http(&stage.server, "tablet").await.write(&json!({ "transactions": [unseen] })).await;
    assert_eq!(receipt.receipts()[0]["status"], "committed", "{receipt:?}");
    stage.account.commit(&[command("task.restore", ids[1])]).await;
    let page = feed::changes(&session, strict.cursor(), 200, 0).await.unwrap();
    strict.apply(&page).expect("a tombstone that is not known is no reason to doubt");
    assert!(strict.row("task", ids[0]).is_none() && strict.row("task", ids[1]).is_some());
}

#[tokio::test]
async fn a_comparison_goes_on_while_others_write() {
    let stage = Stage::set().await;
    let (session, mut replica, ids) = device(&stage, 500).await;
    replica.mend(Vec::new(), &[("task".to_owned(), ids[77])]);
    let mut mender = Mender::default();
    let mut outcomes = Vec::new();
    for number in 0..12 {
        let page = feed::changes(&session, replica.cursor(), 200, 0).await.unwrap();
        // Somebody writes behind every page, so the log never ends where this device stands.
        stage.account.commit(&[edit_task(ids[0], json!({ "estimated_minutes": number + 1 }))]).await;
        outcomes.extend(mender.apply(&session, &mut replica, &page).await.unwrap().1);
    }
    assert!(outcomes.iter().all(|outcome| *outcome == Mended::Behind), "{outcomes:?}");
    assert_eq!(mender.traffic().entities, 0);
    assert_eq!(read_on(&session, &mut replica, &mut mender).await.unwrap(), Some(Mended::Entities(1)));
}

#[tokio::test]
async fn what_no_repair_mends_is_read_anew_once_and_then_reported() {
    let stage = Stage::set().await;
    let (session, mut replica, _) = device(&stage, 10).await;
    // The server itself is wrong: its head says another checksum than its rows have.
    let wrong = "UPDATE heads SET checksum = checksum + 1, repairs = repairs + 1 WHERE space_id = $1";
    stage.sql.execute(wrong, &[&stage.account.space()]).await.unwrap();
    let mut mender = Mender::default();
    let wrong = || Divergence::Checksum { position: 0, here: String::new(), there: String::new() };
    let asked = |mender: &Mender| mender.traffic().requests;
    let first = mender.mend(&session, &mut replica, wrong()).await;
    assert!(matches!(first, Err(ClientError::Diverged(Divergence::Checksum { .. }))), "{first:?}");
    assert_eq!(asked(&mender), 1);
    for _ in 0..10 {
        let again = mender.mend(&session, &mut replica, wrong()).await;
        assert!(matches!(again, Err(ClientError::Diverged(Divergence::Checksum { .. }))), "{again:?}");
    }
    assert_eq!(asked(&mender), 1, "it does not ask for ever");
}

#[tokio::test]
async fn a_repair_that_does_not_last_is_followed_by_a_snapshot_and_no_other_repair() {
    let stage = Stage::set().await;
    let (session, mut replica, ids) = device(&stage, 10).await;
    let mut mender = Mender::default();
    let mut became = Vec::new();
    for _ in 0..2 {
        // Whatever is written to this device's disk is gone at once.
        replica.mend(Vec::new(), &[("task".to_owned(), ids[0])]);
        became.push(read_on(&session, &mut replica, &mut mender).await.unwrap());
    }
    assert_eq!(became, [Some(Mended::Entities(1)), Some(Mended::StartedAgain)]);
    replica.mend(Vec::new(), &[("task".to_owned(), ids[0])]);
    let third = read_on(&session, &mut replica, &mut mender).await;
    assert!(matches!(third, Err(ClientError::Diverged(Divergence::Checksum { .. }))), "{third:?}");
    assert_eq!(mender.traffic().entities, 1);
}
