//! Sixty-four writers, on one space and on as many, while readers tail in every way over connections that flap: what each
//! reader saw is the log, dense, ordered, complete, once.

use std::sync::Arc;

use api::client::Session;
use futures_util::future::join_all;
use serde_json::{Value, json};
use support::commands::{command, create_task, edit_task, id, transaction};
use support::{Account, Http, tables};
use uuid::Uuid;

use crate::reader::{Seen, THE_END, by_events, by_poll, by_socket};
use crate::stage::Stage;

const WRITERS: usize = 64;

/// Writes one transaction after the other, each sent until it is decided, in requests of one and of three.
async fn write(http: Http, writer: usize, rounds: usize, shared: Uuid) {
    for round in 0..rounds {
        let (task, title) = (id(), format!("Writer {writer}, {round}"));
        let sent = [
            transaction(&[create_task(task, &title), edit_task(shared, json!({ "title": title }))]),
            transaction(&[command("task.complete", task)]),
            transaction(&[command("task.focus", shared)]),
        ];
        let split = if round % 2 == 0 { 1 } else { 3 };
        for request in sent.chunks(split) {
            decided(&http, request).await;
        }
    }
}

/// Sends a request until nothing of it is deferred. The last of the three is refused: a focus needs data.
async fn decided(http: &Http, transactions: &[Value]) {
    loop {
        let answer = http.write(&json!({ "transactions": transactions })).await;
        if answer.status == 503 {
            assert_eq!(answer.problem(), "busy");
            continue;
        }
        if answer.receipts().iter().all(|receipt| receipt["status"] != "deferred") {
            return;
        }
    }
}

async fn end(account: &Account) {
    account.commit(&[create_task(id(), THE_END)]).await;
}

/// Two readers of each kind, on as many devices.
async fn readers(stage: &Stage) -> Vec<(&'static str, Arc<Session>)> {
    let mut readers = Vec::new();
    for kind in ["socket", "events", "poll", "socket", "events", "poll"] {
        readers.push((kind, stage.account.device(&stage.server, kind).await));
    }
    readers
}

async fn read(kind: &'static str, session: Arc<Session>) -> (&'static str, Seen) {
    let seen = match kind {
        "socket" => by_socket(session).await,
        "events" => by_events(Http::of(&session).await).await,
        _ => by_poll(Http::of(&session).await).await,
    };
    (kind, seen)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_writers_on_one_space_are_seen_by_every_reader_as_the_log_has_them() {
    let stage = Stage::set().await;
    let shared = id();
    stage.account.commit(&[create_task(shared, "Everybody's")]).await;
    let reading: Vec<_> = readers(&stage).await.into_iter().map(|(kind, who)| tokio::spawn(read(kind, who))).collect();
    join_all((0..WRITERS).map(|writer| tokio::spawn(write(stage.http.clone(), writer, 4, shared)))).await;
    end(&stage.account).await;
    for reader in reading {
        let (kind, seen) = reader.await.unwrap();
        seen.assert_is_the_log(&stage.sql, stage.account.space(), kind).await;
    }
    tables::assert_logs_whole(&stage.sql).await;
    let tasks =
        tables::count(&stage.sql, "SELECT count(*) FROM tasks WHERE space_id = $1", stage.account.space()).await;
    assert_eq!(tasks, i64::try_from(WRITERS * 4 + 2).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sixty_four_writers_on_as_many_spaces_are_each_seen_by_their_reader() {
    let stage = Stage::set().await;
    let people = join_all((0..WRITERS).map(|_| Account::register(&stage.server))).await;
    let kinds = ["socket", "events", "poll"].into_iter().cycle();
    let living = people.iter().zip(kinds).enumerate().map(|(writer, (person, kind))| async move {
        let shared = id();
        person.commit(&[create_task(shared, "Mine")]).await;
        let reader = tokio::spawn(read(kind, Arc::clone(&person.session)));
        write(person.http().await, writer, 4, shared).await;
        end(person).await;
        reader.await.unwrap()
    });
    let seen = join_all(living).await;
    for (person, (kind, seen)) in people.iter().zip(&seen) {
        seen.assert_is_the_log(&stage.sql, person.space(), kind).await;
    }
    tables::assert_logs_whole(&stage.sql).await;
}
