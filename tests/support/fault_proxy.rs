//! A proxy in front of PostgreSQL that knows which message carries a group append, and cuts there by plan.
//!
//! It relays whole messages of the frontend/backend protocol (PostgreSQL's documentation, "Message Formats"). A
//! statement whose text holds [`MARKER`] is an append; each Bind of one is *an append begun*, and takes the next fault
//! of the plan. Everything else passes, after the delay of the day.

mod plan;
mod relay;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_postgres::Config;

pub use self::plan::Fault;
use self::plan::Plan;
pub(crate) use self::wire::Upstream;

/// What only the text of the group append has.
pub const MARKER: &str = "), new_heads AS (";

/// The proxy. Dropped, it cuts everything.
pub struct FaultProxy {
    address: SocketAddr,
    behind: Config,
    plan: Arc<Plan>,
    accepting: JoinHandle<()>,
}

impl FaultProxy {
    /// Listens in front of this database. The n-th append that begins meets the n-th fault; those beyond the last pass.
    pub async fn before(behind: &Config, faults: Vec<Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let plan = Arc::new(Plan::new(faults));
        let accepting = tokio::spawn(accept(listener, Upstream::of(behind), Arc::clone(&plan)));
        Self { address, behind: behind.clone(), plan, accepting }
    }

    /// How to connect through it.
    #[must_use]
    pub fn config(&self) -> Config {
        let mut config = Config::new();
        config.host(self.address.ip().to_string()).port(self.address.port());
        config.user(self.behind.get_user().unwrap_or("postgres"));
        config.dbname(self.behind.get_dbname().unwrap_or("postgres"));
        if let Some(password) = self.behind.get_password() {
            config.password(password);
        }
        config
    }

    /// Waits until every fault of the plan has struck and is over.
    pub async fn spent(&self) {
        self.plan.spent().await;
    }

    /// How many appends have begun.
    #[must_use]
    pub fn appends(&self) -> u64 {
        self.plan.begun()
    }

    /// From now on no answer of the database comes through; connections stay open.
    pub fn pause(&self) {
        self.plan.pause(true);
    }

    /// Everything that was held back comes, and all goes on.
    pub fn go_on(&self) {
        self.plan.pause(false);
    }

    /// From now on every answer of the database takes this much longer, as from a slow disk.
    pub fn slow_down(&self, delay: Duration) {
        self.plan.slow_down(delay);
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.plan.end();
    }
}

async fn accept(listener: TcpListener, upstream: Upstream, plan: Arc<Plan>) {
    loop {
        let Ok((client, _)) = listener.accept().await else { return };
        let (upstream, plan) = (upstream.clone(), Arc::clone(&plan));
        tokio::spawn(async move {
            let ended = plan.ended();
            ended.run_until_cancelled(relay::relay(client, &upstream, &plan)).await;
        });
    }
}
