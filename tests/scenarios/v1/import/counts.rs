//! What is there counts the same here: by SQL over the legacy database, beside what the program does.

use support::Database;
use tokio_postgres::Client;

use super::source::Source;
use super::{import, lines};
use crate::log_copy::{assert_verified, count};

/// The same of both: a statement over the legacy database, and one over this.
async fn same(source: &Source, sql: &Client, there: &str, here: &str) {
    let (mut expected, mut found) = (lines(&source.sql, there).await, lines(sql, here).await);
    // Databases sort words in their own ways.
    expected.sort();
    found.sort();
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
         FROM skills t ORDER BY t.user_id, t.name, t.level DESC, t.exp DESC",
        &format!("SELECT format('%s %s %s %s %s', a.legacy_user_id, t.name, t.legacy_id, t.level, t.xp_in_level) FROM skills t {user}"),
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
        "SELECT format('%s %s %s', g.user_id, g.title, count(m.id)) FROM goals g LEFT JOIN milestones m ON m.goal_id = g.id GROUP BY g.id",
        &format!("SELECT format('%s %s %s', a.legacy_user_id, t.title, t.milestones_total) FROM goals t {user}"),
    )
    .await;
    same(
        &source,
        &sql,
        "SELECT format('%s %s %s', t.id, t.completed,
             floor(extract(epoch FROM CASE WHEN t.completed THEN coalesce(t.completed_at, t.created_at) END) * 1000))
         FROM tasks t WHERE t.task_category NOT IN ('habit', 'daily')",
        "SELECT format('%s %s %s', t.legacy_id, CASE WHEN t.completed_at IS NULL THEN 'f' ELSE 't' END, t.completed_at)
         FROM tasks t WHERE t.category <> 'habit'",
    )
    .await;
}
