//! What a failed statement means: the database is away, or it refused.

use application::fault::Fault;
use deadpool_postgres::PoolError;

/// No connection could be had; nothing was sent.
pub fn no_connection(error: &PoolError) -> Fault {
    Fault::Unavailable(error.to_string())
}

/// A read failed: nothing can have changed by it.
pub fn read(error: &tokio_postgres::Error) -> Fault {
    if refused(error) { Fault::Refused(explain(error)) } else { Fault::Unavailable(explain(error)) }
}

/// A write failed. Unless the database said no, it may have happened.
pub fn write(error: &tokio_postgres::Error) -> Fault {
    if refused(error) { Fault::Refused(explain(error)) } else { Fault::Unknown(explain(error)) }
}

/// Whether the database itself answered with an error that is about the statement: then nothing of it happened.
/// An error about the connection or the server's end (classes 08, 57) leaves that open.
fn refused(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(state) => !state.code().starts_with("08") && !state.code().starts_with("57P"),
        None => {
            !error.is_closed() && std::error::Error::source(error).is_none_or(|source| !source.is::<std::io::Error>())
        }
    }
}

/// The database's sentence, with the constraint's name but without the row, which may hold what people wrote.
fn explain(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => match db.constraint() {
            Some(constraint) => format!("{} ({}, {constraint})", db.message(), db.code().code()),
            None => format!("{} ({})", db.message(), db.code().code()),
        },
        None => error.to_string(),
    }
}
