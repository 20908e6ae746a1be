//! A forgotten password: the mail, its token, and what a new password ends.

use futures_util::future::join_all;
use serde_json::json;
use support::{Answer, Database, TestServer};

use crate::newcomer::{CHANGED, CONFIRM, Newcomer, PASSWORD, RESET, acts, address, assert_refused, outside, post};

const NEW: &str = "a new password";

#[tokio::test]
async fn whoever_reads_the_mail_sets_a_new_password_and_everybody_else_is_out() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let tablet = person.another_session().await;
    assert_eq!(person.forgot().await.status, 202);
    let code = person.mailbox.code(&person.email, RESET).await;
    assert!(!person.is_verified(&person.http()).await);

    let answer = person.reset(&code, NEW).await;
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    person.assert_ended(&person.session).await;
    person.assert_ended(&tablet).await;
    assert_eq!(person.login(PASSWORD).await.status, 401);
    let session = person.login(NEW).await;
    assert_eq!(session.status, 200, "{}", session.json());
    let http = crate::newcomer::http_of(&person.nobody, &session.json());
    assert!(person.is_verified(&http).await, "who reads the mail has proven the address");

    let told = person.mailbox.wait(&person.email, CHANGED, 1).await;
    assert!(told[0].body.contains("127.0.0.0/24"), "{}", told[0].body);
    let acts = acts(&sql, person.account()).await;
    assert!(acts.windows(2).any(|two| two == ["password_reset_asked", "password_reset"]), "{acts:?}");
}

#[tokio::test]
async fn known_unknown_and_impossible_addresses_get_one_answer() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    person.mailbox.wait(&person.email, CONFIRM, 1).await;
    for path in ["password/forgot", "email/resend"] {
        let known = post(&person.nobody, path, json!({ "email": person.email.to_uppercase() })).await;
        assert_eq!(known.status, 202);
        for other in [address(), "nobody".to_owned(), String::new(), "a@b\r\nBcc: c@d".to_owned(), "x".repeat(5_000)] {
            let answer = post(&person.nobody, path, json!({ "email": other })).await;
            assert_eq!(outside(&answer), outside(&known), "{path} of {other:?}");
        }
    }
    person.mailbox.wait(&person.email, RESET, 1).await;
    let written: i64 =
        sql.query_one("SELECT count(*) FROM security_log WHERE act LIKE '%asked'", &[]).await.unwrap().get(0);
    assert_eq!(written, 2, "one for each mail that was posted, none for the others");
}

#[tokio::test]
async fn a_token_works_once_for_an_hour_and_for_nothing_else() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    let confirm = person.mailbox.code(&person.email, CONFIRM).await;
    assert_refused(&person.reset(&confirm, NEW).await, "reset_token_invalid");
    for garbage in ["", "garbage", &"A".repeat(43), &"A".repeat(100_000), "\0", "' or 1 = 1"] {
        assert_refused(&person.reset(garbage, NEW).await, "reset_token_invalid");
    }

    person.forgot().await;
    let code = person.mailbox.code(&person.email, RESET).await;
    let lifetime = "SELECT expires_at - created_at FROM account_tokens WHERE purpose = 'password_reset'";
    assert_eq!(sql.query_one(lifetime, &[]).await.unwrap().get::<_, i64>(0), 60 * 60 * 1_000);
    assert_refused(&person.verify(&code).await, "verification_token_invalid");
    sql.execute("UPDATE account_tokens SET expires_at = expires_at - 3600000", &[]).await.unwrap();
    assert_refused(&person.reset(&code, NEW).await, "reset_token_invalid");
    sql.execute("UPDATE account_tokens SET expires_at = expires_at + 3600000", &[]).await.unwrap();
    assert_eq!(person.reset(&format!(" {code}\n"), NEW).await.status, 204, "pasted with what stood around it");
    assert_refused(&person.reset(&code, PASSWORD).await, "reset_token_invalid");
    assert_eq!(person.login(NEW).await.status, 200);
}

