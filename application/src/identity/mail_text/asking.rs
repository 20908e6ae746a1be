//! Mails that somebody asked for by giving an address. That somebody may be a stranger.

use super::Occasion;
use super::words::{link, place, when};
use crate::identity::secret::Secret;

pub(super) fn password_reset(occasion: &Occasion<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}somebody asked to set a new password for your account.\n\n\
         If that was you, open this page within one hour and choose one:\n\n\
         {}\n\n\
         Or enter this code in the app:\n\n\
         {}\n\n\
         It works once, and all your devices will have to sign in again. If you\n\
         asked more than once, only the newest mail works.\n\n\
         If it was not you, do nothing: your password stays as it is.",
        when(occasion, occasion.at),
        place(occasion),
        link(occasion, "reset-password"),
        code(occasion),
    );
    ("Set a new password", said)
}

pub(super) fn email_verification(occasion: &Occasion<'_>) -> (&'static str, String) {
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
        when(occasion, occasion.at),
        place(occasion),
        link(occasion, "verify-email"),
        code(occasion),
    );
    ("Please confirm your e-mail address", said)
}

pub(super) fn registration_repeated(occasion: &Occasion<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}somebody tried to register with this e-mail address, which has an\n\
         account already.\n\n\
         If that was you, just sign in. If you do not remember the password, ask\n\
         for a new one on the sign-in page:\n\n\
         {}/#/forgot-password\n\n\
         If it was not you, do nothing: nothing was changed, and nobody was told\n\
         that you have an account.",
        when(occasion, occasion.at),
        place(occasion),
        occasion.public_url,
    );
    ("You have an account already", said)
}

fn code<'a>(occasion: &Occasion<'a>) -> &'a str {
    occasion.code.map(Secret::reveal).unwrap_or_default()
}
