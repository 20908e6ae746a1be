//! The devices of an account: what they say about themselves, how many there may be, and their keys.

pub(super) mod change_device;
pub(super) mod claim;
pub(super) mod device_key;
pub(super) mod device_limit;
pub(super) mod devices;
pub(super) mod put_device;
pub(super) mod remove_device;
pub(super) mod see_devices;
