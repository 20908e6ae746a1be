//! Legacy databases that are not as the sample: other columns, other tables, rows of others in the way.

use serde_json::json;
use support::Database;
use support::commands::{command_with, create_task, id};

use super::source::Source;
use super::{import, lines};
use crate::log_copy::{Folder, count, done, levelup, text};
use crate::stage::Stage;

#[tokio::test]
async fn a_legacy_database_with_other_tables_columns_and_references_takes_what_it_can_and_says_the_rest() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    source
        .sql
        .batch_execute(
            "DROP TABLE goal_tasks; CREATE TABLE goal_tasks (id int PRIMARY KEY, goal_id int NOT NULL REFERENCES goals, task_id int NOT NULL REFERENCES tasks);
             INSERT INTO goal_tasks VALUES (1, 1, 1);
             INSERT INTO micro_tasks (id, user_id, task_id, title) SELECT 7, user_id, id, 'A part' FROM tasks WHERE id = 1;
             UPDATE user_profiles SET age = 'young', occupation = 'Baker' WHERE user_id = (SELECT id FROM users WHERE email = 'light@example.test')",
        )
        .await
        .unwrap();
    import(&target, &source, &["--account", "light@example.test"]).await;
    source
        .sql
        .batch_execute(
            "ALTER TABLE users DROP COLUMN profile_image_url, ADD COLUMN plan text NOT NULL DEFAULT 'free', ADD COLUMN seats int;
             ALTER TABLE users ALTER COLUMN plan DROP DEFAULT;
             DROP TABLE daily_battle_reports;
             ALTER TABLE user_profiles ALTER COLUMN age TYPE int USING 1;
             DELETE FROM user_profiles; DELETE FROM goal_tasks; DELETE FROM micro_tasks;
             UPDATE tasks SET description = '' WHERE description IS NULL; ALTER TABLE tasks ALTER COLUMN description SET NOT NULL",
        )
        .await
        .unwrap();
    let said = done(&target, &["export-legacy", "--load", "--to", &source.database.url()]).await;
    assert!(said.contains(": age cannot hold its value (22P02)"), "{said}");
    assert!(said.contains("daily_battle_reports: there is no table with integer ids for its"), "{said}");
    assert_eq!(lines(&source.sql, "SELECT occupation FROM user_profiles").await, ["Baker"]);
    assert_eq!(lines(&source.sql, "SELECT format('%s %s %s', id, goal_id, task_id) FROM goal_tasks").await, ["1 1 1"]);
    assert_eq!(lines(&source.sql, "SELECT format('%s %s', task_id, title) FROM micro_tasks").await, ["1 A part"]);
    assert_eq!(lines(&source.sql, "SELECT DISTINCT plan FROM users").await, ["free"], "what is there is not lost");
}

#[tokio::test]
async fn rows_of_others_stay_and_a_reference_to_nothing_says_nothing() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &["--account", "light@example.test"]).await;
    let sql = target.connect().await;
    // Here a task and a skill are gone; there something of somebody else refers to the task, and a number is taken.
    sql.batch_execute("DELETE FROM tasks WHERE legacy_id = 1").await.unwrap();
    source
        .sql
        .batch_execute(
            "INSERT INTO pomodoro_sessions (user_id, task_id, start_time) SELECT id, 1, '2026-01-01' FROM users WHERE email = 'heavy@example.test';
             DELETE FROM activity_logs WHERE task_id = 2; DELETE FROM tasks WHERE id = 2;
             INSERT INTO tasks (id, user_id, title) SELECT 2, id, 'Of somebody else' FROM users WHERE email = 'heavy@example.test'",
        )
        .await
        .unwrap();
    let said = done(&target, &["export-legacy", "--load", "--to", &source.database.url()]).await;
    assert!(said.contains("tasks 1: it stays, because a row that stays refers to it"), "{said}");
    assert!(said.contains("tasks 2: the number is another row's; this one gets a new one"), "{said}");
    assert_eq!(lines(&source.sql, "SELECT title FROM tasks WHERE id = 2").await, ["Of somebody else"]);
    assert_eq!(count(&source.sql, "SELECT count(*) FROM pomodoro_sessions").await, 1);
    let ours = "SELECT count(*) FROM tasks t JOIN users u ON u.id = t.user_id WHERE u.email = 'light@example.test'";
    let here = count(&sql, "SELECT count(*) FROM tasks").await;
    assert_eq!(count(&source.sql, ours).await, here + 1);
}

