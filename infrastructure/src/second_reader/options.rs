//! The other driver's way to say where the database is.

use std::str::FromStr;

use application::fault::Fault;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::postgres::pool::{IDLE_IN_TRANSACTION_MS_MAX, STATEMENT_MS_MAX};

const PORT: u16 = 5432;

/// The same database, by the same name, in plain as everywhere here. The operator's own `options` come last and win.
pub(super) fn of(config: &Config) -> Result<PgConnectOptions, Fault> {
    let said = format!(
        "-c jit=off -c enable_seqscan=off -c enable_bitmapscan=off -c statement_timeout={STATEMENT_MS_MAX} \
         -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_MS_MAX} {}",
        config.get_options().unwrap_or_default()
    );
    let url = format!("postgres://localhost/?options={}", encoded(&said));
    let mut options = PgConnectOptions::from_str(&url)
        .map_err(|error| Fault::Unavailable(format!("the second reader cannot connect: {error}")))?
        .ssl_mode(PgSslMode::Disable)
        .application_name("levelup second reader")
        .port(config.get_ports().first().copied().unwrap_or(PORT));
    options = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => options.host(name),
        Some(Host::Unix(path)) => options.socket(path),
        None => options,
    };
    if let Some(user) = config.get_user() {
        options = options.username(user);
    }
    if let Some(password) = config.get_password() {
        options = options.password(&String::from_utf8_lossy(password));
    }
    Ok(match config.get_dbname().or(config.get_user()) {
        Some(name) => options.database(name),
        None => options,
    })
}

/// A value of a query string.
fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
        b => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}
