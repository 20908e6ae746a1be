//! The PostgreSQL of a run: private, durable, set up like the one of `levelup serve`, thrown away afterwards. Two
//! databases of it are measured: the server's own and one with the same schema for bare SQL.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use infrastructure::postgres::{migrations, pool};
use infrastructure::private_postgres::{self, Cluster};
use tokio_postgres::config::Host;
use tokio_postgres::{Client, Config};

use crate::failure::Failure;

/// The database of bare SQL.
const BARE: &str = "bare";

/// A scratch directory and the cluster in it.
#[derive(Debug)]
pub struct Scratch {
    dir: PathBuf,
    /// None only while it is started anew.
    cluster: Option<Cluster>,
    config: Config,
    bin_dir: PathBuf,
}

impl Scratch {
    /// Makes both under `parent`, and both databases with the newest schema.
    pub async fn open(parent: &Path) -> Result<Self, Failure> {
        Self::open_with(parent, &[]).await
    }

    /// The same with settings of PostgreSQL that differ from those of `levelup serve`.
    pub async fn open_with(parent: &Path, settings: &[(&str, &str)]) -> Result<Self, Failure> {
        let dir = parent.join(format!("levelup-bench-{}", infrastructure::clock::uuid_v7()));
        DirBuilder::new().mode(0o711).create(&dir).map_err(Failure::during("making the scratch directory"))?;
        let cluster = start(&dir, settings).await?;
        let mut scratch = Self { dir, config: cluster.config(), cluster: Some(cluster), bin_dir: PathBuf::new() };
        let client = scratch.client(&scratch.served()).await?;
        let row = client.query_one(include_str!("sql/bin_dir.sql"), &[]).await?;
        scratch.bin_dir = PathBuf::from(row.get::<_, String>("bin_dir"));
        scratch.make_database(BARE).await?;
        for config in [scratch.served(), scratch.bare()] {
            migrations::run(&config).await.map_err(Failure::during("migrating"))?;
        }
        Ok(scratch)
    }

    /// Stops PostgreSQL, and starts it with the settings of `levelup serve`.
    pub async fn restart(&mut self) -> Result<(), Failure> {
        if let Some(cluster) = self.cluster.take() {
            cluster.stop().await;
        }
        self.cluster = Some(start(&self.dir, &[]).await?);
        Ok(())
    }

    /// The server's database.
    #[must_use]
    pub fn served(&self) -> Config {
        self.config.clone()
    }

    /// The database of bare SQL.
    #[must_use]
    pub fn bare(&self) -> Config {
        self.database(BARE)
    }

    /// A database of that name.
    #[must_use]
    pub fn database(&self, name: &str) -> Config {
        let mut config = self.config.clone();
        config.dbname(name);
        config
    }

    /// Makes an empty database.
    pub async fn make_database(&self, name: &str) -> Result<Config, Failure> {
        let client = self.client(&self.served()).await?;
        client.batch_execute(&format!("CREATE DATABASE {name}")).await?;
        Ok(self.database(name))
    }

    /// A directory for the server's keys.
    #[must_use]
    pub fn server_dir(&self) -> PathBuf {
        self.dir.join("server")
    }

    /// Where files of the run go.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// A program that came with this PostgreSQL.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.bin_dir.join(name)
    }

    /// The process that all of PostgreSQL descends from.
    pub fn postmaster(&self) -> Result<u32, Failure> {
        let file = database(&self.dir).join("postgres/postmaster.pid");
        let text = std::fs::read_to_string(file).map_err(Failure::during("reading postmaster.pid"))?;
        let first = text.lines().next().and_then(|line| line.trim().parse().ok());
        first.ok_or_else(|| Failure::new("postmaster.pid names no process"))
    }

    /// One connection.
    pub async fn client(&self, config: &Config) -> Result<Client, Failure> {
        Ok(pool::connect_alone(config).await?)
    }

    /// Stops everything and removes it.
    pub async fn close(self) {
        let Self { dir, cluster, .. } = self;
        if let Some(cluster) = cluster {
            cluster.stop().await;
        }
        if let Err(error) = std::fs::remove_dir_all(&dir) {
            eprintln!("benches: {} was left behind: {error}", dir.display());
        }
    }
}

fn database(dir: &Path) -> PathBuf {
    dir.join("database")
}

async fn start(dir: &Path, settings: &[(&str, &str)]) -> Result<Cluster, Failure> {
    private_postgres::ensure_with(&database(dir), settings).await.map_err(Failure::during("PostgreSQL"))
}

/// Host, port, user and database of a configuration, as words for programs of PostgreSQL.
#[must_use]
pub fn words(config: &Config) -> [(&'static str, String); 4] {
    let host = match config.get_hosts().first() {
        Some(Host::Unix(path)) => path.display().to_string(),
        Some(Host::Tcp(name)) => name.clone(),
        None => String::new(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
    [("host", host), ("port", port), ("user", text(config.get_user())), ("dbname", text(config.get_dbname()))]
}

/// The same as a URL, as programs of others take it.
#[must_use]
pub fn url(config: &Config) -> String {
    let [(_, host), (_, port), (_, user), (_, name)] = words(config);
    format!("postgres://{user}@localhost:{port}/{name}?host={host}")
}
