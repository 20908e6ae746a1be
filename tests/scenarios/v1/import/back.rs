//! The way back: what an account is here stands in the legacy database again, each time with the same ids, and is marked
//! there as written from here.

use support::commands::{command, command_with, create_task, id};
use support::{Account, Database, TestServer};

use super::source::Source;
use super::{import, lines};
use crate::erasure::eraser;
use crate::log_copy::{Folder, count, done, text};
use crate::newcomer::post;
use crate::people::{login, signed_in};
use crate::stage::Stage;

/// What a legacy database holds, in lines that do not depend on how it came there.
const SAME: [&str; 8] = [
    "SELECT format('%s %s', user_id, count(*)) FROM tasks GROUP BY user_id ORDER BY 1",
    "SELECT format('%s %s', user_id, count(*)) FROM goals GROUP BY user_id ORDER BY 1",
    "SELECT format('%s %s', g.user_id, count(*)) FROM milestones m JOIN goals g ON g.id = m.goal_id GROUP BY g.user_id ORDER BY 1",
    "SELECT format('%s %s', user_id, count(*)) FROM activity_logs GROUP BY user_id ORDER BY 1",
    "SELECT format('%s %s %s', user_id, level, greatest(experience, 0)) FROM user_stats ORDER BY 1",
    "SELECT DISTINCT ON (user_id, name) format('%s %s %s %s', user_id, name, level, exp) FROM skills ORDER BY user_id, name, level DESC, exp DESC",
    "SELECT DISTINCT format('%s %s', l.task_id, l.created_at::date) AS day FROM activity_logs l JOIN tasks t ON t.id = l.task_id
     WHERE t.task_category IN ('habit', 'daily') AND l.action = 'task_completed' ORDER BY day",
    "SELECT format('%s %s %s %s', id, email, first_name, hashed_password) FROM users ORDER BY id",
];

/// Writes accounts into a legacy database at once; what it said.
async fn load(from: &Database, into: &Source, more: &[&str]) -> String {
    let url = into.database.url();
    done(from, &[&["export-legacy", "--load", "--to", &url], more].concat()).await
}

#[tokio::test]
async fn an_empty_legacy_database_gets_back_what_came_with_the_same_counts_totals_and_days() {
    let (source, target, folder) = (Source::sample().await, Database::fresh().await, Folder::new());
    import(&target, &source, &[]).await;
    let (empty, file) = (Source::empty().await, folder.file("back.sql"));
    done(&target, &["export-legacy", text(&file)]).await;
    let back = std::fs::read_to_string(&file).unwrap();
    empty.sql.batch_execute(&back).await.unwrap();
    for statement in SAME {
        let expected = lines(&source.sql, statement).await;
        assert!(!expected.is_empty(), "{statement}");
        assert_eq!(lines(&empty.sql, statement).await, expected, "{statement}");
    }
    let ids = "SELECT format('%s %s', id, title) FROM tasks WHERE title NOT IN ('', '未命名') AND length(title) < 200 ORDER BY id";
    assert_eq!(lines(&empty.sql, ids).await, lines(&source.sql, ids).await);
    // Every row is marked with what it is here, so that an import takes none of them for new.
    let (here, marks) = (target.connect().await, "SELECT format('%s %s', legacy_id, entity_id) FROM levelup_exported");
    for table in ["tasks", "milestones"] {
        let marked = lines(&empty.sql, &format!("{marks} WHERE kind = '{table}' ORDER BY legacy_id")).await;
        let known = format!("SELECT format('%s %s', legacy_id, id) FROM {table} ORDER BY legacy_id");
        assert_eq!(marked, lines(&here, &known).await, "{table}");
    }
    let unmarked = "SELECT count(*) FROM activity_logs l WHERE NOT EXISTS (
        SELECT FROM levelup_exported e WHERE e.kind = 'activity_logs' AND e.legacy_id = l.id)";
    assert_eq!(count(&empty.sql, unmarked).await, 0);
    // New rows there go on above.
    assert_eq!(count(&empty.sql, "SELECT nextval('tasks_id_seq') - (SELECT max(id) FROM tasks)").await, 1);
    // The same again changes nothing.
    let before = empty.footprint().await;
    empty.sql.batch_execute(&back).await.unwrap();
    assert_eq!(empty.footprint().await, before);
}

