//! What is damaged, double, different or not there.

use serde_json::Value;
use support::{Database, tables};

use super::import;
use super::source::Source;
use crate::log_copy::{Folder, count, levelup, text};

#[tokio::test]
async fn every_damage_is_survived_and_told_and_a_dry_run_tells_the_same() {
    let (source, target, folder) = (Source::sample().await, Database::fresh().await, Folder::new());
    let sql = target.connect().await;
    let empty = tables::footprint(&sql).await;
    let dry = folder.file("dry.json");
    import(&target, &source, &["--dry-run", "--report", text(&dry)]).await;
    assert_eq!(tables::footprint(&sql).await, empty, "a dry run wrote");
    let real = folder.file("real.json");
    import(&target, &source, &["--report", text(&real)]).await;
    let [dry, real] =
        [dry, real].map(|file| -> Value { serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap() });
    let notes = |report: &Value| -> Vec<Value> {
        report["accounts"].as_array().unwrap().iter().map(|account| account["notes"].clone()).collect()
    };
    assert_eq!(notes(&dry), notes(&real));
    let accounts = real["accounts"].as_array().unwrap();
    let damaged = accounts.iter().find(|one| one["legacy_id"] == "user_1748968927339_g8crpzwc0").unwrap();
    let told = |table: &str, column: Option<&str>, code: &str| {
        let notes = damaged["notes"].as_array().unwrap().iter();
        let is = |note: &&Value| note["table"] == table && note["code"] == code && note["column"].as_str() == column;
        notes.filter(is).count() as i64
    };
    let user = "user_id = 'user_1748968927339_g8crpzwc0'";
    let there = async |rest: &str| count(&source.sql, &format!("SELECT count(*) FROM {rest}")).await;
    assert_eq!(told("skills", None, "skill_merged"), 6);
    assert_eq!(told("user_profiles", None, "profile_older"), 1);
    assert_eq!(told("user_stats", Some("experience"), "out_of_range"), 1);
    assert_eq!(told("goals", Some("parent_goal_id"), "reference_dropped"), 2);
    for (column, code, rows) in [
        ("title", "blank", format!("tasks WHERE {user} AND title = ''")),
        ("title", "cut", format!("tasks WHERE {user} AND length(title) > 200")),
        (
            "difficulty",
            "unknown_value",
            format!("tasks WHERE {user} AND difficulty NOT IN ('trivial', 'easy', 'medium', 'hard')"),
        ),
        (
            "task_category",
            "unknown_value",
            format!("tasks WHERE {user} AND task_category NOT IN ('todo', 'goal', 'habit')"),
        ),
        ("exp_reward", "out_of_range", format!("tasks WHERE {user} AND (exp_reward < 5 OR exp_reward > 100)")),
        ("required_energy_balls", "out_of_range", format!("tasks WHERE {user} AND required_energy_balls > 5")),
        (
            "parent_task_id",
            "reference_dropped",
            format!(
                "tasks t WHERE {user} AND parent_task_id IS NOT NULL AND NOT EXISTS (SELECT FROM tasks p WHERE p.id = t.parent_task_id AND p.{user})"
            ),
        ),
        ("completed_at", "moment_missing", format!("tasks WHERE {user} AND completed AND completed_at IS NULL")),
    ] {
        assert_eq!(told("tasks", Some(column), code), there(&rows).await, "{column} {code}");
    }
    assert_eq!(count(&sql, "SELECT count(*) FROM accounts").await, 3);
}

#[tokio::test]
async fn whose_address_is_taken_stays_where_it_is() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source
        .sql
        .batch_execute("UPDATE users SET email = 'LIGHT@example.test' WHERE email = 'heavy@example.test'; UPDATE users SET email = 'nobody' WHERE email = 'damaged@example.test'")
        .await
        .unwrap();
    let said = import(&target, &source, &[]).await;
    assert!(said.contains("accounts: 1 imported, 2 skipped, 0 failed"), "{said}");
    assert_eq!(count(&target.connect().await, "SELECT count(*) FROM accounts").await, 1);
}

#[tokio::test]
async fn a_database_without_columns_or_tables_of_this_deployment_is_read_as_it_is() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source
        .sql
        .batch_execute(
            "ALTER TABLE tasks DROP COLUMN completion_count, ADD COLUMN due_date timestamptz DEFAULT '2027-01-01 00:00:00+01';
             ALTER TABLE milestones ADD COLUMN user_id varchar; ALTER TABLE users DROP COLUMN deletion_requested_at;
             ALTER TABLE daily_battle_reports ALTER COLUMN date TYPE date;
             INSERT INTO daily_battle_reports (id, user_id, date, tasks_completed, total_battle_time)
             SELECT n, id, '2026-12-24', n, 30 FROM users, generate_series(1, 2) n WHERE email = 'light@example.test';
             ALTER TABLE activity_logs RENAME COLUMN created_at TO date; ALTER TABLE activity_logs ADD COLUMN description text;
             DROP TABLE micro_tasks, pomodoro_sessions, goal_tasks, sessions;
             CREATE TABLE goal_tasks (id int, goal_id int, task_id int); INSERT INTO goal_tasks VALUES (1, 1, 1);
             CREATE TABLE user_passwords (user_id varchar, hashed_password text);
             INSERT INTO user_passwords SELECT id, hashed_password FROM users; UPDATE users SET hashed_password = NULL",
        )
        .await
        .unwrap();
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    assert_eq!(count(&sql, "SELECT count(*) FROM tasks WHERE due_at = 1798758000000").await, 2_038);
    assert_eq!(count(&sql, "SELECT count(*) FROM activity WHERE action = 'past'").await, 5_225);
    let report = "SELECT minutes * 100 + completions FROM days WHERE entity = 'hero' AND day = '2026-12-24'";
    assert_eq!(count(&sql, report).await, 6_003, "two reports of a day are added up");
    assert_eq!(count(&sql, "SELECT count(*) FROM tasks t JOIN goals g ON g.id = t.goal_id WHERE t.legacy_id = 1 AND g.title LIKE '% #0'").await, 1);
    assert_eq!(count(&sql, "SELECT count(*) FROM accounts WHERE password_hash LIKE '$2b$10$%'").await, 3);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_in_a_sentence_without_secrets() {
    let target = Database::fresh().await;
    for (arguments, exit, says) in [
        (&["import-legacy"][..], 2, "There is no legacy database to read"),
        (
            &["import-legacy", "--from", "postgres://me:sec ret@old:port/x"][..],
            2,
            "--from is not a PostgreSQL connection URL",
        ),
        (
            &["import-legacy", "--from", "postgres://me:secret@127.0.0.1:1/old"][..],
            4,
            "127.0.0.1:1/old cannot be reached",
        ),
        (&["import-legacy", "--from", &target.url()][..], 4, "has no table `users`"),
    ] {
        let (code, said, error) = levelup(&target, arguments).await;
        assert_eq!(code, exit, "{said}{error}");
        assert!(error.contains(says) && !error.contains("secret") && !error.contains("sec ret"), "{error}");
    }
}
