//! Sign-ins and refreshes as bare requests, for scenarios that look at the tokens themselves.

use serde_json::{Value, json};
use support::{Account, Answer, Http};
use tokio_postgres::Client;
use uuid::Uuid;

use crate::security_log::entries_of;

/// What a sign-in answered.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn(pub(crate) Value);

impl SignedIn {
    /// The answer's tokens, of an answer that has to hold some.
    pub(crate) fn of(answer: &Answer) -> Self {
        let body = answer.json();
        assert_eq!(answer.status, 200, "{body}");
        Self(body)
    }

    /// The refresh token.
    pub(crate) fn refresh_token(&self) -> &str {
        self.0["refresh_token"].as_str().unwrap()
    }

    /// The access token.
    pub(crate) fn access_token(&self) -> &str {
        self.0["access_token"].as_str().unwrap()
    }

    /// The session.
    pub(crate) fn session(&self) -> Uuid {
        self.0["session_id"].as_str().unwrap().parse().unwrap()
    }

    /// The device.
    pub(crate) fn device(&self) -> Uuid {
        self.0["device_id"].as_str().unwrap().parse().unwrap()
    }

    /// Requests with the access token.
    pub(crate) fn http(&self, at: &Http) -> Http {
        at.with_token(self.access_token())
    }
}

/// Signs another device of the account in.
pub(crate) async fn sign_in(at: &Http, account: &Account, name: &str) -> SignedIn {
    let device = json!({ "device_id": support::commands::id(), "platform": "web", "device_name": name });
    sign_in_on(at, account, &device).await
}

/// Signs in on this device.
pub(crate) async fn sign_in_on(at: &Http, account: &Account, device: &Value) -> SignedIn {
    let credentials = &account.credentials;
    let body = json!({ "email": credentials.email, "password": credentials.password, "device": device });
    SignedIn::of(&at.post("/api/v2/auth/login", body.to_string()).await)
}

/// Gives a refresh token in.
pub(crate) async fn refresh(at: &Http, token: &str) -> Answer {
    at.post("/api/v2/auth/refresh", json!({ "refresh_token": token }).to_string()).await
}

/// Fails unless the refresh is refused; the reason, if it says one.
pub(crate) async fn assert_refused(at: &Http, token: &str) -> Option<String> {
    let answer = refresh(at, token).await;
    assert_eq!((answer.status, answer.problem().as_str()), (401, "refresh_token_invalid"));
    answer.json()["because"].as_str().map(str::to_owned)
}

/// Makes every use of a refresh token older than the grace.
pub(crate) async fn let_the_grace_pass(sql: &Client) {
    let moved = sql.execute("UPDATE refresh_tokens SET consumed_at = consumed_at - 31000", &[]).await.unwrap();
    assert!(moved > 0);
}

/// How often the log of the account says this.
pub(crate) async fn logged(sql: &Client, account: Uuid, act: &str) -> usize {
    entries_of(sql, account, act).await.len()
}
