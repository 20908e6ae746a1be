//! What a backup says of itself: when it was made, of what, behind which other one, and what its files hash to.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The version of the form. Another one is not read.
pub const VERSION: u32 = 1;

/// The endings of names: of a backup that holds everything, and of one that goes on from another.
const ENDINGS: [&str; 2] = ["-full", "-increment"];

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version of the form.
    pub version: u32,
    /// Its name, which is that of its folder.
    pub name: String,
    /// The backup that it goes on from; none: it holds everything.
    pub parent: Option<Parent>,
    /// When it was begun, ms. What was acknowledged before is in it.
    pub began_at: i64,
    /// When it was whole, ms.
    pub ended_at: i64,
    /// The life of the logs.
    pub epoch: Uuid,
    /// The schema that its rows come from, as the number of its last migration.
    pub schema: i64,
    /// The program that made it.
    pub levelup: String,
    /// Spaces that there were.
    pub spaces: u64,
    /// Those of them that it has lines of.
    pub changed: u64,
    /// Events that it has lines of.
    pub events: u64,
    /// The sum of the positions of all spaces.
    pub positions: u64,
    /// Accounts.
    pub accounts: u64,
    /// Its files: how long they are and what they hash to.
    pub files: BTreeMap<String, Seal>,
}

/// The backup before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parent {
    /// Its name.
    pub name: String,
    /// SHA-256 of its manifest.
    pub sha256: String,
}

/// A file as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Its length.
    pub bytes: u64,
    /// What it hashes to, in hexadecimal digits.
    pub sha256: String,
}

/// A text that is no manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadManifest {
    /// Something else.
    #[error("this is no manifest of a backup: {0}")]
    Unreadable(String),
    /// An earlier program wrote it, or a later one.
    #[error("the backup has version {0}, and this program reads version {VERSION}")]
    Version(u32),
    /// It is not what was written.
    #[error("the manifest was changed: its SHA-256 should be {expected} and is {found}")]
    Changed {
        /// What stands beside it.
        expected: String,
        /// What it hashes to.
        found: String,
    },
}

#[derive(Deserialize)]
struct Sealed<'a> {
    #[serde(borrow)]
    levelup_backup: &'a RawValue,
    sha256: String,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl Manifest {
    /// Bytes of all files.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|seal| seal.bytes).sum()
    }

    /// What one of its files hashes to.
    pub fn seal(&self, file: &str) -> Option<&Seal> {
        self.files.get(file)
    }

    /// The text of its file, and what the manifest hashes to.
    ///
    /// # Errors
    /// Never: numbers, texts and maps of texts become JSON.
    pub fn text(&self) -> Result<(String, String), serde_json::Error> {
        let body = serde_json::to_string(self)?;
        let sha256 = sha256_hex(&Sha256::digest(body.as_bytes()));
        Ok((format!("{{\"levelup_backup\":{body},\"sha256\":\"{sha256}\"}}\n"), sha256))
    }

    /// Reads the text of a file; what it hashes to stands beside it.
    ///
    /// # Errors
    /// It is no manifest, or was changed.
    pub fn read(text: &str) -> Result<(Self, String), BadManifest> {
        let unreadable = |error: serde_json::Error| BadManifest::Unreadable(error.to_string());
        let sealed: Sealed<'_> = serde_json::from_str(text).map_err(unreadable)?;
        let body = sealed.levelup_backup.get();
        let version = serde_json::from_str::<Version>(body).map_err(unreadable)?.version;
        if version != VERSION {
            return Err(BadManifest::Version(version));
        }
        let found = sha256_hex(&Sha256::digest(body.as_bytes()));
        if found != sealed.sha256 {
            return Err(BadManifest::Changed { expected: sealed.sha256, found });
        }
        Ok((serde_json::from_str(body).map_err(unreadable)?, found))
    }
}

/// The name of a backup that begins now. Names are in the order of their moments.
pub fn name(began_at: i64, full: bool) -> String {
    let at = Timestamp::from_millisecond(began_at).unwrap_or_default().to_zoned(TimeZone::UTC);
    let ending = ENDINGS[usize::from(!full)];
    format!("{}{:03}Z{ending}", at.strftime("%Y%m%dT%H%M%S"), at.millisecond())
}

/// The moment that a name tells, ms; none: it is no name.
pub fn moment(name: &str) -> Option<i64> {
    let (moment, _) = name.split_once("Z-").filter(|_| is_name(name))?;
    let (seconds, millis) = moment.split_at_checked(moment.len().checked_sub(3)?)?;
    let seconds = DateTime::strptime("%Y%m%dT%H%M%S", seconds).ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(seconds.timestamp().as_millisecond() + millis.parse::<i64>().ok()?)
}

/// Whether this is a name of a backup. Nothing else in a folder is looked at, and nothing else is ever deleted.
pub fn is_name(text: &str) -> bool {
    let Some(moment) = ENDINGS.iter().find_map(|ending| text.strip_suffix(ending)) else { return false };
    let form = "00000000T000000000Z";
    let fits = |(have, want): (char, char)| if want == '0' { have.is_ascii_digit() } else { have == want };
    moment.len() == form.len() && moment.chars().zip(form.chars()).all(fits)
}

/// Bytes in hexadecimal digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        Manifest {
            version: VERSION,
            name: name(1_795_397_712_345, true),
            parent: None,
            began_at: 1_795_397_712_345,
            ended_at: 1_795_397_712_346,
            epoch: Uuid::from_u128(7),
            schema: 19,
            levelup: "1".to_owned(),
            spaces: 1,
            changed: 1,
            events: 8,
            positions: 8,
            accounts: 1,
            files: [("log".to_owned(), Seal { bytes: 3, sha256: "00".to_owned() })].into(),
        }
    }

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let (text, sha256) = manifest().text().unwrap();
        assert_eq!(Manifest::read(&text).unwrap(), (manifest(), sha256));
    }

    #[test]
    fn every_changed_byte_of_a_manifest_is_noticed() {
        let (text, _) = manifest().text().unwrap();
        for at in 0..text.trim_end().len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 1;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            assert!(Manifest::read(&changed).is_err(), "byte {at}: {changed}");
        }
    }

    #[test]
    fn another_version_and_another_file_are_told_apart() {
        let text = manifest().text().unwrap().0.replace("\"version\":1", "\"version\":2");
        assert_eq!(Manifest::read(&text), Err(BadManifest::Version(2)));
        assert!(matches!(Manifest::read("{\"something\":1}"), Err(BadManifest::Unreadable(_))));
    }

    #[test]
    fn names_tell_the_moment_and_the_kind_and_nothing_else_is_a_name() {
        assert_eq!(name(0, true), "19700101T000000000Z-full");
        assert_eq!(name(86_400_123, false), "19700102T000000123Z-increment");
        for at in [0, 1_795_397_712_345, 1_795_397_712_005] {
            assert!(is_name(&name(at, true)) && is_name(&name(at, false)), "{at}");
            assert_eq!(moment(&name(at, at == 0)), Some(at));
        }
        assert_eq!(moment("99999999T999999999Z-full"), None, "a name, but of no moment");
        for bad in ["", "-full", "20261123T0135123Z-full", "20261123T013512345Z-other", "../20261123T013512345Z-full"] {
            assert!(!is_name(bad) && moment(bad).is_none(), "{bad}");
        }
    }
}
