//! One kept-alive connection to a server on this machine: what it costs to ask must be little beside the answer.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// Asks, one request after the other.
pub struct Client {
    stream: BufReader<TcpStream>,
    bearer: String,
}

impl Client {
    /// With a secret key, or an empty one.
    pub fn connect(port: u16, key: &str) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(120)))?;
        let bearer = if key.is_empty() { String::new() } else { format!("Authorization: Bearer {key}\r\n") };
        Ok(Self { stream: BufReader::new(stream), bearer })
    }

    /// Asks for JSON.
    pub fn get(&mut self, path: &str) -> Result<Value> {
        let (status, body) = self.send("GET", path, "", b"")?;
        json(path, status, &body)
    }

    /// Says JSON.
    pub fn post(&mut self, path: &str, input: &Value) -> Result<Value> {
        self.post_as(path, "application/json", input.to_string().as_bytes())
    }

    /// Says anything.
    pub fn post_as(&mut self, path: &str, kind: &str, body: &[u8]) -> Result<Value> {
        let (status, answer) = self.send("POST", path, kind, body)?;
        json(path, status, &answer)
    }

    /// Asks for a page; answers the status.
    pub fn visit(&mut self, path: &str) -> Result<u16> {
        Ok(self.send("GET", path, "", b"")?.0)
    }

    fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<(u16, Vec<u8>)> {
        let (bearer, length) = (&self.bearer, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n{bearer}Content-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.receive()
    }

    fn receive(&mut self) -> Result<(u16, Vec<u8>)> {
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the answer broke off");
            let text = line.trim_end();
            if text.is_empty() {
                break;
            } else if status == 0 {
                status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
            } else if let Some((_, value)) =
                text.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok((status, body))
    }
}

/// A browser: crawlers are not counted.
pub const AGENT: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

fn json(path: &str, status: u16, body: &[u8]) -> Result<Value> {
    let text = String::from_utf8_lossy(body);
    ensure!((200..300).contains(&status), "{path} answered {status}: {text}");
    serde_json::from_slice(body).with_context(|| format!("{path} answered no JSON: {text}"))
}
