//! Mail as its reader has it: taken from the folder that a server without a mail server writes to, or from a sink.

use std::path::PathBuf;

use crate::TestServer;
use crate::patience::until;

/// The folder of one server.
#[derive(Clone, Debug)]
pub struct Mailbox(PathBuf);

/// A mail that arrived.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The headers, unfolded.
    pub headers: Vec<(String, String)>,
    /// The text, decoded, with `\n` at the end of lines.
    pub body: String,
}

impl Mailbox {
    /// Where this server puts its mail when it is told of no mail server.
    #[must_use]
    pub fn of(server: &TestServer) -> Self {
        Self::at(server.setup().data_dir.path().join("mail"))
    }

    /// A folder.
    #[must_use]
    pub fn at(dir: PathBuf) -> Self {
        Self(dir)
    }

    /// Where it is.
    #[must_use]
    pub fn dir(&self) -> &PathBuf {
        &self.0
    }

    /// What has arrived for an address, in the order of its writing.
    #[must_use]
    pub fn all(&self, to: &str) -> Vec<Mail> {
        let names = std::fs::read_dir(&self.0).into_iter().flatten().map(|entry| entry.unwrap().path());
        let mut names: Vec<PathBuf> = names.filter(|path| path.extension().is_some_and(|end| end == "eml")).collect();
        names.sort();
        let mails = names.iter().map(|path| Mail::parse(&std::fs::read_to_string(path).unwrap()));
        mails.filter(|mail| mail.header("To") == to).collect()
    }

    /// Waits until this many mails with such a subject have arrived for an address.
    pub async fn wait(&self, to: &str, subject: &str, count: usize) -> Vec<Mail> {
        until(&format!("mail {count} of `{subject}`"), async || {
            let mut mails = self.all(to);
            mails.retain(|mail| mail.header("Subject").contains(subject));
            (mails.len() >= count).then_some(mails)
        })
        .await
    }

    /// Waits for the one mail with such a subject; its code.
    pub async fn code(&self, to: &str, subject: &str) -> String {
        self.wait(to, subject, 1).await.last().unwrap().code()
    }
}

impl Mail {
    /// Reads a message of one part.
    #[must_use]
    pub fn parse(message: &str) -> Self {
        let (head, body) = message.split_once("\r\n\r\n").expect("headers, an empty line, and a text");
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let headers: Vec<(String, String)> = unfolded
            .split("\r\n")
            .map(|line| line.split_once(": ").expect("a header"))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut mail = Self { headers, body: String::new() };
        mail.body = match mail.header("Content-Transfer-Encoding") {
            "7bit" => body.to_owned(),
            "quoted-printable" => unquoted(body),
            other => panic!("a text in {other}"),
        }
        .replace("\r\n", "\n");
        mail
    }

    /// A header, empty when absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The code, which the mail has to say twice: in its link, and bare on a line of its own.
    #[must_use]
    pub fn code(&self) -> String {
        let linked = self.body.split_once("?token=").and_then(|(_, rest)| rest.split_whitespace().next());
        let code = linked.expect("a link with a token").to_owned();
        assert!(self.body.lines().any(|line| line == code), "{}", self.body);
        code
    }
}

/// Undoes quoted-printable (RFC 2045, section 6.7).
fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}
