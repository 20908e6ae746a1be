//! An account and its devices: one line, one transaction.

use application::fault::Fault;
use application::transfer::log::{Bad, Part};
use domain::id::AccountId;
use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::super::super::fault;
use super::super::columns::Tables;

/// An account's columns, and the rows of its devices.
pub(super) struct Account {
    columns: Map<String, Value>,
    devices: Vec<Value>,
}

/// Reads a row and checks its columns.
pub(super) fn read_row(text: &str) -> Result<Account, Bad> {
    let mut columns: Map<String, Value> =
        serde_json::from_str(text).map_err(|error| Bad::Unreadable(error.to_string()))?;
    match columns.remove("devices") {
        Some(Value::Array(devices)) => Ok(Account { columns, devices }),
        _ => Err(Bad::Unreadable("an account has a list of devices".to_owned())),
    }
}

/// Reads a row and checks that it fits the tables here.
pub(super) fn read(tables: &mut Tables, text: &str) -> Result<Account, Bad> {
    let account = read_row(text)?;
    tables.of(Part::Account).check(&account.columns)?;
    for device in &account.devices {
        let Value::Object(device) = device else { return Err(Bad::Unreadable("a device is an object".to_owned())) };
        tables.devices.check(device)?;
    }
    Ok(account)
}

impl Account {
    /// Takes it over; whether it was, rather than erased or registered meanwhile.
    pub(super) async fn take(self, client: &mut Client, tables: &mut Tables, id: AccountId) -> Result<bool, Fault> {
        let into_accounts = tables.of(Part::Account).fill(include_str!("../../sql/log_copy/insert_account.sql"));
        let into_devices = tables.devices.fill(include_str!("../../sql/log_copy/insert_devices.sql"));
        let failed = |error: tokio_postgres::Error| fault::write(&error);
        let transaction = client.transaction().await.map_err(|error| fault::read(&error))?;
        let row = Value::Object(self.columns).to_string();
        let taken = transaction.execute(&into_accounts, &[&row]).await.map_err(failed)?;
        if taken == 0 {
            return Ok(false);
        }
        if !self.devices.is_empty() {
            let rows = Value::Array(self.devices).to_string();
            transaction.execute(&into_devices, &[&id.0, &rows]).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
        Ok(true)
    }
}
