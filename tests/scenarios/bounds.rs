//! What one request reads is bounded, whatever lies there: pages of letters as long as requests, days with very many rows, the few
//! among very many accounts.

use application::activity::{Wanted, page};
use application::identity::admin::{Sought, Stand, list};
use application::identity::{Actor, Role};
use domain::id::SpaceId;
use infrastructure::clock::now_ms;
use infrastructure::postgres::activity::PostgresActivity;
use infrastructure::postgres::directory::PostgresDirectory;
use jiff::civil::date;
use serde_json::{Value, json};
use support::patience::until;
use support::{Account, Http};
use tokio_postgres::Client;

use crate::people::promote;
use crate::stage::Stage;

/// Bytes of a page, and a little for what stands around what was sent.
const PAGE_BYTES_MAX: usize = 1_100_000;

/// Every page, as often as it goes on: the length of each, and the moments of all letters.
async fn letters(http: &Http, path: &str) -> (Vec<(usize, usize)>, Vec<i64>) {
    let (mut pages, mut moments, mut next) = (Vec::new(), Vec::new(), String::new());
    loop {
        let answer = http.get(&format!("{path}{next}")).await;
        let body = answer.json();
        let items = body["items"].as_array().unwrap_or_else(|| panic!("{body}"));
        pages.push((items.len(), answer.body.len()));
        moments.extend(items.iter().map(|item| item["at"].as_i64().unwrap()));
        match body["next"].as_str() {
            Some(token) => next = format!("&page={token}"),
            None => return (pages, moments),
        }
    }
}

#[tokio::test]
async fn a_page_of_dead_letters_ends_at_a_mebibyte_and_has_one_at_least() {
    let stage = Stage::set().await;
    let admin = Account::register(&stage.server).await;
    promote(&stage.sql, &admin, "admin").await;
    // One of them is longer than a page by itself.
    let long = "INSERT INTO rejections (space_id, transaction_id, device_id, decided_at, problem, sent, code)
        SELECT $1, gen_random_uuid(), gen_random_uuid(), n, '{\"code\":\"not_found\"}',
            json_build_object('commands', json_build_array(repeat('x', CASE n WHEN 5 THEN 2000000 ELSE 300000 END)))::text,
            'not_found'
        FROM generate_series(1, 12) n";
    stage.sql.execute(long, &[&stage.account.space()]).await.unwrap();
    let newest_first: Vec<i64> = (1..=12).rev().collect();
    let http = admin.http().await;
    let of_one = format!("/api/v2/admin/dead-letters?limit=1000&account={}", stage.account.space());
    for (http, path) in [(&stage.http, "/api/v2/rejections?limit=1000"), (&http, of_one.as_str())] {
        let (pages, moments) = letters(http, path).await;
        assert_eq!(moments, newest_first, "{path}");
        assert!(pages.iter().all(|(items, bytes)| *items == 1 || *bytes <= PAGE_BYTES_MAX), "{path}: {pages:?}");
        assert!(pages.iter().any(|(items, _)| *items > 1), "{path}: {pages:?}");
    }
    let (pages, moments) = letters(&http, "/api/v2/admin/dead-letters?limit=1000").await;
    assert_eq!((pages.len(), moments), (1, newest_first), "what is not shown counts nothing");
    let (pages, _) = letters(&stage.http, "/api/v2/rejections?limit=2").await;
    assert!(pages.iter().all(|(items, _)| *items <= 2), "{pages:?}");
}

