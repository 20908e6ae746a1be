//! How many devices an account may have, and which of them makes room for a new one.

use domain::id::DeviceId;

use crate::identity::device::claim::Platform;
use crate::identity::limits::{DEVICE_UNSEEN_MS, DEVICES_MAX};

/// A device of an account, as much of it as the limit and the account's choice need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    /// Unique together with the account only.
    pub id: DeviceId,
    /// What its owner calls it.
    pub name: String,
    /// What it runs on.
    pub platform: Platform,
    /// When it was last active, ms.
    pub last_seen_at: i64,
}

/// Whether there is room for a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Room {
    /// It has its place already.
    Known,
    /// There is room once these have gone; often none has to.
    After(Vec<KnownDevice>),
    /// There is none, and none that goes by itself.
    Full,
}

/// Whether there is room for the device `new` beside those that are `known`.
///
/// Beyond [`DEVICES_MAX`] the one that was chosen (`displace`) goes, and without a choice the one unseen longest, if that is
/// [`DEVICE_UNSEEN_MS`] at least. A choice that is not needed, or names no device of the account, changes nothing. The
/// device that asks (`asking`) never goes, and the server itself does not count.
pub fn room(
    known: &[KnownDevice],
    new: DeviceId,
    displace: Option<DeviceId>,
    asking: Option<DeviceId>,
    now_ms: i64,
) -> Room {
    if known.iter().any(|device| device.id == new) {
        return Room::Known;
    }
    let mut leaving: Vec<&KnownDevice> = known.iter().filter(|device| device.id != DeviceId::SERVER).collect();
    // More than one where an account is older than the limit.
    let surplus = (leaving.len() + 1).saturating_sub(DEVICES_MAX);
    leaving.retain(|device| Some(device.id) != asking);
    leaving.sort_by_key(|device| (Some(device.id) != displace, device.last_seen_at, device.id));
    leaving.truncate(surplus);
    let may_go =
        |device: &&KnownDevice| Some(device.id) == displace || now_ms - device.last_seen_at >= DEVICE_UNSEEN_MS;
    if leaving.len() == surplus && leaving.iter().all(may_go) {
        Room::After(leaving.into_iter().cloned().collect())
    } else {
        Room::Full
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: i64 = 2 * DEVICE_UNSEEN_MS;
    const NEW: DeviceId = DeviceId(Uuid::from_u128(999));

    fn device(number: usize, last_seen_at: i64) -> KnownDevice {
        let id = DeviceId(Uuid::from_u128(number as u128));
        KnownDevice { id, name: String::new(), platform: Platform::Web, last_seen_at }
    }

    /// Devices 1, 2, 3 …, each seen now.
    fn seen(count: usize) -> Vec<KnownDevice> {
        (1..=count).map(|number| device(number, NOW)).collect()
    }

    #[test]
    fn there_is_room_below_the_limit_and_for_a_known_device_always() {
        assert_eq!(room(&seen(DEVICES_MAX - 1), NEW, None, None, NOW), Room::After(vec![]));
        let mut known = seen(DEVICES_MAX);
        known[3].id = NEW;
        assert_eq!(room(&known, NEW, None, None, NOW), Room::Known);
    }

    #[test]
    fn at_the_limit_the_one_unseen_longest_goes_if_it_is_thirty_days() {
        let mut known = seen(DEVICES_MAX);
        known[7].last_seen_at = NOW - DEVICE_UNSEEN_MS + 1;
        assert_eq!(room(&known, NEW, None, None, NOW), Room::Full);
        known[7].last_seen_at -= 1;
        assert_eq!(room(&known, NEW, None, None, NOW), Room::After(vec![known[7].clone()]));
        known[2].last_seen_at = 0;
        assert_eq!(room(&known, NEW, None, None, NOW), Room::After(vec![known[2].clone()]));
        assert_eq!(room(&known, NEW, None, Some(known[2].id), NOW), Room::After(vec![known[7].clone()]));
    }

    #[test]
    fn a_choice_counts_when_it_is_needed_and_ones_own() {
        let known = seen(DEVICES_MAX);
        let chosen = Some(known[4].id);
        assert_eq!(room(&known, NEW, chosen, None, NOW), Room::After(vec![known[4].clone()]));
        assert_eq!(room(&known[1..], NEW, chosen, None, NOW), Room::After(vec![]));
        assert_eq!(room(&known, NEW, Some(DeviceId(Uuid::from_u128(500))), None, NOW), Room::Full);
    }

    #[test]
    fn the_server_does_not_count() {
        let mut known = seen(DEVICES_MAX - 1);
        known.push(KnownDevice { id: DeviceId::SERVER, ..device(0, 0) });
        assert_eq!(room(&known, NEW, None, None, NOW), Room::After(vec![]));
    }

    #[test]
    fn an_account_that_has_more_than_it_may_comes_down_to_the_limit_or_gets_none() {
        let mut known = seen(DEVICES_MAX + 1);
        known[0].last_seen_at = 0;
        assert_eq!(room(&known, NEW, None, None, NOW), Room::Full);
        known[1].last_seen_at = 1;
        assert_eq!(room(&known, NEW, None, None, NOW), Room::After(vec![known[0].clone(), known[1].clone()]));
    }
}
