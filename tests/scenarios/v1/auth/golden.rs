//! Requests and answers of signing in (`tests/cases/v1/auth`), played in the order of a life at both prefixes.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Database, Http, Mailbox, TestServer};

use super::{PREFIXES, text};
use crate::newcomer::{RESET, address};
use crate::v1::golden::{Case, Player, case, files};

/// One life, and what of it is still to come.
struct Life {
    player: Player,
    cases: BTreeMap<String, Case>,
}

impl Life {
    /// Plays a case; its answer.
    async fn play(&mut self, name: &str) -> Value {
        let case =
            self.cases.remove(name).unwrap_or_else(|| panic!("no case auth/{name}.json, or it was played before"));
        self.player.play(&case).await
    }

    /// Plays a case that signs in, and remembers its tokens.
    async fn enter(&mut self, name: &str) {
        let answer = self.play(name).await;
        let data = answer.get("data").unwrap_or(&answer);
        for (what, member) in [("access", "accessToken"), ("refresh", "refreshToken")] {
            self.player.learn(what, text(data, member));
        }
    }

    async fn play_all(&mut self, names: &[&str]) {
        for name in names {
            self.play(name).await;
        }
    }
}

#[tokio::test]
async fn every_case_of_signing_in_is_answered_as_it_is_written() {
    let database = Database::fresh().await;
    let server = TestServer::start(&database);
    for prefix in PREFIXES {
        let (email, mailbox) = (address(), Mailbox::of(&server));
        let known = [("email", json!(email)), ("other", json!(address()))];
        let cases = files("auth").into_iter().map(|name| (name["auth/".len()..].to_owned(), case(&name))).collect();
        let mut life = Life { player: Player::new(Http::nobody(server.url()), prefix, known), cases };
        life.enter("register").await;
        life.play_all(&["register_taken", "register_invalid", "login_wrong", "user", "user_nobody"]).await;
        life.enter("simple_login").await;
        life.enter("refresh").await;
        life.play_all(&["refresh_missing", "refresh_bad", "backend", "delete_account_without_password"]).await;
        life.play_all(&["delete_account_wrong_password", "delete_account"]).await;
        life.enter("login").await;
        life.play_all(&["user_leaving", "cancel_deletion", "request_password_reset"]).await;
        life.player.learn("reset", mailbox.code(&email, RESET).await);
        life.play_all(&["reset_password", "reset_password_bad", "logout"]).await;
        life.enter("mobile_register").await;
        life.play_all(&["mobile_register_taken", "mobile_me"]).await;
        life.enter("mobile_login").await;
        life.enter("mobile_refresh").await;
        life.play_all(&["mobile_me_bad_token", "mobile_me_nobody", "unknown_route"]).await;
        assert!(life.cases.is_empty(), "cases that nobody plays: {:?}", life.cases.keys());
    }
}
