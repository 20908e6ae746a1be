//! When an account does something with its devices or sessions, and what the security log and the mail say of it: one
//! sentence each, so that every way to the same act tells the same.

use domain::id::{AccountId, DeviceId, SessionId};
use domain::session::Because;
use serde_json::{Value, json};

use crate::identity::device::claim::{Device, Platform};
use crate::identity::device::key::KeyChange;
use crate::identity::device::limit::KnownDevice;
use crate::identity::letter::{Letter, LetterKind};
use crate::identity::place::Place;
use crate::identity::security_log::{Act, Entry};
use crate::identity::session::refresh_signature::Unsigned;

/// Who does something, in which session, from where and when.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// Who.
    pub account: AccountId,
    /// In which session.
    pub session: SessionId,
    /// From where.
    pub place: Place,
    /// When, ms.
    pub at: i64,
}

impl Occasion {
    /// A session was opened by the password.
    pub fn signed_in(&self, device: DeviceId) -> Entry {
        self.entry(Act::SignedIn, device, json!({}))
    }

    /// A device was seen for the first time on an account that was there before.
    pub fn device_added(&self, device: &Device) -> (Entry, Letter) {
        let about = described(&device.name, device.platform);
        let mut told = about.clone();
        told["network"] = json!(self.place.network);
        let letter = Letter { account: self.account, kind: LetterKind::NewDevice, about: told, at: self.at };
        (self.entry(Act::DeviceAdded, device.id, about), letter)
    }

    /// A device changed in these fields.
    pub fn device_changed(&self, device: DeviceId, fields: &[&str]) -> Entry {
        self.entry(Act::DeviceChanged, device, json!({ "fields": fields }))
    }

    /// A device's key changed.
    pub fn device_key_set(&self, device: DeviceId, change: KeyChange) -> Entry {
        self.entry(Act::DeviceKeySet, device, json!({ "key": change.as_str() }))
    }

    /// A device was removed by a person, with so many sessions that were going on.
    pub fn device_removed(&self, device: &KnownDevice, sessions: usize) -> Entry {
        self.entry(Act::DeviceRemoved, device.id, left(device, Because::DeviceRemoved, sessions))
    }

    /// A device made room for a new one.
    pub fn device_displaced(&self, device: &KnownDevice, by: &Device, sessions: usize) -> Entry {
        let mut about = left(device, Because::DeviceDisplaced, sessions);
        about["displaced_by"] = json!(by.id);
        self.entry(Act::DeviceRemoved, device.id, about)
    }

    /// A session ended.
    pub fn session_ended(&self, device: DeviceId, because: Because) -> Entry {
        self.entry(Act::SessionEnded, device, json!({ "because": because.as_str() }))
    }

    /// A used refresh token came again.
    pub(in crate::identity) fn refresh_replayed(&self, device: DeviceId) -> Entry {
        self.entry(Act::RefreshReplayed, device, json!({}))
    }

    /// A refresh was not signed as the device's key demands.
    pub(in crate::identity) fn refresh_unsigned(&self, device: DeviceId, unsigned: Unsigned) -> Entry {
        self.entry(Act::RefreshUnsigned, device, json!({ "code": unsigned.code() }))
    }

    /// A device repaired its replica as often as it may, and wanted to go on: what it keeps does not stay.
    pub fn repairs_exhausted(&self, device: DeviceId) -> Entry {
        self.entry(Act::RepairsExhausted, device, json!({}))
    }

    /// Somebody with a token gave a wrong password.
    pub(in crate::identity) fn password_refused(&self, device: DeviceId) -> Entry {
        self.entry(Act::SignInRefused, device, json!({}))
    }

    fn entry(&self, act: Act, device: DeviceId, about: Value) -> Entry {
        let entry = Entry::by_oneself(self.account, act, self.place.clone(), self.at);
        Entry { session: Some(self.session), device: Some(device), about, ..entry }
    }
}

fn described(name: &str, platform: Platform) -> Value {
    json!({ "device_name": name, "platform": platform.as_str() })
}

fn left(device: &KnownDevice, because: Because, sessions: usize) -> Value {
    let mut about = described(&device.name, device.platform);
    about["because"] = json!(because.as_str());
    about["sessions"] = json!(sessions);
    about
}
