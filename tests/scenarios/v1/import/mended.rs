//! What an import does not undo, and what it does not lose when it is done again.

use std::collections::BTreeSet;

use application::legacy_import::account_id;
use serde_json::Value;
use support::patience::{until, within};
use support::process::{command, run};
use support::{DataDir, Database};
use uuid::Uuid;

use super::source::Source;
use super::{import, lines, state};
use crate::log_copy::{Folder, assert_verified, count, done, levelup, text};

const LIGHT: &str = "SELECT id FROM users WHERE email = 'light@example.test'";

#[tokio::test]
async fn what_was_taken_out_of_a_task_goes_from_its_history_and_does_not_come_back() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source.sql.batch_execute("UPDATE tasks SET title = 'hunter2 hunter2' WHERE id = 1").await.unwrap();
    let line = |id: i64, task: &str| {
        format!(
            "INSERT INTO activity_logs (id, user_id, created_at, task_id, exp_gained, action, details)
             SELECT {id}, id, '2020-02-0{} 08:00:00', {task}, 0, 'task_completed', '{{\"description\": \"hunter2 hunter2\"}}'
             FROM users WHERE email = 'light@example.test'",
            id % 10
        )
    };
    source.sql.batch_execute(&line(9_001, "1")).await.unwrap();
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let says = "SELECT count(*) FROM activity WHERE title LIKE '%hunter2%' OR details::text LIKE '%hunter2%'";
    assert!(count(&sql, says).await > 0);
    let row = sql.query_one("SELECT space_id, id FROM tasks WHERE title LIKE '%hunter2%'", &[]).await.unwrap();
    let (space, task): (Uuid, Uuid) = (row.get(0), row.get(1));
    let (space, task) = (space.to_string(), format!("task/{task}"));
    let redact =
        ["admin", "redact", "--space", &space, "--entity", &task, "--field", "title", "--reason", "a password"];
    done(&target, &redact).await;
    assert_eq!(count(&sql, says).await, 0);
    assert_verified(&target).await;
    source.sql.batch_execute(&line(9_002, "1")).await.unwrap();
    source.sql.batch_execute(&line(9_003, "NULL")).await.unwrap();
    let said = import(&target, &source, &["--account", "light@example.test"]).await;
    assert!(said.contains("2 lines of the log"), "{said}");
    assert_eq!(count(&sql, says).await, 0, "a second import brought it back");
    assert_eq!(count(&sql, "SELECT count(*) FROM events WHERE payload::text LIKE '%hunter2%'").await, 0);
    assert_verified(&target).await;
}

#[tokio::test]
async fn the_rest_of_a_day_that_was_brought_in_part_comes_later() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    let report = |done: i64| {
        format!(
            "INSERT INTO daily_battle_reports (id, user_id, date, tasks_completed, total_battle_time, pomodoro_cycles, task_details)
             SELECT 77, id, '2020-02-11', {done}, {done} * 25, {done}, jsonb_build_array(jsonb_build_object(
                 'taskId', 1, 'taskTitle', 'x', 'battleTime', {done} * 25, 'energyBalls', 0, 'cycles', {done} - 1))
             FROM users WHERE email = 'light@example.test'
             ON CONFLICT (id) DO UPDATE SET tasks_completed = excluded.tasks_completed,
                 total_battle_time = excluded.total_battle_time, pomodoro_cycles = excluded.pomodoro_cycles,
                 task_details = excluded.task_details"
        )
    };
    source.sql.batch_execute(&report(3)).await.unwrap();
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let day = "SELECT completions * 1000 + minutes FROM days WHERE entity = 'hero' AND day = '2020-02-11'";
    let told =
        "SELECT (sum(cycles) * 1000 + sum(minutes))::bigint FROM activity WHERE day = '2020-02-11' AND action = 'past'";
    assert_eq!((count(&sql, day).await, count(&sql, told).await), (3_075, 3_075));
    source.sql.batch_execute(&report(4)).await.unwrap();
    let said = import(&target, &source, &[]).await;
    assert!(said.contains("1 days, 1 lines of the log, 0 XP"), "{said}");
    assert_eq!((count(&sql, day).await, count(&sql, told).await), (4_100, 4_100));
    let habit = "SELECT t.id FROM tasks t WHERE t.task_category = 'habit' AND t.user_id IN (SELECT id FROM users WHERE email = 'light@example.test') ORDER BY t.id LIMIT 1";
    let habit: i32 = source.sql.query_one(habit, &[]).await.unwrap().get(0);
    for (line, cycles) in [(9_101, 1), (9_102, 1), (9_103, 1)] {
        let insert = format!(
            "INSERT INTO activity_logs (id, user_id, created_at, task_id, exp_gained, action, details)
             SELECT {line}, id, '2020-02-12 0{}:00:00', {habit}, 5, 'pomodoro_complete', '{{\"duration\": 25, \"cycles\": {cycles}}}' FROM users WHERE email = 'light@example.test'",
            line % 10
        );
        source.sql.batch_execute(&insert).await.unwrap();
        import(&target, &source, &[]).await;
    }
    let days = "SELECT string_agg(format('%s %s %s', entity, minutes, xp), ',' ORDER BY entity) FROM days WHERE day = '2020-02-12'";
    assert_eq!(lines(&sql, days).await, ["hero 75 15,task 75 15"]);
    assert!(import(&target, &source, &[]).await.matches(": nothing new").count() == 3);
    assert_verified(&target).await;
}

