//! The database stands still for a while, or is as slow as a bad disk: connections stay open and no answer comes.

use std::time::Duration;

use support::fault_proxy::FaultProxy;
use support::process::{Place, ServerProcess};
use support::{Database, Http, Setup, TestServer};

use crate::database_killed::status_becomes;
use crate::fleet::Fleet;
use crate::progress::Moment;
use crate::proof::prove;
use crate::scratch_cluster::ScratchCluster;
use crate::seed::{Seed, times};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stands_still_is_waited_for_and_nothing_is_lost() {
    let mut seed = Seed::of("database_paused");
    let cluster = ScratchCluster::start().await;
    let place = Place::fresh();
    let mut server = ServerProcess::start(place.path(), Some(cluster.url())).await;
    let mut fleet = Fleet::start(&server.server(), &seed, false).await;
    let http = Http::nobody(server.server().url());
    for _ in 0..times(2, 10) {
        fleet.reach(seed.moment()).await;
        cluster.pause();
        fleet.during("not ready", status_becomes(&http, 503)).await;
        cluster.go_on();
        fleet.during("ready", status_becomes(&http, 200)).await;
        fleet.reach(Moment::Acknowledged(10)).await;
    }
    let accounts = fleet.finish().await;
    assert!(prove(&accounts, &cluster.connect().await, &cluster.url().parse().unwrap()).await > 20);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_database_slows_everybody_down_and_nothing_is_lost() {
    let mut seed = Seed::of("database_slow");
    let database = Database::fresh().await;
    let proxy = FaultProxy::before(&database.config(), Vec::new()).await;
    let server = TestServer::start_with(Setup { config: proxy.config(), ..Setup::of(&database) });
    let mut fleet = Fleet::start(server.server(), &seed, false).await;
    for _ in 0..times(2, 10) {
        fleet.reach(seed.moment()).await;
        proxy.slow_down(Duration::from_millis(60));
        fleet.reach(Moment::Acknowledged(20)).await;
        proxy.slow_down(Duration::ZERO);
    }
    let accounts = fleet.finish().await;
    assert!(prove(&accounts, &database.connect().await, &database.config()).await > 20);
    server.stop().await;
}
