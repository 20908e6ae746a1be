//! Somebody who registers by bare HTTP and keeps what came back, with the mail that they get.

use infrastructure::clock::uuid_v7;
use serde_json::{Value, json};
use support::{Answer, Http, Mailbox, TestServer};
use uuid::Uuid;

use crate::security_log::entries;

/// The password of everybody in here, until it is another.
pub(crate) const PASSWORD: &str = "correct horse battery";
/// The subjects of mails.
pub(crate) const RESET: &str = "Set a new password";
pub(crate) const CONFIRM: &str = "Please confirm your e-mail address";
pub(crate) const CHANGED: &str = "Your password was changed";
pub(crate) const REPEATED: &str = "You have an account already";

/// A signed-in person.
pub(crate) struct Newcomer {
    /// Their address.
    pub(crate) email: String,
    /// Bare requests without a token.
    pub(crate) nobody: Http,
    /// Their mail.
    pub(crate) mailbox: Mailbox,
    /// The first session, as it was answered.
    pub(crate) session: Value,
}

impl Newcomer {
    /// Registers on a server that asks for no proof.
    pub(crate) async fn on(server: &TestServer) -> Self {
        let (email, nobody) = (address(), Http::nobody(server.url()));
        let answer = register(&nobody, &email).await;
        assert_eq!(answer.status, 201, "{}", answer.json());
        Self { email, nobody, mailbox: Mailbox::of(server), session: answer.json() }
    }

    /// The account's id.
    pub(crate) fn account(&self) -> Uuid {
        self.session["account"]["id"].as_str().unwrap().parse().unwrap()
    }

    /// The first session's bare requests.
    pub(crate) fn http(&self) -> Http {
        http_of(&self.nobody, &self.session)
    }

    /// Opens a session with a password.
    pub(crate) async fn login(&self, password: &str) -> Answer {
        post(&self.nobody, "login", json!({ "email": self.email, "password": password })).await
    }

    /// Another session with the first password.
    pub(crate) async fn another_session(&self) -> Value {
        let answer = self.login(PASSWORD).await;
        assert_eq!(answer.status, 200, "{}", answer.json());
        answer.json()
    }

    /// Asks for a mail to set a new password.
    pub(crate) async fn forgot(&self) -> Answer {
        post(&self.nobody, "password/forgot", json!({ "email": self.email })).await
    }

    /// Sets a new password.
    pub(crate) async fn reset(&self, code: &str, password: &str) -> Answer {
        post(&self.nobody, "password/reset", json!({ "token": code, "new_password": password })).await
    }

    /// Proves an address.
    pub(crate) async fn verify(&self, code: &str) -> Answer {
        post(&self.nobody, "email/verify", json!({ "token": code })).await
    }

    /// Whether the address is proven, as the account is told.
    pub(crate) async fn is_verified(&self, http: &Http) -> bool {
        http.get("/api/v2/auth/me").await.json()["email_verified"].as_bool().unwrap()
    }

    /// Fails unless neither token of the session is good any more.
    pub(crate) async fn assert_ended(&self, session: &Value) {
        let looked = http_of(&self.nobody, session).get("/api/v2/auth/me").await;
        assert_eq!((looked.status, looked.problem().as_str()), (401, "session_revoked"));
        assert_eq!(looked.json()["because"], "password_changed");
        let refreshed = post(&self.nobody, "refresh", json!({ "refresh_token": session["refresh_token"] })).await;
        assert_eq!(refreshed.status, 401, "{}", refreshed.json());
    }

    /// Fails unless both tokens of the session are good.
    pub(crate) async fn assert_going_on(&self, session: &Value) {
        assert_eq!(http_of(&self.nobody, session).get("/api/v2/auth/me").await.status, 200);
        let refreshed = post(&self.nobody, "refresh", json!({ "refresh_token": session["refresh_token"] })).await;
        assert_eq!(refreshed.status, 200, "{}", refreshed.json());
    }
}

/// An address that nobody has.
pub(crate) fn address() -> String {
    format!("{}@example.test", uuid_v7().simple())
}

/// Registers with the usual password.
pub(crate) async fn register(http: &Http, email: &str) -> Answer {
    post(http, "register", json!({ "email": email, "password": PASSWORD })).await
}

/// Posts to a path of identity.
pub(crate) async fn post(http: &Http, path: &str, body: Value) -> Answer {
    http.post(&format!("/api/v2/auth/{path}"), body.to_string()).await
}

/// The bare requests of a session.
pub(crate) fn http_of(http: &Http, session: &Value) -> Http {
    http.with_token(session["access_token"].as_str().unwrap())
}

/// What nobody can tell apart: status, body, and the names of the headers.
pub(crate) fn outside(answer: &Answer) -> (u16, Vec<u8>, Vec<String>) {
    let mut names: Vec<String> = answer.headers.keys().map(|name| name.as_str().to_owned()).collect();
    names.sort();
    (answer.status, answer.body.clone(), names)
}

/// Fails unless this is the refusal of a token of a mail.
pub(crate) fn assert_refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.problem().as_str()), (400, code));
}

/// The acts of the log about an account, in order.
pub(crate) async fn acts(sql: &tokio_postgres::Client, account: Uuid) -> Vec<String> {
    entries(sql, account).await.into_iter().map(|entry| entry.act).collect()
}
