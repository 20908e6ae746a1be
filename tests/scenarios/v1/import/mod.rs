//! `levelup import-legacy` and `levelup export-legacy`, as an operator runs them on a legacy database. What has to come out
//! is counted by SQL over that database, beside what the program does.

mod source;

use api::client::{Credentials, Device, Session};
use serde_json::Value;
use support::patience::{until, within};
use support::process::command;
use support::{DataDir, Database, TestServer, tables};
use tokio_postgres::Client;

use self::source::Source;
use crate::log_copy::{Folder, assert_verified, count, levelup, text};

/// What of a database has to be the same after the same import, however it came about; ids of conflicts, log and stamps aside.
const STATE: [&str; 6] = [
    "SELECT to_jsonb(t) AS row FROM (SELECT a.legacy_user_id, a.email, a.password_hash, a.first_name, a.created_at FROM accounts a) t ORDER BY legacy_user_id",
    "SELECT to_jsonb(t) AS row FROM (SELECT space_id, legacy_id, title, description, category, kind, difficulty, exp_reward, energy_cost, estimated_minutes, skill_id, goal_id, parent_id, tags, rank, completed_at, completion_count, streak, last_completed_on, focus_minutes, created_at FROM tasks) t ORDER BY space_id, legacy_id",
    "SELECT to_jsonb(t) AS row FROM (SELECT space_id, legacy_id, title, status, completed_at, skill_id, parent_id, milestones_done, milestones_total, created_at FROM goals) t ORDER BY space_id, legacy_id",
    "SELECT to_jsonb(t) AS row FROM (SELECT space_id, legacy_id, name, level, xp, color, kind FROM skills) t ORDER BY space_id, legacy_id",
    "SELECT to_jsonb(t) AS row FROM (SELECT space_id, name, xp, level, streak, tasks_completed, energy_max, energy_day, energy_spent, onboarded FROM heroes) t ORDER BY space_id",
    "SELECT to_jsonb(t) AS row FROM (SELECT space_id, entity_id, day, completions, minutes, balls, xp FROM days) t ORDER BY space_id, entity_id, day",
];

/// Imports; what it said. It has to succeed.
async fn import(target: &Database, source: &Source, more: &[&str]) -> String {
    let url = source.database.url();
    let (exit, said, error) = levelup(target, &[&["import-legacy", "--from", &url], more].concat()).await;
    assert_eq!(exit, 0, "{said}{error}");
    said
}

/// The state, without what every import makes anew.
async fn state(sql: &Client) -> Vec<Vec<Value>> {
    let mut found = Vec::new();
    for statement in STATE {
        found.push(sql.query(statement, &[]).await.unwrap().iter().map(|row| row.get("row")).collect());
    }
    found
}

