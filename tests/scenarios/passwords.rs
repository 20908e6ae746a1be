//! Hashes of the old system: they let their owner in, once.

use application::identity::AccountLife;
use domain::id::AccountId;
use infrastructure::postgres::directory::PostgresDirectory;

use crate::people::{code, login};
use crate::stage::Stage;

const PASSWORD: &str = "correct horse battery";
/// Made by bcryptjs 2.4, with its cost 10, of that password.
const OLD: &str = "$2a$10$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a";

async fn hash(stage: &Stage) -> String {
    let statement = "SELECT password_hash FROM accounts WHERE account_id = $1";
    stage.sql.query_one(statement, &[&stage.account.space()]).await.unwrap().get(0)
}

async fn set_hash(stage: &Stage, hash: &str) {
    let statement = "UPDATE accounts SET password_hash = $2 WHERE account_id = $1";
    stage.sql.execute(statement, &[&stage.account.space(), &hash]).await.unwrap();
}

#[tokio::test]
async fn a_hash_of_the_old_system_is_replaced_by_the_first_right_password() {
    let stage = Stage::set().await;
    let email = stage.account.credentials.email.as_str();
    for version in ["$2a$", "$2b$", "$2y$"] {
        let old = OLD.replace("$2a$", version);
        set_hash(&stage, &old).await;
        assert_eq!(code(&login(&stage.server, email, "wrong horse battery").await), (401, "credentials_invalid"));
        assert_eq!(hash(&stage).await, old, "a wrong password replaces nothing");
        assert_eq!(login(&stage.server, email, PASSWORD).await.0, 200, "{version}");
        let new = hash(&stage).await;
        assert!(new.starts_with("$argon2id$"), "{new}");
        let kept = "SELECT legacy_password_hash FROM accounts WHERE account_id = $1";
        let kept: String = stage.sql.query_one(kept, &[&stage.account.space()]).await.unwrap().get(0);
        assert_eq!(kept, old, "the account may go back where only the old one is known");
        assert_eq!(login(&stage.server, email, PASSWORD).await.0, 200);
        assert_eq!(code(&login(&stage.server, email, "wrong horse battery").await), (401, "credentials_invalid"));
        assert_eq!(hash(&stage).await, new, "a hash like new ones stays");
    }
}

#[tokio::test]
async fn whoever_changed_the_password_meanwhile_has_the_last_word() {
    let stage = Stage::set().await;
    set_hash(&stage, "changed meanwhile").await;
    let directory = PostgresDirectory::new(stage.database.pool(1));
    directory.renew_hash(AccountId(stage.account.space()), OLD, "renewed").await.unwrap();
    assert_eq!(hash(&stage).await, "changed meanwhile");
}

#[tokio::test]
async fn a_damaged_hash_lets_nobody_in_and_is_answered_like_a_wrong_password() {
    let stage = Stage::set().await;
    for damaged in ["$2a$31$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a", "$2b$10$short", "", "plain"] {
        set_hash(&stage, damaged).await;
        let said = login(&stage.server, &stage.account.credentials.email, PASSWORD).await;
        assert_eq!(code(&said), (401, "credentials_invalid"), "{damaged}");
    }
}
