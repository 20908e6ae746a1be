//! Rows that are past their time are cleared away, and no others.

use infrastructure::clock::now_ms;
use infrastructure::upkeep::clear_away;
use tokio_postgres::Client;

use crate::sign_in::{SignedIn, refresh, sign_in};
use crate::stage::Stage;

async fn count(sql: &Client, statement: &str) -> i64 {
    sql.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn what_is_past_its_time_is_cleared_away() {
    let stage = Stage::set().await;
    let (old, kept) =
        (sign_in(&stage.http, &stage.account, "old").await, sign_in(&stage.http, &stage.account, "kept").await);
    let old = SignedIn::of(&refresh(&stage.http, old.refresh_token()).await);
    let kept_next = SignedIn::of(&refresh(&stage.http, kept.refresh_token()).await);
    let expire = "UPDATE refresh_tokens SET expires_at = 1 WHERE session_id = $1";
    stage.sql.execute(expire, &[&old.session()]).await.unwrap();
    let expire = "UPDATE refresh_tokens SET expires_at = 1 WHERE session_id = $1 AND consumed_at IS NOT NULL";
    stage.sql.execute(expire, &[&kept.session()]).await.unwrap();
    // More than a chunk of each.
    let nonces = "INSERT INTO refresh_nonces (nonce_hash, account_id, session_id, expires_at)
                  SELECT sha256(n::text::bytea), $1, $2, CASE n WHEN 0 THEN $3::bigint ELSE 1 END FROM generate_series(0, 2500) n";
    let (space, later) = (stage.account.space(), now_ms() + 60_000);
    stage.sql.execute(nonces, &[&space, &kept.session(), &later]).await.unwrap();
    let ends = "INSERT INTO revoked_sessions (session_id, because, revoked_at, forget_at)
                SELECT gen_random_uuid(), 'signed_out', 1, CASE n WHEN 0 THEN $1::bigint ELSE 1 END FROM generate_series(0, 1500) n";
    stage.sql.execute(ends, &[&later]).await.unwrap();

    let pool = stage.database.pool(2);
    let (one, two) = tokio::join!(clear_away(&pool, now_ms()), clear_away(&pool, now_ms()));
    one.unwrap();
    two.unwrap();
    clear_away(&pool, now_ms()).await.unwrap();

    assert_eq!(count(&stage.sql, "SELECT count(*) FROM refresh_tokens WHERE expires_at = 1").await, 0);
    assert_eq!(count(&stage.sql, "SELECT count(*) FROM refresh_nonces").await, 1);
    assert_eq!(count(&stage.sql, "SELECT count(*) FROM revoked_sessions").await, 1);
    assert_eq!(count(&stage.sql, "SELECT count(*) FROM sessions").await, 2, "the session without tokens is gone");
    assert_eq!(count(&stage.sql, "SELECT count(*) FROM refresh_tokens").await, 2);
    SignedIn::of(&refresh(&stage.http, kept_next.refresh_token()).await);
}