/// The rows of a statement, as text.
async fn lines(sql: &Client, statement: &str) -> Vec<String> {
    sql.query(statement, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// The same of both: a statement over the legacy database, and one over this.
async fn same(source: &Source, sql: &Client, there: &str, here: &str) {
    let (expected, found) = (lines(&source.sql, there).await, lines(sql, here).await);
    assert!(!expected.is_empty(), "{there}");
    assert_eq!(expected, found, "{there}");
}

#[tokio::test]
async fn what_the_legacy_database_holds_is_here_as_it_counts_it() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    let before = source.footprint().await;
    let said = import(&target, &source, &[]).await;
    assert!(said.contains("accounts: 3 imported, 0 skipped, 0 failed") && said.contains(" rows/s"), "{said}");
    assert_eq!(source.footprint().await, before, "the legacy database was written to");
    let sql = target.connect().await;
    let user = "JOIN accounts a ON a.account_id = t.space_id";
    for table in ["tasks", "goals"] {
        same(
            &source,
            &sql,
            &format!("SELECT format('%s %s', t.user_id, count(*)) FROM {table} t GROUP BY t.user_id ORDER BY 1"),
            &format!("SELECT format('%s %s', a.legacy_user_id, count(*)) FROM {table} t {user} GROUP BY a.legacy_user_id ORDER BY 1"),
        )
        .await;
    }
    same(
        &source,
        &sql,
        "SELECT format('%s %s %s', g.user_id, t.id, t.completed) FROM milestones t JOIN goals g ON g.id = t.goal_id ORDER BY t.id",
        &format!("SELECT format('%s %s %s', a.legacy_user_id, t.legacy_id, CASE WHEN t.completed_at IS NULL THEN 'f' ELSE 't' END) FROM milestones t {user} ORDER BY t.legacy_id"),
    )
    .await;
    // XP and levels by the curve; what is below nothing is nothing.
    same(
        &source,
        &sql,
        "SELECT format('%s %s %s', t.user_id, 25 * (t.level - 1) * (3 * t.level - 2) + greatest(t.experience, 0), t.level)
         FROM user_stats t ORDER BY t.user_id",
        "SELECT format('%s %s %s', a.legacy_user_id, h.xp, h.level) FROM heroes h JOIN accounts a ON a.account_id = h.space_id ORDER BY a.legacy_user_id",
    )
    .await;
    // Of skills that are there twice, the one with the highest level, then the most XP.
    same(
        &source,
        &sql,
        "SELECT DISTINCT ON (t.user_id, t.name) format('%s %s %s %s %s', t.user_id, t.name, t.id, t.level, t.exp)
         FROM skills t ORDER BY t.user_id, t.name COLLATE \"C\", t.level DESC, t.exp DESC",
        &format!("SELECT format('%s %s %s %s %s', a.legacy_user_id, t.name, t.legacy_id, t.level, t.xp_in_level) FROM skills t {user} ORDER BY a.legacy_user_id, t.name COLLATE \"C\""),
    )
    .await;
    assert_eq!(count(&sql, "SELECT count(*) FROM activity WHERE action = 'past'").await, 5_225);
    assert_verified(&target).await;
}

#[tokio::test]
async fn habit_days_and_relations_are_those_that_the_rows_tell() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let user = "JOIN accounts a ON a.account_id = t.space_id";
    same(
        &source,
        &sql,
        "SELECT format('%s %s', t.id, d.day) FROM tasks t CROSS JOIN LATERAL (
             SELECT l.created_at::date AS day FROM activity_logs l WHERE l.task_id = t.id AND l.user_id = t.user_id AND l.action = 'task_completed'
             UNION SELECT t.completed_at::date WHERE t.completed AND t.completed_at IS NOT NULL
             UNION SELECT t.last_completed_at::date WHERE t.last_completed_at IS NOT NULL
         ) d WHERE t.task_category IN ('habit', 'daily') ORDER BY t.id, d.day",
        "SELECT format('%s %s', t.legacy_id, d.day) FROM days d JOIN tasks t ON t.space_id = d.space_id AND t.id = d.entity_id
         WHERE d.entity = 'task' AND d.completions = 1 ORDER BY t.legacy_id, d.day",
    )
    .await;
    // Each task at the goal and the core skill that it had, whatever their numbers are now; what leads nowhere at none.
    same(
        &source,
        &sql,
        "SELECT format('%s %s %s', t.id, g.title, s.name) FROM tasks t
         LEFT JOIN goals g ON g.id = t.goal_id AND g.user_id = t.user_id LEFT JOIN skills s ON s.id = t.skill_id AND s.user_id = t.user_id ORDER BY t.id",
        "SELECT format('%s %s %s', t.legacy_id, g.title, s.name) FROM tasks t
         LEFT JOIN goals g ON g.space_id = t.space_id AND g.id = t.goal_id LEFT JOIN skills s ON s.space_id = t.space_id AND s.id = t.skill_id ORDER BY t.legacy_id",
    )
    .await;
    same(
        &source,
        &sql,
        "SELECT format('%s %s %s', g.user_id, g.title, count(m.id)) FROM goals g LEFT JOIN milestones m ON m.goal_id = g.id GROUP BY g.id ORDER BY g.user_id, g.id",
        &format!("SELECT format('%s %s %s', a.legacy_user_id, t.title, t.milestones_total) FROM goals t {user} ORDER BY a.legacy_user_id, t.created_at, t.title"),
    )
    .await;
    same(
        &source,
        &sql,
        "SELECT format('%s %s %s', t.id, t.completed, floor(extract(epoch FROM t.completed_at) * 1000)) FROM tasks t
         WHERE t.task_category IN ('todo', 'goal') AND (t.completed_at IS NOT NULL OR NOT t.completed) ORDER BY t.id",
        "SELECT format('%s %s %s', t.legacy_id, CASE WHEN t.completed_at IS NULL THEN 'f' ELSE 't' END, t.completed_at) FROM tasks t
         WHERE t.legacy_id = ANY (SELECT legacy_id FROM tasks) AND t.category IN ('todo', 'goal') ORDER BY t.legacy_id",
    )
    .await;
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_later_rows_are_added() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let sql = target.connect().await;
    let before = tables::footprint(&sql).await;
    let said = import(&target, &source, &[]).await;
    assert_eq!(said.matches(": nothing new").count(), 3, "{said}");
    assert_eq!(tables::footprint(&sql).await, before, "a second run wrote");
    source
        .sql
        .batch_execute(
            "INSERT INTO tasks (id, user_id, title) SELECT 5000, id, 'Later' FROM users WHERE email = 'light@example.test';
             INSERT INTO activity_logs (id, user_id, created_at, task_id, exp_gained, action)
             SELECT 9000, id, '2026-11-01 08:00:00', 1, 10, 'task_completed' FROM users WHERE email = 'light@example.test';
             UPDATE user_stats SET experience = experience + 10 WHERE id = 1",
        )
        .await
        .unwrap();
    let said = import(&target, &source, &["--account", "light@example.test"]).await;
    assert!(said.contains("1 tasks, 2 days, 1 lines of the log, 10 XP"), "{said}");
    assert_eq!(count(&sql, "SELECT count(*) FROM tasks WHERE legacy_id = 5000 AND title = 'Later'").await, 1);
    assert_eq!(count(&sql, "SELECT xp - (25 * 7 * 22 + 13) FROM heroes WHERE name = 'light'").await, 0);
    assert_verified(&target).await;
}

