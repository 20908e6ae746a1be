//! There, here, back, here, back and here once more, over the commands themselves: what an export noted there says what came
//! since, also where something was taken back here or set anew there.

use std::sync::Arc;

use api::client::{Credentials, Device, Session};
use reqwest::Method;
use serde_json::json;
use support::commands::{command, create_task, id};
use support::{Database, Http, TestServer};
use tokio_postgres::Client;
use uuid::Uuid;

use super::source::Source;
use super::{import, lines};
use crate::log_copy::{assert_verified, count, done};
use crate::newcomer::post;
use crate::people::{ask, login};

const LIGHT: &str = "light@example.test";
const ONE: [&str; 2] = ["--account", LIGHT];

/// The light account of the sample on both sides, and signed in here.
struct Circle {
    source: Source,
    target: Database,
    sql: Client,
    server: TestServer,
    http: Http,
}

impl Circle {
    async fn begin() -> Self {
        let (source, target) = (Source::sample().await, Database::fresh().await);
        import(&target, &source, &ONE).await;
        let (server, sql) = (TestServer::start(&target), target.connect().await);
        let credentials = Credentials { email: LIGHT.to_owned(), password: "password1".to_owned() };
        let session = Session::login(server.server(), &credentials, &Device::fresh("web", "browser")).await.unwrap();
        let http = Http::of(&Arc::new(session)).await;
        Self { source, target, sql, server, http }
    }

    async fn back(&self) -> String {
        let url = self.source.database.url();
        done(&self.target, &[&["export-legacy", "--load", "--to", &url][..], &ONE].concat()).await
    }

    async fn forward(&self) -> String {
        import(&self.target, &self.source, &ONE).await
    }

    async fn act(&self, commands: &[serde_json::Value]) {
        let sent = support::commands::transaction(commands);
        let receipts = self.http.write(&json!({ "transactions": [sent] })).await.receipts();
        assert_eq!(receipts[0]["status"], "committed", "{receipts:?}");
    }

    /// XP of the hero, tasks completed, and XP of all skills.
    async fn totals(&self) -> (i64, i64, i64) {
        (
            count(&self.sql, "SELECT xp FROM heroes").await,
            count(&self.sql, "SELECT tasks_completed FROM heroes").await,
            count(&self.sql, "SELECT sum(xp)::bigint FROM skills").await,
        )
    }

    /// The legacy system grants XP to the hero and to a skill, for so many tasks.
    async fn earn_there(&self, xp: i64, tasks: i64, skill: i64) {
        let whose = format!("user_id IN (SELECT id FROM users WHERE email = '{LIGHT}')");
        let earned = format!(
            "UPDATE user_stats SET experience = experience + {xp}, total_tasks_completed = total_tasks_completed + {tasks} WHERE {whose};
             UPDATE skills SET exp = exp + {skill} WHERE id = (SELECT min(id) FROM skills WHERE {whose})"
        );
        self.source.sql.batch_execute(&earned).await.unwrap();
    }
}

#[tokio::test]
async fn what_is_earned_there_after_something_was_taken_back_here_comes_in_every_circle() {
    let circle = Circle::begin().await;
    let tasks: [Uuid; 3] = [id(), id(), id()];
    let start = circle.totals().await;
    for task in tasks {
        circle.act(&[create_task(task, "Made here"), command("task.complete", task)]).await;
    }
    let mut stands = circle.totals().await;
    // As much as one of them granted, so that each circle finds the same totals and the same growth.
    let xp = (stands.0 - start.0) / 3;
    assert!(xp > 0, "{start:?} {stands:?}");
    for task in tasks {
        circle.back().await;
        circle.earn_there(xp, 1, 1).await;
        let said = circle.forward().await;
        assert!(said.contains(&format!("{xp} XP")), "{said}");
        let come = circle.totals().await;
        assert_eq!(come, (stands.0 + xp, stands.1 + 1, stands.2 + 1), "{said}");
        let said = circle.forward().await;
        assert!(said.contains(": nothing new"), "{said}");
        circle.act(&[command("task.uncomplete", task)]).await;
        stands = circle.totals().await;
        assert_eq!((stands.0, stands.1), (come.0 - xp, come.1 - 1));
    }
    // What comes in two steps comes once.
    circle.back().await;
    for _ in 0..2 {
        circle.earn_there(xp, 1, 1).await;
        circle.forward().await;
    }
    assert_eq!(circle.totals().await, (stands.0 + 2 * xp, stands.1 + 2, stands.2 + 2));
    assert_verified(&circle.target).await;
}

