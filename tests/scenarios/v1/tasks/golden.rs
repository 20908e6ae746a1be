//! Every route of tasks, habits, focus and energy with the answer that the legacy contract promises: a walk, by an account of
//! its own under each prefix.

use serde_json::json;
use support::Account;

use super::PREFIXES;
use crate::stage::Stage;
use crate::v1::golden::{Player, cases};

#[tokio::test]
async fn every_route_answers_in_its_shape_under_both_prefixes() {
    let stage = Stage::set().await;
    for prefix in PREFIXES {
        let account = Account::register(&stage.server).await;
        let known = [("user", json!(account.space()))];
        let mut player = Player::new(account.http().await, prefix, known);
        for case in cases("tasks/writes") {
            player.play(&case).await;
        }
    }
}