#[tokio::test]
async fn an_address_that_somebody_has_there_joins_and_takes_nothing_away() {
    let (stage, source) = (Stage::set().await, Source::sample().await);
    stage.account.commit(&[create_task(id(), "Made here")]).await;
    let email = stage.account.credentials.email.to_uppercase();
    source.sql.execute("UPDATE users SET email = $1 WHERE email = 'light@example.test'", &[&email]).await.unwrap();
    let of = "SELECT count(*) FROM tasks t JOIN users u ON u.id = t.user_id WHERE u.first_name = 'Light'";
    let before = count(&source.sql, of).await;
    let said = done(&stage.database, &["export-legacy", "--load", "--to", &source.database.url()]).await;
    assert!(said.contains("who has its address here and keeps what is here"), "{said}");
    assert_eq!(count(&source.sql, of).await, before + 1);
    let rows = "SELECT (SELECT count(*) FROM tasks) + (SELECT count(*) FROM goals) + (SELECT count(*) FROM skills)
        + (SELECT count(*) FROM activity_logs) + (SELECT count(*) FROM daily_battle_reports)";
    let once = count(&source.sql, rows).await;
    done(&stage.database, &["export-legacy", "--load", "--to", &source.database.url()]).await;
    assert_eq!(count(&source.sql, rows).await, once, "what went there before is known again");
    let hash = "SELECT count(*) FROM users WHERE first_name = 'Light' AND hashed_password LIKE '$2b$10$%'";
    assert_eq!(count(&source.sql, hash).await, 1, "its password is its own");
    assert_eq!(count(&source.sql, "SELECT count(*) FROM users").await, 3);
    assert_eq!(count(&source.sql, "SELECT count(*) FROM user_stats").await, 3);
    // Forward again it is said that what is there of that user stays there.
    let said = import(&stage.database, &source, &["--account", &email]).await;
    assert!(said.contains("went back into it") && said.contains("rows that are not from here stay there"), "{said}");
}

#[tokio::test]
async fn a_number_that_a_column_cannot_hold_is_held_and_told_and_takes_nothing_away_here() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    let one = ["--account", "light@example.test"];
    source
        .sql
        .batch_execute(
            "ALTER TABLE tasks ADD COLUMN started_ms bigint; UPDATE tasks SET started_ms = 1700000000000 WHERE id = 1;
             UPDATE skills SET level = 50, exp = 5, max_exp = 2000000000 WHERE id = (
                 SELECT min(id) FROM skills WHERE user_id = (SELECT id FROM users WHERE email = 'light@example.test'))",
        )
        .await
        .unwrap();
    import(&target, &source, &one).await;
    let xp = "SELECT sum(xp)::bigint FROM skills";
    let sql = target.connect().await;
    let before = count(&sql, xp).await;
    let said = done(&target, &["export-legacy", "--load", "--to", &source.database.url()]).await;
    assert!(said.contains("max_exp holds at most 2147483647"), "{said}");
    assert_eq!(count(&source.sql, "SELECT max(max_exp)::bigint FROM skills").await, 2_147_483_647);
    assert_eq!(count(&source.sql, "SELECT started_ms FROM tasks WHERE id = 1").await, 1_700_000_000_000);
    let said = import(&target, &source, &one).await;
    assert!(said.contains(": nothing new"), "{said}");
    assert_eq!(count(&sql, xp).await, before);
}

#[tokio::test]
async fn an_export_of_nobody_and_of_any_text_runs_whatever_the_session_speaks() {
    let (empty, source, folder) = (Database::fresh().await, Source::empty().await, Folder::new());
    let file = folder.file("nobody.sql");
    done(&empty, &["export-legacy", text(&file)]).await;
    source.sql.batch_execute(&std::fs::read_to_string(&file).unwrap()).await.unwrap();
    let stage = Stage::set().await;
    let words = r#"身体 "quoted" it's \ $levelup$ é"#;
    stage.account.commit(&[command_with("task.create", id(), json!({ "title": words, "tags": ["it's"] }))]).await;
    done(&stage.database, &["export-legacy", text(&file)]).await;
    let script = std::fs::read_to_string(&file).unwrap();
    assert!(script.contains("SET client_encoding = 'UTF8'"));
    source.sql.batch_execute(&script).await.unwrap();
    assert_eq!(lines(&source.sql, "SELECT title FROM tasks").await, [words]);
}

#[tokio::test]
async fn an_export_that_cannot_be_written_leaves_no_file_and_changes_nothing() {
    let (stage, folder) = (Stage::set().await, Folder::new());
    let folder_there = folder.file("taken");
    std::fs::create_dir(&folder_there).unwrap();
    let (exit, _, error) = levelup(&stage.database, &["export-legacy", text(&folder_there)]).await;
    assert_eq!(exit, 3, "{error}");
    assert!(!folder.file("taken.part").exists());
    let other = Database::fresh().await;
    other.connect().await.batch_execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public").await.unwrap();
    let (exit, _, error) = levelup(&stage.database, &["export-legacy", "--load", "--to", &other.url()]).await;
    assert_eq!((exit, error.contains("this database has no table users")), (4, true), "{error}");
    assert_eq!(count(&other.connect().await, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await, 0);
    let (exit, _, error) = levelup(&stage.database, &["export-legacy"]).await;
    assert_eq!(exit, 2, "{error}");
}
