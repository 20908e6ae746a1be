//! Who cannot be asked what, and why.

use super::Shape;
use crate::targets::Target;

impl Shape {
    /// Why this cannot be asked of that target, if it cannot.
    #[must_use]
    pub fn refuses(self, target: Target) -> Option<&'static str> {
        const NO_RECEIPTS: &str = "no receipts: a repeat would be a second command";
        const NO_PUSH: &str = "nobody is told";
        const ONLY_OURS: &str = "none that keep a place in a log";
        match (self, target) {
            (_, Target::Levelup) => None,
            (_, Target::Esrs | Target::Eventcore) => Some(Target::NOT_HERE),
            (_, Target::Zero) if self != Self::Device => Some("compared from device to device only"),
            (Self::Ten | Self::Hot, Target::PostgresEs | Target::Emmett) => {
                Some("a unit is one stream, a task: neither a transaction of many nor a row of the space")
            }
            (Self::Retry, _) => Some(NO_RECEIPTS),
            (Self::Open, Target::BareSql) => Some("pgbench tells no percentiles of a schedule"),
            (Self::Device, Target::BareSql | Target::PostgresEs | Target::Emmett) => Some(NO_PUSH),
            (Self::DeviceLoad, _) => Some("what they carry at most is told above"),
            (Self::Snapshot, Target::BareSql) => None,
            (Self::Snapshot, _) => Some("no snapshot of a space"),
            (Self::Idle | Self::Subscribers | Self::Restart, _) => Some(ONLY_OURS),
            _ => None,
        }
    }
}
