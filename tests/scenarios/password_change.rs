//! A password changed by who knows it.

use futures_util::future::join_all;
use serde_json::{Value, json};
use support::{Answer, Database, Http, TestServer};

use crate::newcomer::{CHANGED, Newcomer, PASSWORD, RESET, acts, assert_refused, http_of, post};
use crate::password_reset::assert_field;

const NEW: &str = "a new password";

async fn change(http: &Http, current: &str, new: &str) -> Answer {
    post(http, "password/change", json!({ "current_password": current, "new_password": new })).await
}

#[tokio::test]
async fn the_session_that_changes_it_goes_on_and_all_others_end() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let others = [person.another_session().await, person.another_session().await];
    let answer = change(&person.http(), PASSWORD, NEW).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    for other in &others {
        person.assert_ended(other).await;
    }
    person.assert_going_on(&person.session).await;
    assert_eq!(person.login(PASSWORD).await.status, 401);
    assert_eq!(person.login(NEW).await.status, 200);
    person.mailbox.wait(&person.email, CHANGED, 1).await;
    assert!(acts(&sql, person.account()).await.contains(&"password_changed".to_owned()));
    let about: Value =
        sql.query_one("SELECT about FROM security_log WHERE act = 'password_changed'", &[]).await.unwrap().get(0);
    assert_eq!(about["sessions_ended"], 2);
}

#[tokio::test]
async fn a_wrong_password_changes_nothing_and_is_logged() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let other = person.another_session().await;
    for wrong in ["wrong horse battery", "", &"x".repeat(2_000)] {
        let answer = change(&person.http(), wrong, NEW).await;
        assert_eq!((answer.status, answer.problem().as_str()), (401, "credentials_invalid"));
    }
    let refused = acts(&sql, person.account()).await.into_iter().filter(|act| act == "sign_in_refused").count();
    assert_eq!(refused, 3);
    person.assert_going_on(&other).await;
    assert_eq!(person.login(PASSWORD).await.status, 200);
}

#[tokio::test]
async fn a_new_password_has_to_be_one() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    assert_field(&change(&person.http(), PASSWORD, "short").await, "password_short");
    assert_field(&change(&person.http(), PASSWORD, &"x".repeat(1_025)).await, "password_long");
    assert_eq!(person.login(PASSWORD).await.status, 200);
}

#[tokio::test]
async fn of_two_changes_at_once_one_wins() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    let http = person.http();
    let passwords: Vec<String> = (0..4).map(|number| format!("new password {number}")).collect();
    let answers = join_all(passwords.iter().map(|password| change(&http, PASSWORD, password))).await;
    let won: Vec<&String> =
        passwords.iter().zip(&answers).filter(|(_, answer)| answer.status == 204).map(|(one, _)| one).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| [204, 401].contains(&answer.status)), "{answers:?}");
    assert_eq!(person.login(won[0]).await.status, 200);
}

#[tokio::test]
async fn a_change_takes_back_the_mail_that_would_set_another() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    person.forgot().await;
    let code = person.mailbox.code(&person.email, RESET).await;
    assert_eq!(change(&person.http(), PASSWORD, NEW).await.status, 204);
    assert_refused(&person.reset(&code, "another password").await, "reset_token_invalid");
}

#[tokio::test]
async fn nobody_changes_a_password_without_a_session() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    let answer = change(&person.nobody, PASSWORD, NEW).await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "token_missing"));
    let other = person.another_session().await;
    assert_eq!(change(&http_of(&person.nobody, &other), PASSWORD, NEW).await.status, 204);
    let answer = change(&person.http(), NEW, PASSWORD).await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "session_revoked"));
}
