//! What readers get of the current rows, on a real PostgreSQL: lists, single rows and snapshots of a space that was
//! filled through the write path. Skipped without `LEVELUP_TEST_DATABASE_URL`, which `script/test` sets.

#[cfg(test)]
mod lists;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod space;
