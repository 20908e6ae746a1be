//! Mails that tell an account what happened to it.

use super::Matter;
use super::words::{device, moment, place, when};

pub(super) fn password_changed(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}the password of your account was changed. Other devices\n\
         have been signed out.\n\n\
         If that was you, there is nothing to do. If it was not you, set a new\n\
         password now, and make sure that nobody else reads your mail:\n\n\
         {}/#/forgot-password",
        when(matter, matter.at),
        place(matter),
        matter.public_url,
    );
    ("Your password was changed", said)
}

pub(super) fn new_device(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}a new device signed in to your account:\n\n\
         {}\n\n\
         If that was you, there is nothing to do. If it was not you, end its\n\
         session in the list of your devices and set a new password:\n\n\
         {}/#/devices",
        when(matter, matter.at),
        place(matter),
        device(matter),
        matter.public_url,
    );
    ("A new device signed in", said)
}

pub(super) fn session_replayed(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{}{}a session of your account was ended, because a sign-in\n\
         token that had been used already came a second time:\n\n\
         {}\n\n\
         This happens when a device was set back to an older backup, and also when\n\
         somebody copied what a device keeps. Sign in again on that device. If you\n\
         cannot think of a reason, set a new password and look at your devices:\n\n\
         {}/#/devices",
        when(matter, matter.at),
        place(matter),
        device(matter),
        matter.public_url,
    );
    ("A session was ended for your safety", said)
}

pub(super) fn deletion_scheduled(matter: &Matter<'_>) -> (&'static str, String) {
    let erased = match matter.about["erase_after"].as_i64() {
        Some(at) => format!("after {}", moment(at, matter.time_zone)),
        None => "soon".to_owned(),
    };
    let said = format!(
        "{}{}you asked to delete your account. Everything in it\n\
         will be erased {erased}.\n\n\
         If you change your mind before, sign in and cancel the deletion. If it was\n\
         not you, do that now and set a new password:\n\n\
         {}/#/account",
        when(matter, matter.at),
        place(matter),
        matter.public_url,
    );
    ("Your account will be deleted", said)
}

pub(super) fn account_locked(matter: &Matter<'_>) -> (&'static str, String) {
    let said = format!(
        "{} your account was locked by the people who run this server.\n\
         Nobody can sign in to it, and your data stays as it is.\n\n\
         Answer to them if you think that this is a mistake.",
        when(matter, matter.at),
    );
    ("Your account was locked", said)
}