#[tokio::test]
async fn no_two_entities_get_one_number_when_the_legacy_system_counts_on() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let numbers = "SELECT max(n) FROM (SELECT max(legacy_id) AS n FROM goals UNION ALL SELECT max(legacy_id) FROM skills UNION ALL SELECT max(legacy_id) FROM tasks) t";
    let highest = count(&sql, numbers).await;
    // The next numbers that the legacy system gives are those that goals and skills got here.
    source
        .sql
        .batch_execute(&format!(
            "INSERT INTO tasks (id, user_id, title)
             SELECT g.n, u.id, 'Later ' || g.n FROM users u, generate_series((SELECT max(id) FROM tasks) + 1, {highest} + 1) g (n)
             WHERE u.email = 'damaged@example.test'"
        ))
        .await
        .unwrap();
    import(&target, &source, &[]).await;
    assert!(count(&sql, "SELECT count(*) FROM tasks WHERE title LIKE 'Later %'").await > 0);
    let twice =
        "SELECT count(*) FROM (SELECT space_id, legacy_id FROM tasks UNION ALL SELECT space_id, legacy_id FROM goals) t
        GROUP BY space_id, legacy_id HAVING count(*) > 1";
    assert!(sql.query(twice, &[]).await.unwrap().is_empty());
    assert_verified(&target).await;
}

#[tokio::test]
async fn an_account_is_what_it_is_there_until_somebody_decides_here() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source.sql.batch_execute(
        "UPDATE users SET deletion_requested_at = '2026-01-01', deletion_scheduled_for = '2026-01-16' WHERE email = 'heavy@example.test'",
    ).await.unwrap();
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let grace = "SELECT (erase_after - (extract(epoch FROM clock_timestamp()) * 1000)::bigint) / 3600000 FROM accounts WHERE email = 'heavy@example.test'";
    assert!((719..=720).contains(&count(&sql, grace).await), "thirty days");
    let verified = "SELECT count(*) FROM accounts WHERE verified_at > created_at";
    assert_eq!(count(&sql, verified).await, 3, "an address is proven by the import");
    source
        .sql
        .batch_execute(
            "UPDATE users SET deletion_requested_at = NULL, deletion_scheduled_for = NULL, first_name = 'Renamed',
             hashed_password = '$2b$10$JhbrK3vtO5g8O82OAcvFb.a4Slr0AZMX110Tbp.aaTnBPM94oZUDe'",
        )
        .await
        .unwrap();
    sql.batch_execute("UPDATE accounts SET password_hash = '$argon2id$' WHERE email = 'light@example.test'")
        .await
        .unwrap();
    import(&target, &source, &[]).await;
    let stands = lines(&sql, "SELECT format('%s %s %s %s', split_part(email, '@', 1), first_name, right(password_hash, 4), erase_after) FROM accounts ORDER BY email").await;
    assert_eq!(stands, ["damaged Renamed ZUDe ", "heavy Renamed ZUDe ", "light Renamed 2id$ "]);
}

#[tokio::test]
async fn whoever_was_erased_here_stays_away_and_is_told() {
    let (source, target, dir, folder) =
        (Source::sample().await, Database::fresh().await, DataDir::fresh(), Folder::new());
    let user: String = source.sql.query_one(LIGHT, &[]).await.unwrap().get(0);
    let id = account_id(&user);
    let line = format!("{{\"account_id\":\"{id}\",\"erased_at\":1}}\n");
    std::fs::write(dir.path().join("erasures.ndjson"), line).unwrap();
    let (url, report) = (source.database.url(), folder.file("report.json"));
    let arguments = ["import-legacy", "--from", &url, "--report", text(&report)];
    let (exit, said, error) = run(&target.url(), dir.path(), &arguments).await;
    assert_eq!(exit, 0, "{said}{error}");
    assert!(said.contains("accounts: 2 imported, 1 skipped"), "{said}");
    let report: Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let told = report["accounts"].as_array().unwrap().iter().find(|one| one["legacy_id"] == user.as_str()).unwrap();
    assert_eq!(told["code"], "erased");
}

