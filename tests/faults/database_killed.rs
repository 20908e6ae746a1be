//! The database dies under a running server, which stays up, says that it is not ready, and goes on by itself.

use std::io::Write;
use std::path::{Path, PathBuf};

use support::Http;
use support::patience::until;
use support::process::{Place, ServerProcess, signal};

use crate::fleet::Fleet;
use crate::progress::Moment;
use crate::proof::prove;
use crate::scratch_cluster::ScratchCluster;
use crate::seed::{Seed, is_long, times};
use crate::server_killed::prove_on_private;

/// A setting that no PostgreSQL knows, so that none starts with it.
const OBSTACLE: &str = "\nan_obstacle_in_the_way = on\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_database_that_is_killed_comes_back_and_nothing_is_lost() {
    let mut seed = Seed::of("private_database_killed");
    let place = Place::fresh();
    let mut server = ServerProcess::start(place.path(), None).await;
    let mut fleet = Fleet::start(&server.server(), &seed, false).await;
    let http = Http::of(&fleet.accounts[0].session).await;
    for round in 0..times(3, 20) {
        fleet.reach(seed.moment()).await;
        // Every other time something keeps it from coming back at once, as a full disk would.
        let obstacle = round.is_multiple_of(2).then(|| Obstacle::put(&server.data_dir().join("postgres")));
        let postmaster = server.postmaster().expect("a running database");
        signal("KILL", &[postmaster]);
        if let Some(obstacle) = obstacle {
            is_away(&mut fleet, &http).await;
            obstacle.remove();
        }
        fleet
            .during("another database", until("it", async || server.postmaster().filter(|pid| *pid != postmaster)))
            .await;
        fleet.during("ready", status_becomes(&http, 200)).await;
        fleet.reach(Moment::Acknowledged(3)).await;
    }
    fleet.reach(Moment::Acknowledged(20)).await;
    let accounts = fleet.finish().await;
    prove_on_private(&accounts, &server).await;
    server.stop().await;
    place.assert_deserted().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_elsewhere_that_stops_and_starts_is_found_again_and_nothing_is_lost() {
    let mut seed = Seed::of("database_killed");
    let mut cluster = ScratchCluster::start().await;
    let place = Place::fresh();
    let mut server = ServerProcess::start(place.path(), Some(cluster.url())).await;
    let mut fleet = Fleet::start(&server.server(), &seed, false).await;
    let http = Http::of(&fleet.accounts[0].session).await;
    for round in 0..times(3, 20) {
        fleet.reach(seed.moment()).await;
        if round.is_multiple_of(2) {
            cluster.stop_immediately().await
        } else {
            cluster.kill().await
        }
        is_away(&mut fleet, &http).await;
        cluster.start_again().await;
        fleet.during("ready", status_becomes(&http, 200)).await;
        fleet.reach(Moment::Acknowledged(3)).await;
    }
    fleet.reach(Moment::Acknowledged(20)).await;
    let accounts = fleet.finish().await;
    assert!(prove(&accounts, &cluster.connect().await, &cluster.url().parse().unwrap()).await > 20);
    server.stop().await;
}

/// What a server says while its database is away: not ready, and to readers when to come back. Writers hear it too, but
/// only after the fate of what was in flight was looked into for a while.
async fn is_away(fleet: &mut Fleet, http: &Http) {
    fleet.during("not ready", status_becomes(http, 503)).await;
    let read = http.get("/api/v2/changes").await;
    assert_eq!((read.status, read.problem().as_str()), (503, "unavailable"));
    assert!(!read.header("retry-after").is_empty());
    if is_long() {
        fleet.reach(Moment::Refused(3)).await;
    }
}

/// Waits until `/readyz` says so. Meanwhile the process is alive, says so, and says nothing else.
pub(crate) async fn status_becomes(http: &Http, status: u16) {
    until("another answer of /readyz", async || {
        let alive = http.get("/healthz").await;
        assert_eq!(alive.status, 200, "the process is alive");
        let ready = http.get("/readyz").await;
        if ready.status == 503 {
            assert_eq!(ready.problem(), "not_ready");
            assert!(!ready.header("retry-after").is_empty());
        } else {
            assert_eq!(ready.status, 200);
        }
        (ready.status == status).then_some(())
    })
    .await;
}

/// What keeps a cluster from starting.
struct Obstacle {
    file: PathBuf,
    before: String,
}

impl Obstacle {
    fn put(cluster: &Path) -> Self {
        let file = cluster.join("postgresql.auto.conf");
        let before = std::fs::read_to_string(&file).unwrap();
        let mut open = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
        open.write_all(OBSTACLE.as_bytes()).unwrap();
        Self { file, before }
    }

    fn remove(self) {
        std::fs::write(&self.file, &self.before).unwrap();
    }
}
