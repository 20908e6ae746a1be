//! The account itself: who signs in, with what, and since when.

use super::columns::{flag, int, key, moment, text};
use super::notes::{About, Fate, Notes};
use super::source::{LegacyAccount, Row};
use super::words::Reading;

/// Characters of a name.
const NAME_CHARS_MAX: usize = 200;
/// Characters of the address of an image.
const IMAGE_CHARS_MAX: usize = 2_000;
/// How long a deletion is put off that is due already: the legacy system never carried one out.
const DELETION_NOTICE_MS: i64 = 7 * 86_400_000;
/// How long after the wish an account is deleted that names no date.
const DELETION_AFTER_MS: i64 = 30 * 86_400_000;
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
}

impl Person {
    /// Reads the account's own row.
    pub(super) fn of(account: &LegacyAccount, now: i64, notes: &mut Notes) -> Self {
        let user = &account.user;
        let about = About { table: "users", row: key(user, "id").unwrap_or_default() };
        let password_hash = password_hash(account, &about, notes);
        let mut reading = Reading { row: user, about: about.clone(), notes: &mut *notes };
        let first_name = reading.short("first_name", NAME_CHARS_MAX).unwrap_or_default();
        let last_name = reading.short("last_name", NAME_CHARS_MAX).unwrap_or_default();
        let image_url = reading.short("profile_image_url", IMAGE_CHARS_MAX);
        let created_at = reading.moment("created_at").filter(|at| *at <= now);
        if created_at.is_none() {
            reading.notes.changed(&about, "created_at", "moment_missing", "it begins with its import");
        }
        let deletion = deletion(user, &about, now, notes);
        Self {
            legacy_id: about.row,
            email: text(user, "email").unwrap_or_default().to_owned(),
            password_hash,
            first_name,
            last_name,
            image_url,
            created_at: created_at.unwrap_or(now),
            deletion,
        }
    }
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

fn deletion(user: &Row, about: &About, now: i64, notes: &mut Notes) -> Option<(i64, i64)> {
    let (asked, due) = (moment(user, "deletion_requested_at"), moment(user, "deletion_scheduled_for"));
    let asked = asked.or(due.map(|due| due - DELETION_AFTER_MS))?.min(now);
    let due = due.unwrap_or(asked + DELETION_AFTER_MS);
    let earliest = now + DELETION_NOTICE_MS;
    if due < earliest {
        let message = "the deletion is due; it is put off for a week, so that it can still be taken back";
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
