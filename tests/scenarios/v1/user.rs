//! The account as its row.

use serde_json::{Value, json};

use super::read::told;
use crate::stage::Stage;

#[tokio::test]
async fn an_account_was_changed_when_its_address_was_proven_or_it_was_asked_to_be_deleted() {
    let stage = Stage::set().await;
    let user = async || told(&stage.http, "/api/auth/user").await;
    let made = user().await;
    assert_eq!(made["updatedAt"], made["createdAt"]);
    for (change, later) in [
        ("verified_at = created_at + 1000", "1970-01-01T00:00:02.000Z"),
        ("deletion_requested_at = created_at + 2000, erase_after = created_at + 9000", "1970-01-01T00:00:03.000Z"),
        ("deletion_requested_at = NULL, erase_after = NULL", "1970-01-01T00:00:02.000Z"),
    ] {
        let change = format!("UPDATE accounts SET created_at = 1000, {}", change.replace("created_at +", "1000 +"));
        stage.sql.execute(&change, &[]).await.unwrap();
        assert_eq!((&user().await["updatedAt"], &user().await["createdAt"]), (&json!(later), &created()));
    }
}

fn created() -> Value {
    json!("1970-01-01T00:00:01.000Z")
}