#[tokio::test]
async fn accounts_that_go_back_one_by_one_get_ids_above_those_of_the_other_and_keep_them() {
    let (stage, source) = (Stage::set().await, Source::sample().await);
    let other = Account::register(&stage.server).await;
    for account in [&stage.account, &other] {
        let (goal, task) = (id(), id());
        account
            .commit(&[
                command_with("goal.create", goal, serde_json::json!({ "title": "Made here" })),
                create_task(task, "Made here"),
                command("task.complete", task),
            ])
            .await;
    }
    for account in [&stage.account, &other] {
        load(&stage.database, &source, &["--account", &account.space().to_string()]).await;
    }
    let made = "SELECT format('%s %s', user_id, id) FROM tasks WHERE title = 'Made here' ORDER BY id";
    let first = lines(&source.sql, made).await;
    assert_eq!(
        first,
        [format!("{} 2039", stage.account.space()), format!("{} 2040", other.space())],
        "above what was there"
    );
    // The legacy server goes on above them, and a second export leaves both where they are.
    source
        .sql
        .batch_execute(
            "INSERT INTO tasks (user_id, title) SELECT id, 'Later' FROM users WHERE email = 'light@example.test'",
        )
        .await
        .unwrap();
    assert_eq!(count(&source.sql, "SELECT id::bigint FROM tasks WHERE title = 'Later'").await, 2_041);
    let logged = "SELECT format('%s %s %s', user_id, id, action) FROM activity_logs WHERE id > 5225 ORDER BY id";
    let logs = lines(&source.sql, logged).await;
    assert!(logs.iter().any(|line| line.ends_with(" task_completed")), "{logs:?}");
    load(&stage.database, &source, &[]).await;
    assert_eq!(lines(&source.sql, made).await, first);
    assert_eq!(lines(&source.sql, logged).await, logs);
    let marked = "SELECT count(*) FROM levelup_exported e JOIN tasks t ON t.id = e.legacy_id WHERE e.kind = 'tasks'";
    assert_eq!(count(&source.sql, marked).await, 2);
}

#[tokio::test]
async fn who_signed_in_here_signs_in_there_with_the_same_password_until_another_is_set() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &["--account", "light@example.test"]).await;
    let hash = "SELECT coalesce(hashed_password, '-') FROM users WHERE email = 'light@example.test'";
    let old = lines(&source.sql, hash).await;
    let (server, sql) = (TestServer::start(&target), target.connect().await);
    assert_eq!(login(&server, "light@example.test", "password1").await.0, 200);
    assert_eq!(count(&sql, "SELECT count(*) FROM accounts WHERE password_hash LIKE '$argon2id$%'").await, 1);
    load(&target, &source, &[]).await;
    assert_eq!(lines(&source.sql, hash).await, old);
    let (_, body) = login(&server, "light@example.test", "password1").await;
    let http = support::Http::nobody(server.url()).with_token(body["access_token"].as_str().unwrap());
    let change = serde_json::json!({ "current_password": "password1", "new_password": "another password" });
    assert_eq!(post(&http, "password/change", change).await.status, 204);
    assert_eq!(count(&sql, "SELECT count(legacy_password_hash) FROM accounts").await, 0);
    let said = load(&target, &source, &[]).await;
    assert!(said.contains("1 of them have a password that the legacy system cannot check"), "{said}");
    assert_eq!(lines(&source.sql, hash).await, ["-"], "the old password lets nobody in");
}

#[tokio::test]
async fn who_was_erased_here_does_not_go_back() {
    let (stage, source) = (Stage::set().await, Source::empty().await);
    let other = Account::register(&stage.server).await;
    let http = signed_in(&stage.server, &stage.account).await;
    let body = serde_json::json!({ "password": stage.account.credentials.password });
    let body = body.to_string();
    let asked = crate::people::ask(&http, reqwest::Method::DELETE, "/api/v2/auth/account", Some(&body)).await;
    assert_eq!(asked.0, 202);
    let stop = tokio_util::sync::CancellationToken::new();
    let erased = domain::id::AccountId(stage.account.space());
    eraser(&stage.database, &stage.server).now(erased, &stop).await.unwrap().unwrap();
    load(&stage.database, &source, &[]).await;
    assert_eq!(lines(&source.sql, "SELECT id FROM users").await, [other.space().to_string()]);
}
