//! One space, written through several nodes at once by several devices.

use api::client::Server;
use support::Database;

use super::Node;
use crate::fleet::Fleet;
use crate::progress::Moment;
use crate::proof::prove;
use crate::seed::{Seed, times};

const DEVICES: usize = 6;

async fn hot_space(test: &'static str, nodes: usize, told: &[(&str, &str)]) {
    let (seed, database) = (Seed::of(test), Database::fresh().await);
    let mut running = Vec::new();
    for _ in 0..nodes {
        running.push(Node::start(&database, told).await);
    }
    let servers: Vec<Server> = running.iter().map(|node| node.server.server()).collect();
    let mut fleet = Fleet::start_on(&servers, 1, DEVICES, &seed, false).await;
    fleet.reach(Moment::Acknowledged(times(200, 5_000) as u64)).await;
    let accounts = fleet.finish().await;
    let proved = prove(&accounts, &database.connect().await, &database.config()).await;
    assert!(proved >= times(200, 5_000), "{proved}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_space_written_through_two_nodes_at_once_is_one_log_to_everybody() {
    hot_space("hot_space_two", 2, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_space_written_through_three_nodes_at_once_is_one_log_to_everybody() {
    hot_space("hot_space_three", 3, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_hints_it_is_the_same_log() {
    hot_space("hot_space_mute", 3, &[("LEVELUP_HINTS", "off")]).await;
}
