//! What a failed statement of the directory means: the database is away, another transaction went first, or
//! something is wrong here. Nothing is logged
//! here; whoever answers for the fault logs it.

use application::fault::Fault;
use deadpool_postgres::PoolError;
use tokio_postgres::Error;

use crate::postgres::pool::explain;

/// No connection was to be had.
pub(super) fn of_pool(error: PoolError) -> Fault {
    let reason = match &error {
        PoolError::Backend(error) => explain(error),
        other => other.to_string(),
    };
    Fault::Unavailable(format!("no database connection: {reason}"))
}

/// A statement failed.
pub(super) fn of_statement(statement: &'static str, error: &Error) -> Fault {
    // Message and code only: the detail of the database's answer repeats the row, and with it an e-mail address.
    let said = format!("{statement}: {}", explain(error));
    match error.code() {
        None => Fault::Unknown(said),
        // Class 40: rolled back for another's sake. Only a database that is there does that.
        Some(state) if state.code().starts_with("40") => Fault::Crowded(said),
        // Classes 08, 53 and 57 (connection, resources, operator) are the database's condition, not the statement's.
        Some(state) if ["08", "53", "57"].iter().any(|class| state.code().starts_with(class)) => {
            Fault::Unavailable(said)
        }
        Some(_) => Fault::Refused(said),
    }
}
