//! The server is asked to stop under load: it finishes, says goodbye, ends well, and whoever comes back goes on.

use std::time::Duration;

use support::process::{Place, ServerProcess};
use support::{Http, Socket};

use crate::fleet::Fleet;
use crate::progress::Moment;
use crate::seed::{Seed, times};
use crate::server_killed::prove_on_private;

/// What may be asked of a server that stops: requests in flight, then the database.
const STOP_MAX: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_asked_to_stop_says_goodbye_and_loses_nothing() {
    let mut seed = Seed::of("graceful_stop");
    let place = Place::fresh();
    let mut server = ServerProcess::start(place.path(), None).await;
    let mut fleet = Fleet::start(&server.server(), &seed, true).await;
    for _ in 0..times(2, 10) {
        let mut socket = Socket::open(&Http::of(&fleet.accounts[0].session).await).await;
        socket.subscribe(None).await;
        socket.hear_type("changes").await;
        fleet.reach(seed.moment()).await;
        server.ask_to_stop();
        let (status, ()) = tokio::time::timeout(STOP_MAX, async { tokio::join!(server.wait(), goodbye(socket)) })
            .await
            .expect("a server that is asked to stop does");
        assert!(status.success(), "{status}: {}", server.log_end());
        place.assert_deserted().await;
        server.start_again().await;
    }
    fleet.reach(Moment::Acknowledged(20)).await;
    let accounts = fleet.finish().await;
    let told = accounts.iter().flat_map(|account| &account.listened);
    assert!(told.clone().any(|one| one.losses.iter().any(|why| why.contains("1012"))), "nobody was told to come back");
    assert!(told.flat_map(|one| &one.notices).all(|notice| notice["code"] == "restarting"));
    prove_on_private(&accounts, &server).await;
    server.stop().await;
    place.assert_deserted().await;
}

/// A notice with the time to wait, then the close code for a restart.
async fn goodbye(mut socket: Socket) {
    let notice = socket.hear_type("notice").await;
    assert_eq!(notice["code"], "restarting");
    assert!(notice["retry_after_ms"].is_u64());
    assert_eq!(socket.next().await, Err(Some(1012)));
}
