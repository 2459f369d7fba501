//! What lies in the outbox.

use super::server::Server;
use std::time::Duration;

impl Server {
    /// The addresses in mails to `recipient` that begin with our own `path`, oldest first; waits until there are `count`.
    pub fn links_mailed(&self, recipient: &str, path: &str, count: usize) -> Vec<String> {
        for _ in 0..100 {
            let links = self.links_now(recipient, path);
            if links.len() >= count {
                return links;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{count} mails to {recipient} with {path} did not come; the log says: {}", self.log());
    }

    /// How many mails to `recipient` were written so far.
    pub fn mails_to(&self, recipient: &str) -> usize {
        self.mails().iter().filter(|mail| is_to(mail, recipient)).count()
    }

    /// The mails to `recipient`, as they are sent, oldest first; waits until there are `count`.
    pub fn mailed(&self, recipient: &str, count: usize) -> Vec<String> {
        for _ in 0..300 {
            let mails: Vec<String> = self.mails().into_iter().filter(|mail| is_to(mail, recipient)).collect();
            if mails.len() >= count {
                return mails;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{count} mails to {recipient} did not come; the log says: {}", self.log());
    }

    fn links_now(&self, recipient: &str, path: &str) -> Vec<String> {
        let wanted = format!("{}{path}", self.base);
        let mails = self.mails();
        let words =
            mails.iter().filter(|mail| is_to(mail, recipient)).flat_map(|mail| mail.split_whitespace());
        words
            .filter(|word| word.starts_with(&wanted))
            .map(|word| word[self.base.len()..].to_owned())
            .collect()
    }

    /// The texts of all mails, oldest first.
    fn mails(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.outbox()).into_iter().flatten().flatten();
        let mut paths: Vec<_> =
            files.map(|f| f.path()).filter(|p| p.extension().is_some_and(|e| e == "eml")).collect();
        paths.sort();
        paths.iter().filter_map(|path| std::fs::read_to_string(path).ok()).map(|text| plain(&text)).collect()
    }
}

fn is_to(mail: &str, recipient: &str) -> bool {
    mail.lines().any(|line| line.trim_end() == format!("To: {recipient}"))
}

/// Long lines are broken by `=` in the outbox's files, and `=` itself is written `=3D`.
fn plain(mail: &str) -> String {
    let head = mail.to_ascii_lowercase();
    if head.contains("content-transfer-encoding: base64") {
        return decoded(mail);
    }
    if head.contains("content-transfer-encoding: quoted-printable") {
        mail.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
    } else {
        mail.to_owned()
    }
}

/// A mail whose parts are base64, as those are that Latin letters cannot say: its lines, and behind them what those of the parts mean.
fn decoded(mail: &str) -> String {
    let is_coded = |line: &&str| {
        line.len() > 20 && line.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b))
    };
    let bits = |b: u8| match b {
        b'A'..=b'Z' => u32::from(b - b'A'),
        b'a'..=b'z' => u32::from(b - b'a') + 26,
        b'0'..=b'9' => u32::from(b - b'0') + 52,
        b'+' => 62,
        _ => 63,
    };
    let mut bytes = Vec::new();
    for line in mail.lines().map(str::trim_end).filter(is_coded) {
        for four in line.trim_end_matches('=').as_bytes().chunks(4) {
            let word = four.iter().fold(0, |word, b| word << 6 | bits(*b)) << (6 * (4 - four.len()));
            bytes.extend(&word.to_be_bytes()[1..four.len()]);
        }
    }
    format!("{mail}\n{}", String::from_utf8_lossy(&bytes))
}
