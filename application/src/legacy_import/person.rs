//! The account itself: who signs in, with what, and since when.

use super::columns::{flag, int, key, moment, text};
use super::notes::{About, Fate, Notes};
use super::source::{LegacyAccount, Row};
use super::words::Reading;

/// Characters of a name.
const NAME_CHARS_MAX: usize = 200;
/// Characters of the address of an image.
const IMAGE_CHARS_MAX: usize = 2_000;
/// Columns that tell when something was.
const MOMENTS: [&str; 6] = ["created_at", "updated_at", "completed_at", "started_at", "start_time", "date"];
/// How long after the wish an account is deleted that names no date.
const DELETION_AFTER_MS: i64 = 30 * DAY_MS;
const DAY_MS: i64 = 86_400_000;
/// What stands for a hash that cannot be one; no password leads to it.
const NO_HASH: &str = "!";

/// An account to be.
#[derive(Clone, Debug)]
pub struct Person {
    /// The legacy id, which clients of API v1 go on seeing.
    pub legacy_id: String,
    /// The address, as it was written.
    pub email: String,
    /// A bcrypt hash.
    pub password_hash: String,
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// Where an image of the person is.
    pub image_url: Option<String>,
    /// Since when, Unix ms.
    pub created_at: i64,
    /// When the person wished to be deleted and when that is to be, Unix ms.
    pub deletion: Option<(i64, i64)>,
    /// The digest of a password of here that the legacy system was never told: whatever hash it has was set there since.
    pub untold_password: Option<String>,
    /// The wish that an export told the legacy system, Unix ms: if there is none, it was called off there.
    pub told_wish: Option<i64>,
}

impl Person {
    /// Whether there is a hash that a password can be checked against.
    pub fn has_password(&self) -> bool {
        self.password_hash != NO_HASH
    }

    /// Reads the account's own row.
    pub(super) fn of(account: &LegacyAccount, (now, grace_days): (i64, i64), notes: &mut Notes) -> Self {
        let user = &account.user;
        let about = About { table: "users", row: key(user, "id").unwrap_or_default() };
        let password_hash = password_hash(account, &about, notes);
        let mut reading = Reading { row: user, about: about.clone(), notes: &mut *notes };
        let first_name = reading.short("first_name", NAME_CHARS_MAX).unwrap_or_default();
        let last_name = reading.short("last_name", NAME_CHARS_MAX).unwrap_or_default();
        let image_url = reading.short("profile_image_url", IMAGE_CHARS_MAX);
        let created_at = reading.past("created_at", now);
        if created_at.is_none() {
            let message = "it begins with the first that is known of it";
            reading.notes.changed(&about, "created_at", "moment_missing", message);
        }
        let wrote = account.marks.wrote();
        let deletion = deletion(user, &about, (now, grace_days), notes);
        Self {
            legacy_id: about.row,
            email: text(user, "email").unwrap_or_default().to_owned(),
            password_hash,
            first_name,
            last_name,
            image_url,
            created_at: created_at.or_else(|| earliest(account, now)).unwrap_or(now),
            deletion,
            untold_password: wrote.and_then(|wrote| wrote.password.clone()),
            told_wish: wrote.and_then(|wrote| wrote.wish),
        }
    }
}

/// The first moment of which any row tells.
fn earliest(account: &LegacyAccount, now: i64) -> Option<i64> {
    let rows = account.tables.values().flatten().chain(std::iter::once(&account.user));
    let told = rows.flat_map(|row| MOMENTS.iter().filter_map(|column| moment(row, column)));
    told.filter(|at| (0..=now).contains(at)).min()
}

/// The hash beside the account, else that of the older table of passwords.
fn password_hash(account: &LegacyAccount, about: &About, notes: &mut Notes) -> String {
    let older = account.rows("user_passwords").iter().rev();
    let rows = std::iter::once(&account.user).chain(older);
    let mut hashes = rows.filter_map(|row| text(row, "hashed_password"));
    if let Some(hash) = hashes.find(|hash| is_bcrypt(hash)) {
        return hash.to_owned();
    }
    let message = "there is no hash that a password could be checked against; the person sets another password by mail";
    notes.add(about, Some("hashed_password"), (Fate::Changed, "password_unusable"), message);
    NO_HASH.to_owned()
}

/// `$2a$10$` and its relatives, with salt and hash.
fn is_bcrypt(hash: &str) -> bool {
    let version = ["$2a$", "$2b$", "$2y$", "$2x$"].iter().any(|version| hash.starts_with(version));
    version && hash.len() == 60 && hash.is_ascii()
}

/// The wish as it stands there. The grace that is promised here begins with the import: nobody is erased earlier than that.
fn deletion(user: &Row, about: &About, (now, grace_days): (i64, i64), notes: &mut Notes) -> Option<(i64, i64)> {
    let (asked, due) = (moment(user, "deletion_requested_at"), moment(user, "deletion_scheduled_for"));
    let asked = asked.or(due.map(|due| due.saturating_sub(DELETION_AFTER_MS)))?.min(now);
    let due = due.unwrap_or_else(|| asked.saturating_add(DELETION_AFTER_MS));
    let earliest = now + grace_days * DAY_MS;
    if due < earliest {
        let message = format!("it is put off to {grace_days} days from now, so that it can still be taken back");
        notes.changed(about, "deletion_scheduled_for", "deletion_put_off", message);
    }
    Some((asked, due.max(earliest)))
}

/// The profile that stands: of several the one that was written last.
pub(super) fn profile<'a>(account: &'a LegacyAccount, notes: &mut Notes) -> Option<&'a Row> {
    let all = account.rows("user_profiles");
    let written = |row: &&Row| (moment(row, "updated_at").or(moment(row, "created_at")), int(row, "id"));
    let newest = all.iter().max_by_key(written);
    let others = all.iter().filter(|row| newest.is_some_and(|newest| !std::ptr::eq(*row, newest)));
    for other in others {
        let about = About { table: "user_profiles", row: key(other, "id").unwrap_or_default() };
        notes.skipped(&about, "profile_older", "another profile of the account was written later");
    }
    newest
}

/// Whether a row says yes.
pub(super) fn says(row: &Row, column: &str) -> bool {
    flag(row, column).unwrap_or_default()
}