#[tokio::test]
async fn a_dry_run_takes_one_of_two_addresses_as_the_real_one_does_and_tables_left_out_are_told() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source
        .sql
        .batch_execute(
            "UPDATE users SET email = 'LIGHT@example.test' WHERE email = 'heavy@example.test';
             INSERT INTO sessions (sid, sess, expire) VALUES ('s', '{}', now()), ('t', '{}', now());
             CREATE TABLE odd_things (id int); INSERT INTO odd_things VALUES (1)",
        )
        .await
        .unwrap();
    for arguments in [&["--dry-run"][..], &[]] {
        let said = import(&target, &source, arguments).await;
        assert!(said.contains("imported, 1 skipped, 0 failed"), "{said}");
        assert!(said.contains("rows of sessions are left out") && said.contains("1 rows of odd_things"), "{said}");
    }
}

#[tokio::test]
async fn one_bad_cell_costs_that_cell() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source
        .sql
        .batch_execute(
            "ALTER TABLE tasks ADD COLUMN priority numeric, ALTER COLUMN tags TYPE text USING tags::text;
             UPDATE tasks SET priority = 1e400 WHERE id = 1; UPDATE tasks SET tags = '[\"a\",\"b\"]' WHERE id = 2;
             ALTER TABLE user_profiles ALTER COLUMN age TYPE integer USING 41;
             ALTER TABLE milestones ALTER COLUMN goal_id TYPE varchar, DROP CONSTRAINT IF EXISTS milestones_goal_id_goals_id_fk",
        )
        .await
        .unwrap();
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    assert_eq!(count(&sql, "SELECT count(*) FROM tasks").await, count(&source.sql, "SELECT count(*) FROM tasks").await);
    assert_eq!(count(&sql, "SELECT count(*) FROM tasks WHERE legacy_id = 2 AND tags = ARRAY['a', 'b']").await, 1);
    assert!(count(&sql, "SELECT count(*) FROM heroes WHERE age = '41'").await > 0);
    assert!(count(&sql, "SELECT count(*) FROM milestones").await > 0);
    assert_verified(&target).await;
}

/// Rows without their integers: one that gave way to another is above all that there were then.
fn numberless(rows: Vec<Value>) -> BTreeSet<String> {
    let bare = |mut row: Value| {
        row.as_object_mut().unwrap().remove("legacy_id");
        row.to_string()
    };
    rows.into_iter().map(bare).collect()
}

#[tokio::test]
async fn what_changes_there_between_a_kill_and_the_second_run_comes_once() {
    let (source, whole, target) = (Source::sample().await, Database::fresh().await, Database::fresh().await);
    let (sql, holder, dir) = (target.connect().await, target.connect().await, DataDir::fresh());
    let url = source.database.url();
    let mut child = command(&target.url(), dir.path(), &["import-legacy", "--from", &url]).spawn().unwrap();
    let events = "SELECT coalesce(max(position), 0) FROM heads";
    until("half of an account", async || (count(&sql, events).await > 600).then_some(())).await;
    holder.batch_execute("BEGIN; SELECT space_id FROM heads FOR UPDATE").await.unwrap();
    within("the end of a killed import", child.kill()).await.unwrap();
    holder.batch_execute("ROLLBACK").await.unwrap();
    let there = count(&sql, "SELECT count(*) FROM events").await;
    // Every account goes on living there meanwhile.
    source
        .sql
        .batch_execute(
            "INSERT INTO tasks (id, user_id, title) SELECT 7000000 + row_number() OVER (ORDER BY id), id, 'Meanwhile' FROM users;
             INSERT INTO activity_logs (id, user_id, created_at, task_id, exp_gained, action)
             SELECT 7000000 + row_number() OVER (ORDER BY t.id), t.user_id, t.created_at, t.id, 10, 'task_completed'
             FROM (SELECT DISTINCT ON (user_id) id, user_id, created_at FROM tasks WHERE task_category = 'habit' ORDER BY user_id, id) t;
             UPDATE user_stats SET experience = greatest(experience, 0) + 10; UPDATE skills SET exp = exp + 1 WHERE exp BETWEEN 1 AND 20",
        )
        .await
        .unwrap();
    import(&whole, &source, &[]).await;
    assert!(there < count(&whole.connect().await, "SELECT count(*) FROM events").await, "it was not killed half-way");
    import(&target, &source, &[]).await;
    let (expected, found) = (state(&whole.connect().await).await, state(&sql).await);
    for (expected, found) in expected.into_iter().zip(found) {
        assert_eq!(numberless(expected), numberless(found));
    }
    let past = "SELECT count(*) FROM activity WHERE action = 'past'";
    assert_eq!(count(&sql, past).await, count(&whole.connect().await, past).await);
    assert!(import(&target, &source, &[]).await.matches(": nothing new").count() == 3);
    let (exit, said, error) = levelup(&target, &["verify"]).await;
    assert_eq!(exit, 0, "{said}{error}");
}
