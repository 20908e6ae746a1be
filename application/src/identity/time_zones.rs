//! The port to the time zones of the world.

/// The IANA time zones that this server knows.
pub trait TimeZones {
    /// Whether there is a zone of this name.
    fn is_known(&self, name: &str) -> bool;

    /// The zone of accounts that did not say where they are.
    fn default_zone(&self) -> &str;
}
