//! An e-mail address: well formed enough to be one, never shown in logs, compared without case by the directory.

use std::fmt;

use super::limits::{EMAIL_BYTES_MAX, EMAIL_LOCAL_BYTES_MAX};

/// A well-formed address, in the spelling that was given.
#[derive(Clone, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// The address, or `None` when no mail could be sent there.
    ///
    /// Deliberately simple: one `@` with something on both sides and nothing that could break a header. Whether the
    /// address exists only a mail can tell.
    pub fn parse(text: &str) -> Option<Self> {
        let (local, host) = text.rsplit_once('@')?;
        let well_formed = text.len() <= EMAIL_BYTES_MAX
            && (1..=EMAIL_LOCAL_BYTES_MAX).contains(&local.len())
            && !local.contains('@')
            && is_host(host)
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>()[]\\,;:\"".contains(c));
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

fn is_host(host: &str) -> bool {
    host.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn addresses_are_kept_as_they_were_written() {
        for good in ["a@b", "Ada.Lovelace+x@example.org", "用户@例子.公司", "o'neil@sub.example.co.uk"] {
            assert_eq!(Email::parse(good).map(|email| email.as_str().to_owned()).as_deref(), Some(good));
        }
    }

    #[test]
    fn what_no_mail_could_reach_is_refused() {
        let long = format!("{}@example.org", "x".repeat(65));
        for bad in ["", "@", "a@", "@b", "a b@c", "a@b@c", "a@b..c", "a@.b", "a\n@b", "a@b\0", "<a@b>", "a@-b", &long] {
            assert!(Email::parse(bad).is_none(), "{bad:?}");
        }
    }
}
