//! The connections to PostgreSQL and what holds for each of them.

use std::time::Duration;

use deadpool_postgres::{BuildError, Manager, ManagerConfig, Pool, QueueMode, RecyclingMethod, Runtime, Timeouts};
use thiserror::Error;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, NoTls, Socket, config::Host};

/// How long one attempt to connect may take.
pub const CONNECT_MS_MAX: u64 = 5_000;
/// How long a caller waits for a free connection before it is told that the database is busy.
pub const WAIT_MS_MAX: u64 = 10_000;
/// How long one statement may run; rebuilds work in chunks far below it.
pub const STATEMENT_MS_MAX: u64 = 60_000;
/// How long a transaction may stand open without a statement before PostgreSQL ends it.
pub const IDLE_IN_TRANSACTION_MS_MAX: u64 = 60_000;

/// Why there are no connections.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The pool's own settings contradict each other.
    #[error("the connection pool could not be set up: {0}")]
    Setup(#[from] BuildError),
    /// PostgreSQL did not answer.
    #[error("PostgreSQL at {at} cannot be reached: {reason}")]
    Unreachable {
        /// Host, port and database, without user or password.
        at: String,
        /// What the attempt ended with.
        reason: String,
    },
}

/// A pool of at most `size` connections. It connects when the first one is asked for; see [`server_version`].
///
/// Connections are plain: TLS to a remote PostgreSQL is not built in yet, so `sslmode=require` is refused and a
/// remote server belongs behind a private network or a TLS tunnel.
pub fn connect(config: Config, size: usize) -> Result<Pool, ConnectError> {
    let manager =
        Manager::from_config(for_serving(config), NoTls, ManagerConfig { recycling_method: RecyclingMethod::Fast });
    let timeouts = Timeouts {
        wait: Some(Duration::from_millis(WAIT_MS_MAX)),
        create: Some(Duration::from_millis(CONNECT_MS_MAX)),
        recycle: Some(Duration::from_millis(CONNECT_MS_MAX)),
    };
    // The connection that was used last has its statements planned and its memory warm.
    let pool = Pool::builder(manager).queue_mode(QueueMode::Lifo);
    Ok(pool.max_size(size).timeouts(timeouts).runtime(Runtime::Tokio1).build()?)
}

/// One connection of its own, outside any pool, that may take its time: for migrations and for a first look.
pub async fn connect_alone(config: &Config) -> Result<Client, ConnectError> {
    connect_alone_by(config, NoTls).await
}

/// The same, by what speaks TLS.
pub(crate) async fn connect_alone_by<T>(config: &Config, tls: T) -> Result<Client, ConnectError>
where
    T: MakeTlsConnect<Socket>,
    T::Stream: Send + 'static,
{
    let mut config = with_lifesigns(config.clone());
    config.options(format!("-c statement_timeout=0 {}", config.get_options().unwrap_or_default()));
    let connecting = tokio::time::timeout(Duration::from_millis(CONNECT_MS_MAX), config.connect(tls));
    let failed = |reason| ConnectError::Unreachable { at: describe(&config), reason };
    let (client, connection) = match connecting.await {
        Ok(connected) => connected.map_err(|error| failed(explain(&error)))?,
        Err(_) => return Err(failed(format!("no answer within {CONNECT_MS_MAX} ms"))),
    };
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(postgres.error = explain(&error), "a connection to PostgreSQL of its own ended");
        }
    });
    Ok(client)
}

/// Connects once and asks for the major version: an early, clear answer when PostgreSQL is not there.
pub async fn server_version(config: &Config) -> Result<i32, ConnectError> {
    let client = connect_alone(config).await?;
    let row = client.query_one(include_str!("sql/server_version.sql"), &[]).await;
    let row = row.map_err(|error| ConnectError::Unreachable { at: describe(config), reason: explain(&error) })?;
    Ok(row.get("major"))
}

/// Host, port and database of a configuration; never the user or the password.
pub fn describe(config: &Config) -> String {
    let host = match config.get_hosts().first() {
        // Of a password with an `@` that was not escaped, the parser takes the rest for the host.
        Some(Host::Tcp(name)) => name.rsplit('@').next().unwrap_or_default().to_owned(),
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    };
    let port = config.get_ports().first().copied().unwrap_or(5432);
    format!("{host}:{port}/{}", config.get_dbname().or(config.get_user()).unwrap_or("postgres"))
}

/// An error of the driver with its causes, in one line; its own text stops at "db error".
pub fn explain(error: &tokio_postgres::Error) -> String {
    if let Some(answer) = error.as_db_error() {
        return format!("{} ({})", answer.message(), answer.code().code());
    }
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// What holds for a pooled connection. The operator's own `options` come last and win.
///
/// Statements are short, prepared, and by key. The planner guesses how many rows an array unnests to, and for tables that
/// grew since they were last analysed it guesses low; then it compiles a statement (`jit`), which costs a hundred times
/// its run, or joins by reading a whole table, which doubled the cost of a group append. Neither is ever right here.
/// Where it guesses that a space is small it collects all rows of it by a bitmap and sorts them to give the first thousand: a
/// snapshot of many rows read them all for each page. An index that has the order never does worse, and every statement has one.
/// Nor is a plan for the very values of a call, which it would make anew for every small append: that was a third of its cost.
fn for_serving(config: Config) -> Config {
    let mut config = with_lifesigns(config);
    let limits = format!(
        "-c jit=off -c enable_seqscan=off -c enable_bitmapscan=off -c plan_cache_mode=force_generic_plan -c statement_timeout={STATEMENT_MS_MAX} -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS_MAX}"
    );
    config.options(format!("{limits} {}", config.get_options().unwrap_or_default()).trim_end());
    config
}

/// A peer that vanished without a word is noticed within a minute instead of hours.
pub(crate) fn with_lifesigns(mut config: Config) -> Config {
    if config.get_application_name().is_none() {
        config.application_name("levelup");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(Duration::from_millis(CONNECT_MS_MAX));
    }
    config
        .keepalives(true)
        .keepalives_idle(Duration::from_secs(20))
        .keepalives_interval(Duration::from_secs(10))
        .keepalives_retries(3)
        .tcp_user_timeout(Duration::from_secs(30));
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_no_secret() {
        let config: Config = "postgres://me:secret@db.example:6432/levelup".parse().unwrap();
        assert_eq!(describe(&config), "db.example:6432/levelup");
        let unescaped: Config = "postgres://me:sec@ret@db.example/levelup".parse().unwrap();
        assert_eq!(describe(&unescaped), "db.example:5432/levelup");
    }

    #[test]
    fn the_operators_options_come_last() {
        let config: Config = "host=db user=me options='-c statement_timeout=5'".parse().unwrap();
        assert!(for_serving(config).get_options().unwrap().ends_with("-c statement_timeout=5"));
    }

    #[tokio::test]
    async fn a_database_that_is_not_there_is_named_without_its_password() {
        let config: Config = "postgres://me:secret@127.0.0.1:1/levelup".parse().unwrap();
        let error = connect_alone(&config).await.err().unwrap().to_string();
        assert!(error.starts_with("PostgreSQL at 127.0.0.1:1/levelup cannot be reached: "), "{error}");
        assert!(!error.contains("secret"));
    }
}
