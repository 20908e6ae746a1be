//! What a client says of the installation it speaks for.

use serde::Serialize;
use uuid::Uuid;

/// An installation, as `register` and `login` take it.
#[derive(Clone, Debug, Serialize)]
pub struct Device {
    /// The id that the installation keeps for life.
    pub device_id: Uuid,
    /// Its kind: `ios`, `web` or `other`.
    pub platform: String,
    /// What its owner calls it.
    pub device_name: String,
}

impl Device {
    /// A device that nobody has seen before.
    #[must_use]
    pub fn fresh(platform: &str, name: &str) -> Self {
        Self { device_id: infrastructure::clock::uuid_v7(), platform: platform.into(), device_name: name.into() }
    }

    /// The device of that name of that person: always the same id, so that a later run is the same device.
    #[must_use]
    pub fn named(email: &str, name: &str) -> Self {
        let seed = format!("levelup/device/{}/{name}", email.to_lowercase());
        let device_id = Uuid::new_v5(&Uuid::NAMESPACE_OID, seed.as_bytes());
        Self { device_id, platform: "other".into(), device_name: name.into() }
    }
}