#[tokio::test]
async fn an_import_that_is_killed_half_way_ends_the_same_when_it_is_run_again() {
    let (source, whole, target) = (Source::sample().await, Database::fresh().await, Database::fresh().await);
    import(&whole, &source, &[]).await;
    let (sql, holder, dir) = (target.connect().await, target.connect().await, DataDir::fresh());
    let url = source.database.url();
    let mut child = command(&target.url(), dir.path(), &["import-legacy", "--from", &url]).spawn().unwrap();
    let events = "SELECT coalesce(max(position), 0) FROM heads";
    until("half of an account", async || (count(&sql, events).await > 600).then_some(())).await;
    // Whoever holds the heads lets nothing more be written: what comes now finds the import on its way.
    holder.batch_execute("BEGIN; SELECT space_id FROM heads FOR UPDATE").await.unwrap();
    within("the end of a killed import", child.kill()).await.unwrap();
    holder.batch_execute("ROLLBACK").await.unwrap();
    let there = count(&sql, "SELECT count(*) FROM events").await;
    assert!(there < count(&whole.connect().await, "SELECT count(*) FROM events").await, "it was not killed half-way");
    import(&target, &source, &[]).await;
    let (expected, found) = (state(&whole.connect().await).await, state(&sql).await);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    let events = "SELECT count(*) FROM events";
    assert_eq!(count(&sql, events).await, count(&whole.connect().await, events).await);
    assert_verified(&target).await;
}

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
    let [dry, real] = [dry, real].map(|file| -> Value { serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap() });
    let notes = |report: &Value| -> Vec<Value> {
        report["accounts"].as_array().unwrap().iter().map(|account| account["notes"].clone()).collect()
    };
    assert_eq!(notes(&dry), notes(&real));
    let accounts = real["accounts"].as_array().unwrap();
    let damaged = accounts.iter().find(|one| one["legacy_id"] == "user_1748968927339_g8crpzwc0").unwrap();
    let told = |table: &str, column: Option<&str>, code: &str| {
        let notes = damaged["notes"].as_array().unwrap().iter();
        let is = |note: &&Value| {
            note["table"] == table && note["code"] == code && note["column"].as_str() == column
        };
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
        ("difficulty", "unknown_value", format!("tasks WHERE {user} AND difficulty NOT IN ('trivial', 'easy', 'medium', 'hard')")),
        ("task_category", "unknown_value", format!("tasks WHERE {user} AND task_category NOT IN ('todo', 'goal', 'habit')")),
        ("exp_reward", "out_of_range", format!("tasks WHERE {user} AND (exp_reward < 5 OR exp_reward > 100)")),
        ("required_energy_balls", "out_of_range", format!("tasks WHERE {user} AND required_energy_balls > 5")),
        ("parent_task_id", "reference_dropped", format!("tasks t WHERE {user} AND parent_task_id IS NOT NULL AND NOT EXISTS (SELECT FROM tasks p WHERE p.id = t.parent_task_id AND p.{user})")),
        ("completed_at", "moment_missing", format!("tasks WHERE {user} AND completed AND completed_at IS NULL AND task_category NOT IN ('habit', 'daily')")),
    ] {
        assert_eq!(told("tasks", Some(column), code), there(&rows).await, "{column} {code}");
    }
    assert_eq!(count(&sql, "SELECT count(*) FROM accounts").await, 3);
}

