//! `levelup import-legacy` and `levelup export-legacy`, as an operator runs them on a legacy database. What has to come out
//! is counted by SQL over that database, beside what the program does.

mod again;
mod back;
mod back_odd;
mod circle;
mod counts;
mod damage;
mod marks;
mod mended;
mod one_moment;
mod second_circle;
mod secured;
mod source;
mod stopped;

use api::client::{Credentials, Device, Session};
use serde_json::Value;
use support::{Database, TestServer};
use tokio_postgres::Client;

use self::source::Source;
use crate::log_copy::levelup;

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