#[tokio::test]
async fn totals_that_another_database_wrote_are_no_measure() {
    let (circle, elsewhere) = (Circle::begin().await, Database::fresh().await);
    import(&elsewhere, &circle.source, &ONE).await;
    let task = id();
    circle.act(&[create_task(task, "Made here"), command("task.complete", task)]).await;
    circle.back().await;
    import(&elsewhere, &circle.source, &ONE).await;
    let there = count(&elsewhere.connect().await, "SELECT xp FROM heroes").await;
    assert_eq!(there, circle.totals().await.0, "what was done in the one is new in the other");
}

#[tokio::test]
async fn a_password_that_was_set_there_after_the_way_back_counts_and_ends_what_the_old_one_opened() {
    let circle = Circle::begin().await;
    let hash = format!("SELECT hashed_password FROM users WHERE email = '{LIGHT}'");
    let bcrypt = lines(&circle.source.sql, &hash).await.remove(0);
    let change = json!({ "current_password": "password1", "new_password": "set here" });
    assert_eq!(post(&circle.http, "password/change", change).await.status, 204);
    circle.back().await;
    circle.forward().await;
    assert_eq!(login(&circle.server, LIGHT, "set here").await.0, 200, "nothing was set there");
    let tokens = "INSERT INTO account_tokens (token_hash, account_id, purpose, created_at, expires_at)
        SELECT decode(repeat('ab', 32), 'hex'), account_id, 'password_reset', 0, 9999999999999 FROM accounts";
    circle.sql.batch_execute(tokens).await.unwrap();
    let set = format!("UPDATE users SET hashed_password = '{bcrypt}' WHERE email = '{LIGHT}'");
    circle.source.sql.batch_execute(&set).await.unwrap();
    circle.forward().await;
    assert_eq!(count(&circle.sql, "SELECT count(*) FROM sessions WHERE revoked_at IS NULL").await, 0);
    assert_eq!(count(&circle.sql, "SELECT count(*) FROM account_tokens WHERE purpose = 'password_reset'").await, 0);
    let told = "SELECT format('%s %s', act, about ->> 'imported') FROM security_log WHERE about ? 'sessions_ended' ORDER BY at DESC LIMIT 1";
    assert_eq!(lines(&circle.sql, told).await, ["password_changed legacy"]);
    assert_eq!(login(&circle.server, LIGHT, "set here").await.0, 401);
    let (status, body) = login(&circle.server, LIGHT, "password1").await;
    assert_eq!(status, 200, "{body}");
    // What is set here after that stays, whatever was noted before.
    let http = Http::nobody(circle.server.url()).with_token(body["access_token"].as_str().unwrap());
    let change = json!({ "current_password": "password1", "new_password": "set here again" });
    assert_eq!(post(&http, "password/change", change).await.status, 204);
    circle.forward().await;
    assert_eq!(login(&circle.server, LIGHT, "set here again").await.0, 200);
}

#[tokio::test]
async fn a_wish_that_was_said_here_and_told_there_can_be_called_off_there() {
    let circle = Circle::begin().await;
    let body = json!({ "password": "password1" }).to_string();
    assert_eq!(ask(&circle.http, Method::DELETE, "/api/v2/auth/account", Some(&body)).await.0, 202);
    let wishes = "SELECT count(erase_after) FROM accounts";
    circle.forward().await;
    assert_eq!(count(&circle.sql, wishes).await, 1, "the legacy system was never told of it");
    circle.back().await;
    circle.forward().await;
    assert_eq!(count(&circle.sql, wishes).await, 1, "it stands on both sides");
    let off = "UPDATE users SET deletion_requested_at = NULL, deletion_scheduled_for = NULL";
    circle.source.sql.batch_execute(off).await.unwrap();
    circle.forward().await;
    assert_eq!(count(&circle.sql, wishes).await, 0);
}
