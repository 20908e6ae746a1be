//! Mails that somebody asked for by giving an address. That somebody may be a stranger.

use super::Matter;
use super::words::{link, place, when};
use crate::identity::secret::Secret;

pub(super) fn password_reset(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}somebody asked to set a new password for your account.\n\n\
         If that was you, open this page within one hour and choose one:\n\n\
         {}\n\n\
         Or enter this code in the app:\n\n\
         {}\n\n\
         It works once, and all your devices will have to sign in again. If you\n\
         asked more than once, only the newest mail works.\n\n\
         If it was not you, do nothing: your password stays as it is.",
        when(matter, matter.at),
        place(matter),
        link(matter, "reset-password"),
        code(matter),
    );
    ("Set a new password", said)
}

pub(super) fn email_verification(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}somebody gave this e-mail address to Level Up.\n\n\
         If that was you, open this page within seven days, so that we know that\n\
         the address is yours:\n\n\
         {}\n\n\
         Or enter this code in the app:\n\n\
         {}\n\n\
         It works once. If you asked more than once, only the newest mail works.\n\n\
         If it was not you, do nothing: somebody mistyped, and you will hear no\n\
         more of it.",
        when(matter, matter.at),
        place(matter),
        link(matter, "verify-email"),
        code(matter),
    );
    ("Please confirm your e-mail address", said)
}

pub(super) fn registration_repeated(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}somebody tried to register with this e-mail address, which has an\n\
         account already.\n\n\
         If that was you, just sign in. If you do not remember the password, ask\n\
         for a new one on the sign-in page:\n\n\
         {}/#/forgot-password\n\n\
         If it was not you, do nothing: nothing was changed, and nobody was told\n\
         that you have an account.",
        when(matter, matter.at),
        place(matter),
        matter.public_url,
    );
    ("You have an account already", said)
}

fn code<'a>(matter: &Matter<'a>) -> &'a str {
    matter.code.map(Secret::reveal).unwrap_or_default()
}
