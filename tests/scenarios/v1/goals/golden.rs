//! Every route of goals, milestones, skills and the hero answers as the legacy contract has it: each case of
//! `tests/cases/v1/goals` by an account of its own, that has a goal with a milestone and the core skills.

use reqwest::Method;
use serde_json::{Value, json};
use support::{Account, TestServer};

use super::frame::{PREFIXES, done};
use super::new_goal;
use crate::stage::Stage;
use crate::v1::golden::{Case, Player, cases, files};

async fn check(server: &TestServer, case: &Case) {
    for prefix in PREFIXES {
        let account = Account::register(server).await;
        let http = account.http().await;
        let goal = new_goal(&http, &["Start"]).await;
        let skills = done(&http, Method::POST, "/api/skills/initialize-core", &Value::Null).await;
        let known = [
            ("goal", goal["id"].clone()),
            ("milestone", goal["milestones"][0]["id"].clone()),
            ("skill", skills["skills"][0]["id"].clone()),
            ("user", json!(account.space())),
        ];
        Player::new(http, prefix, known).play(case).await;
    }
}

#[tokio::test]
async fn every_route_answers_as_the_legacy_contract_has_it() {
    let stage = Stage::set().await;
    let cases: Vec<Case> = files("goals").iter().flat_map(|name| cases(name)).collect();
    assert!(cases.len() >= 20, "fixtures are missing: {}", cases.len());
    for case in cases {
        check(&stage.server, &case).await;
    }
}
