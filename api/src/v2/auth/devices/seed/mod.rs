//! `/api/auth/devices`: the same devices in the shape of the clients that were first. Names are in camelCase, moments in
//! ISO 8601; errors are problems as everywhere.

mod collection;
mod one;
mod wire;

pub use collection::*;
pub use one::*;
pub use wire::{SeedDeviceChange, SeedDevices, SeedNewDevice, SeedPlatform, SeedShownDevice};
