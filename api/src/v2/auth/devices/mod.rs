//! `/api/v2/auth/devices`: the devices of the account that asks. [`seed`] is the same at `/api/auth/devices`, in the shape
//! of the clients that were first.

mod act;
mod collection;
mod names;
mod one;
pub mod seed;
mod wire;

use domain::id::DeviceId;
use infrastructure::postgres::rows::id;

use crate::problem::{Code, Problem};

pub use collection::*;
pub use one::*;
pub use wire::{DeviceChangeBody, DevicesBody, NewDeviceBody, ShownDeviceBody, SyncedBody};

/// The device that a path names. What is no id is nobody's device.
fn named(path: &str) -> Result<DeviceId, Problem> {
    let unknown = || Problem::new(Code::NotFound).detail("There is no such device on this account.");
    id(path).map(DeviceId).ok_or_else(unknown)
}
