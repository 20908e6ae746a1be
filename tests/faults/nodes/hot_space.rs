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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_the_same_log_while_nodes_are_killed_and_stand_still() {
    let (mut seed, database) = (Seed::of("hot_space_killed"), Database::fresh().await);
    let mut nodes = Vec::new();
    for _ in 0..3 {
        nodes.push(Node::start(&database, &[]).await);
    }
    let servers: Vec<Server> = nodes.iter().map(|node| node.server.server()).collect();
    let mut fleet = Fleet::start_on(&servers, 1, DEVICES, &seed, true).await;
    for _ in 0..times(3, 20) {
        fleet.reach(seed.moment()).await;
        nodes[1].server.kill().await;
        fleet.reach(Moment::Acknowledged(20)).await;
        nodes[1].server.start_again().await;
        fleet.reach(seed.moment()).await;
        nodes[2].server.pause();
        fleet.reach(Moment::Acknowledged(20)).await;
        nodes[2].server.go_on();
    }
    let accounts = fleet.finish().await;
    assert!(prove(&accounts, &database.connect().await, &database.config()).await > 100);
    for node in &nodes {
        node.part_becomes("hints", "ok").await;
    }
}
