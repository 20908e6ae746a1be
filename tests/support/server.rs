//! A server in the test's own process, on threads and a runtime of its own.

use std::net::TcpListener;
use std::thread::JoinHandle;

use api::client::Server;
use api::server::run;
use infrastructure::config::{Limits, Serving, Settings};
use infrastructure::postgres::pool;
use tokio_postgres::Config;
use tokio_util::sync::CancellationToken;

use crate::certificates::authority;
use crate::{DataDir, Database};

/// What a server is started with.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its database, or a proxy before it.
    pub config: Config,
    /// Connections to it at most.
    pub pool_size: usize,
    /// Its keys; give two servers the same to make them nodes of one service.
    pub data_dir: DataDir,
    /// What else it is told; its `settings` come from the fields above.
    pub serving: Serving,
}

impl Setup {
    /// The usual server on this database. Nobody is limited: a test is one address that does the work of many.
    #[must_use]
    pub fn of(database: &Database) -> Self {
        let serving = Serving { limits: Limits::off(), ..Serving::default() };
        Self { config: database.config(), pool_size: 8, data_dir: DataDir::fresh(), serving }
    }
}

/// A server that answers. Dropped, it stops without waiting for anybody.
pub struct TestServer {
    server: Server,
    setup: Setup,
    shutdown: CancellationToken,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    /// The usual server on this database.
    #[must_use]
    pub fn start(database: &Database) -> Self {
        Self::start_with(Setup::of(database))
    }

    /// A server of this setup, on a port of the system's choice. It takes connections when this returns.
    #[must_use]
    pub fn start_with(setup: Setup) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = client(&setup, &listener);
        let shutdown = CancellationToken::new();
        let (serving, config, size) = (serving(&setup), setup.config.clone(), setup.pool_size);
        let stop = shutdown.clone();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            runtime.block_on(async {
                let pool = pool::connect(config, size).unwrap();
                run(serving, pool, listener, stop).await.unwrap();
            });
            runtime.shutdown_background();
        });
        Self { server, setup, shutdown, thread: Some(thread) }
    }

    /// Where it is, for clients.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Where it is, such as `http://127.0.0.1:40001`.
    #[must_use]
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// What it was started with; a server that starts with the same is the same service.
    #[must_use]
    pub fn setup(&self) -> Setup {
        self.setup.clone()
    }

    /// Stops it as an operator would, and waits until it has.
    pub async fn stop(mut self) {
        self.shutdown.cancel();
        if let Some(thread) = self.thread.take() {
            tokio::task::spawn_blocking(move || thread.join()).await.unwrap().expect("the server did not panic");
        }
    }

    /// Stops it and starts another of the same setup, on another port.
    #[must_use]
    pub async fn restart(self) -> Self {
        let setup = self.setup();
        self.stop().await;
        Self::start_with(setup)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.shutdown.cancel();
    }
}

/// A client of a server on this listener, which believes a test's own authority where there is TLS.
fn client(setup: &Setup, listener: &TcpListener) -> Server {
    let address = listener.local_addr().unwrap();
    match &setup.serving.http.tls_cert {
        Some(chain) => Server::trusting(&format!("https://{address}"), Some(&authority(chain))).unwrap(),
        None => Server::at(&format!("http://{address}")).unwrap(),
    }
}

fn serving(setup: &Setup) -> Serving {
    let data_dir = setup.data_dir.path().to_owned();
    let reached = Some(setup.config.clone());
    let settings = Settings { data_dir, pool_size: setup.pool_size, reached, ..setup.serving.settings.clone() };
    Serving { settings, ..setup.serving.clone() }
}
