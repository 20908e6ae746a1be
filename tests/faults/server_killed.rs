//! The server is killed under load, again and again, in the middle of whatever it does.

use infrastructure::private_postgres;
use support::process::{Place, ServerProcess};
use tokio_postgres::NoTls;

use crate::fleet::{Account, Fleet};
use crate::progress::Moment;
use crate::proof::prove;
use crate::seed::{Seed, times};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_keeps_what_it_acknowledged_exactly_once() {
    let mut seed = Seed::of("server_killed");
    let place = Place::fresh();
    let mut server = ServerProcess::start(place.path(), None).await;
    let mut fleet = Fleet::start(&server.server(), &seed, true).await;
    for _ in 0..times(4, 20) {
        fleet.reach(seed.moment()).await;
        server.kill().await;
        server.start_again().await;
    }
    fleet.reach(Moment::Acknowledged(20)).await;
    let accounts = fleet.finish().await;
    prove_on_private(&accounts, &server).await;
    server.stop().await;
    place.assert_deserted().await;
}

/// The proof against the server's own PostgreSQL.
pub(crate) async fn prove_on_private(accounts: &[Account], server: &ServerProcess) {
    let cluster = private_postgres::ensure(&server.data_dir()).await.expect("the server's PostgreSQL");
    let (client, connection) = cluster.config().connect(NoTls).await.unwrap();
    let connection = tokio::spawn(connection);
    assert!(prove(accounts, &client, &cluster.config()).await > 0);
    drop(client);
    connection.await.unwrap().unwrap();
    cluster.stop().await;
}
