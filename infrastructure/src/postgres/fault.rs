//! What a failed statement means: the database is away, it cannot now, or it refused.

use application::fault::Fault;
use deadpool_postgres::PoolError;

use super::pool;

/// What the database said of a statement.
enum Said {
    /// No, and it is about the statement. Nothing of it happened.
    No,
    /// Not now, and it is about the database: nothing of it happened, and later the same may go through.
    NotNow,
    /// Nothing that tells whether it happened.
    Nothing,
}

/// What passes without anybody changing the statement: transactions rolled back for others (class 40), a full disk or
/// memory (53), locks (55), errors of the system (58), a server that is a standby for the moment (25006).
const NOT_NOW: [&str; 5] = ["40", "53", "55", "58", "25006"];

/// The connection or the server ended.
const ENDED: [&str; 2] = ["08", "57P"];

/// No connection could be had; nothing was sent.
pub fn no_connection(error: &PoolError) -> Fault {
    Fault::Unavailable(match error {
        PoolError::Backend(error) => pool::explain(error),
        other => other.to_string(),
    })
}

/// A read failed: nothing can have changed by it.
pub fn read(error: &tokio_postgres::Error) -> Fault {
    match said(error) {
        Said::No => Fault::Refused(explain(error)),
        Said::NotNow | Said::Nothing => Fault::Unavailable(explain(error)),
    }
}

/// A write failed. Unless the database answered about it, it may have happened.
pub fn write(error: &tokio_postgres::Error) -> Fault {
    match said(error) {
        Said::No => Fault::Refused(explain(error)),
        Said::NotNow => Fault::Unavailable(explain(error)),
        Said::Nothing => Fault::Unknown(explain(error)),
    }
}

fn said(error: &tokio_postgres::Error) -> Said {
    let Some(state) = error.code() else {
        let of_the_wire = std::error::Error::source(error).is_some_and(|source| source.is::<std::io::Error>());
        return if error.is_closed() || of_the_wire { Said::Nothing } else { Said::No };
    };
    let is_of = |classes: &[&str]| classes.iter().any(|class| state.code().starts_with(class));
    if is_of(&ENDED) {
        Said::Nothing
    } else if is_of(&NOT_NOW) {
        Said::NotNow
    } else {
        Said::No
    }
}

/// The database's sentence, with the constraint's name but without the row, which may hold what people wrote.
fn explain(error: &tokio_postgres::Error) -> String {
    match error.as_db_error().and_then(|db| db.constraint().map(|constraint| (db, constraint))) {
        Some((db, constraint)) => format!("{} ({}, {constraint})", db.message(), db.code().code()),
        None => pool::explain(error),
    }
}