#[tokio::test]
async fn imported_people_sign_in_as_before_and_are_one_with_their_data() {
    let (source, target) = (Source::sample().await, Database::fresh().await);
    import(&target, &source, &[]).await;
    let server = TestServer::start(&target);
    for name in ["light", "heavy", "damaged"] {
        let credentials = Credentials { email: format!("{name}@example.test"), password: "password1".to_owned() };
        let session = Session::login(server.server(), &credentials, &Device::fresh("web", "browser")).await.unwrap();
        let id = session.account_id();
        let http = support::Http::of(&std::sync::Arc::new(session)).await;
        let hero = http.get(&format!("/api/v2/heroes/{id}")).await.json();
        let shown = if name == "damaged" { "second row" } else { name };
        assert_eq!(hero["name"], shown, "{hero}");
    }
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
async fn what_goes_back_comes_again_the_same() {
    let (source, target, folder) = (Source::sample().await, Database::fresh().await, Folder::new());
    import(&target, &source, &[]).await;
    let file = folder.file("back.sql");
    let (exit, said, error) = levelup(&target, &["export-legacy", text(&file)]).await;
    assert_eq!(exit, 0, "{said}{error}");
    let back = std::fs::read_to_string(&file).unwrap();
    let old = Source::sample().await;
    old.sql.batch_execute(&back).await.unwrap();
    // Once more changes nothing.
    old.sql.batch_execute(&back).await.unwrap();
    let again = Database::fresh().await;
    import(&again, &old, &[]).await;
    let (expected, found) = (state(&target.connect().await).await, state(&again.connect().await).await);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(expected, found);
    }
    let log = "SELECT format('%s %s %s', position, at, details) FROM (SELECT row_number() OVER (ORDER BY space_id, at, details::text) AS position, at, details FROM activity WHERE action = 'past') a ORDER BY position";
    assert_eq!(lines(&target.connect().await, log).await, lines(&again.connect().await, log).await);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_in_a_sentence_without_secrets() {
    let target = Database::fresh().await;
    for (arguments, exit, says) in [
        (&["import-legacy"][..], 2, "There is no legacy database to read"),
        (&["import-legacy", "--from", "postgres://me:sec ret@[x"], 2, "--from is not a PostgreSQL connection URL"),
        (&["import-legacy", "--from", "postgres://me:secret@127.0.0.1:1/old"], 4, "127.0.0.1:1/old cannot be reached"),
        (&["import-legacy", "--from", &target.url()], 4, "has no table `users`"),
    ] {
        let (code, said, error) = levelup(&target, arguments).await;
        assert_eq!(code, exit, "{said}{error}");
        assert!(error.contains(says) && !error.contains("secret") && !error.contains("sec ret"), "{error}");
    }
}