/// Rows of the activity that indexes gave since the statistics were made.
async fn read_of_activity(sql: &Client) -> i64 {
    let statement = "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'activity'";
    sql.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn days_with_very_many_rows_are_walked_by_so_many_at_once() {
    let stage = Stage::set().await;
    let space = stage.account.space();
    let many =
        "INSERT INTO activity (space_id, position, at, day, action, entity, entity_id, title, xp, balls, minutes,
            cycles, details)
        SELECT $1, 1000000 + n, 0, date '2020-01-01' + n / 400, 'focused', 'task', $1, 'x', 0, 0, 1, 0, '{}'
        FROM generate_series(0, 99999) n";
    stage.sql.execute(many, &[&space]).await.unwrap();
    stage.sql.batch_execute("ANALYZE activity").await.unwrap();
    let before = read_of_activity(&stage.sql).await;
    let (pool, year) = (stage.database.pool(1), (date(2020, 1, 1), date(2020, 12, 31)));
    let log = PostgresActivity::new(pool.clone());
    let wanted = Wanted { days: Some(year), rows: 10, ..Wanted::default() };
    let first = page(&log, SpaceId(space), &wanted).await.unwrap();
    assert_eq!(first.next, Some(1_090_000), "so many were looked at");
    // A few days of it are not, and neither is what lies before and behind them.
    let (from, to) = (date(2020, 2, 10), date(2020, 3, 20));
    let wanted = Wanted { days: Some((from, to)), ..wanted };
    let some = page(&log, SpaceId(space), &wanted).await.unwrap();
    assert_eq!(some.next, Some(1_000_000 + 80 * 400 - 10_000), "it begins with the newest of these days");
    let wanted = Wanted { before: Some(1_000_000 + 40 * 400 + 5), ..wanted };
    let last = page(&log, SpaceId(space), &wanted).await.unwrap();
    assert_eq!(last.next, None, "and ends with the oldest");
    // A connection that goes tells what it read.
    drop((log, pool));
    let read = until("the statistics", async || {
        let read = read_of_activity(&stage.sql).await - before;
        (read > 20_000).then_some(read)
    })
    .await;
    assert!(read < 90_000, "{read} rows were read for three pages");
}

#[tokio::test]
async fn the_few_among_many_accounts_are_found_without_reading_the_others() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    let many = "INSERT INTO accounts (account_id, email, password_hash, role, time_zone, created_at, verified_at)
        SELECT gen_random_uuid(), 'many' || n || '@list.test', 'x', 'user', 'UTC', n, n FROM generate_series(1, 20000) n";
    stage.sql.execute(many, &[]).await.unwrap();
    let set = "UPDATE accounts SET locked_at = CASE WHEN email LIKE 'many7%00@%' THEN 1 END,
            deletion_requested_at = CASE WHEN email LIKE 'many8%000@%' THEN 1 END,
            erase_after = CASE WHEN email LIKE 'many8%000@%' THEN 9000000000000 END,
            verified_at = CASE WHEN email LIKE 'many9%000@%' THEN NULL ELSE 1 END
        WHERE email LIKE 'many%'";
    stage.sql.execute(set, &[]).await.unwrap();
    stage.sql.batch_execute("ANALYZE accounts").await.unwrap();
    let pool = stage.database.pool(1);
    let directory = PostgresDirectory::new(pool.clone());
    let all = Sought { rows: 100, ..Sought::default() };
    let admins = Sought { role: Some(Role::Admin), ..all.clone() };
    let stands = [Stand::Locked, Stand::Leaving, Stand::Unproven];
    let standing = stands.map(|stand| Sought { stand: Some(stand), ..all.clone() });
    for sought in standing.into_iter().chain([admins]) {
        let found = list(&directory, &sought, Actor::Operator, now_ms()).await.unwrap();
        assert!((1..20).contains(&found.len()), "{sought:?}: {}", found.len());
    }
    // A connection that goes tells what it read, and by what.
    drop((directory, pool));
    let used = "SELECT count(*) FROM pg_stat_user_indexes WHERE idx_scan > 0
        AND indexrelname IN ('accounts_staff', 'accounts_locked', 'accounts_leaving', 'accounts_unproven')";
    until("the statistics", async || {
        let used: i64 = stage.sql.query_one(used, &[]).await.unwrap().get(0);
        (used == 4).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_text_that_no_text_of_the_store_can_be_is_refused_by_name() {
    let stage = Stage::set().await;
    promote(&stage.sql, &stage.account, "admin").await;
    for (query, parameter) in
        [("accounts?email=%00", "email"), ("accounts?page=a%00", "page"), ("dead-letters?code=%00", "code")]
    {
        let answer = stage.http.get(&format!("/api/v2/admin/{query}")).await;
        let body: Value = answer.json();
        assert_eq!((answer.status, &body["code"]), (400, &json!("query_invalid")), "{query}");
        assert_eq!(body["parameter"], parameter, "{body}");
    }
    for name in ["%00", "a%00", "NO"] {
        let answer = stage.http.delete(&format!("/api/v2/admin/flags/{name}?version=1")).await;
        assert_eq!((answer.status, answer.problem().as_str()), (404, "not_found"), "{name}");
    }
}