#[tokio::test]
async fn only_the_newest_mail_works() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    person.forgot().await;
    let first = person.mailbox.code(&person.email, RESET).await;
    person.forgot().await;
    let second = person.mailbox.wait(&person.email, RESET, 2).await[1].code();
    assert_refused(&person.reset(&first, NEW).await, "reset_token_invalid");
    assert_eq!(person.reset(&second, NEW).await.status, 204);
}

#[tokio::test]
async fn of_two_resets_at_once_one_wins() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    person.forgot().await;
    let code = person.mailbox.code(&person.email, RESET).await;
    let passwords: Vec<String> = (0..6).map(|number| format!("new password {number}")).collect();
    let answers = join_all(passwords.iter().map(|password| person.reset(&code, password))).await;
    let won: Vec<&String> =
        passwords.iter().zip(&answers).filter(|(_, answer)| answer.status == 204).map(|(one, _)| one).collect();
    assert_eq!(won.len(), 1, "{answers:?}");
    for answer in answers.iter().filter(|answer| answer.status != 204) {
        assert_refused(answer, "reset_token_invalid");
    }
    assert_eq!(person.login(won[0]).await.status, 200);
}

#[tokio::test]
async fn a_password_that_cannot_be_used_leaves_the_token_good() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    person.forgot().await;
    let code = person.mailbox.code(&person.email, RESET).await;
    for (password, expected) in [("short", "password_short"), (&"x".repeat(1_025), "password_long")] {
        let answer = person.reset(&code, password).await;
        assert_field(&answer, expected);
    }
    assert_eq!(person.reset(&code, NEW).await.status, 204);
}

/// The refusal names the field of the new password.
pub(crate) fn assert_field(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.problem().as_str()), (422, "fields_invalid"));
    let errors = answer.json()["errors"].clone();
    assert_eq!((&errors[0]["pointer"], &errors[0]["code"]), (&json!("/new_password"), &json!(code)), "{errors}");
    assert_eq!(errors.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_account_gets_no_more_than_three_such_mails_an_hour_however_many_ask_at_once() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let (person, sql) = (Newcomer::on(&server).await, database.connect().await);
    for answer in join_all((0..12).map(|_| person.forgot())).await {
        assert_eq!(answer.status, 202);
    }
    let count =
        || async { acts(&sql, person.account()).await.iter().filter(|act| *act == "password_reset_asked").count() };
    assert_eq!(count().await, 3);
    person.mailbox.wait(&person.email, RESET, 3).await;
    // An hour later there are three more.
    let earlier = "UPDATE security_log SET entry_id = overlay(entry_id::text placing '00000000' from 1)::uuid";
    sql.execute(earlier, &[]).await.unwrap();
    for _ in 0..4 {
        person.forgot().await;
    }
    assert_eq!(count().await, 6);
    assert_eq!(person.mailbox.wait(&person.email, RESET, 6).await.len(), 6);
}

#[tokio::test]
async fn bodies_of_another_form_are_refused_and_never_fail_inside() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    let person = Newcomer::on(&server).await;
    for path in ["password/forgot", "password/reset", "password/change", "email/verify", "email/resend"] {
        for (body, status) in [("{}", 422), ("[]", 422), ("7", 422), ("{", 400), ("{\"email\":7,\"token\":[]}", 422)] {
            let answer = person.http().post(&format!("/api/v2/auth/{path}"), body).await;
            assert_eq!(answer.status, status, "{path} {body}: {}", answer.problem());
        }
        let extra = json!({ "email": "a@b", "token": "x", "new_password": NEW, "current_password": NEW, "extra": 1 });
        let answer = post(&person.http(), path, extra).await;
        assert_eq!((answer.status, answer.problem().as_str()), (422, "field_unknown"), "{path}");
    }
}
