//! The ports to the store, tested once for both stores: what one answers, the other does. The part on a real PostgreSQL is
//! skipped without `LEVELUP_TEST_DATABASE_URL`, which `script/test` sets.

#[cfg(test)]
mod append;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod script;
#[cfg(test)]
mod stores;
