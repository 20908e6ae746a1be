//! The connection between server and database is cut around the commit, by plan: before it, inside, after it, and with
//! a write that lands late. The server finds out what happened; devices hear the truth.

use rand::Rng;
use rand::seq::SliceRandom;
use support::fault_proxy::{Fault, FaultProxy};
use support::{Database, Setup, TestServer};

use crate::fleet::Fleet;
use crate::progress::Moment;
use crate::proof::prove;
use crate::seed::{Seed, times};

/// Appends that pass between two faults, at most.
const PASSING_MAX: usize = 3;
const DELAY_MS_MAX: u64 = 30;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_cut_off_is_neither_lost_nor_done_twice() {
    let mut seed = Seed::of("answer_cut");
    let database = Database::fresh().await;
    // The founding of accounts passes: it is done before devices begin.
    let proxy = FaultProxy::before(&database.config(), plan(&mut seed, times(25, 200))).await;
    let server = TestServer::start_with(Setup { config: proxy.config(), ..Setup::of(&database) });
    let mut fleet = Fleet::start(server.server(), &seed, false).await;
    fleet.during("the last fault", proxy.spent()).await;
    fleet.reach(Moment::Acknowledged(20)).await;
    let accounts = fleet.finish().await;
    let proved = prove(&accounts, &database.connect().await, &database.config()).await;
    assert!(proved > 20 && proxy.appends() > 0);
    server.stop().await;
}

/// So many cuts of every kind in turn, in an order of chance, between appends that pass or are delayed.
fn plan(seed: &mut Seed, cuts: usize) -> Vec<Fault> {
    let mut kinds: Vec<Fault> = Fault::CUTS.into_iter().cycle().take(cuts).collect();
    kinds.shuffle(seed.chance());
    let mut faults = vec![Fault::Pass; 6];
    for cut in kinds {
        for _ in 0..seed.chance().random_range(0..=PASSING_MAX) {
            let delay_ms = seed.chance().random_range(0..=DELAY_MS_MAX);
            let delay = Fault::Delay(std::time::Duration::from_millis(delay_ms));
            faults.push(if seed.chance().random() { Fault::Pass } else { delay });
        }
        faults.push(cut);
    }
    faults
}
