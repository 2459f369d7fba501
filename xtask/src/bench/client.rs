//! One kept-alive connection to a server on this machine: what it costs to ask must be little beside the answer.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

/// Asks, one request after the other.
pub struct Client {
    stream: BufReader<TcpStream>,
    /// Lines that go with every request.
    headers: String,
}

impl Client {
    /// With a secret key, or an empty one.
    pub fn connect(port: u16, key: &str) -> Result<Self> {
        let bearer = if key.is_empty() { String::new() } else { format!("Authorization: Bearer {key}\r\n") };
        Self::with_headers(port, bearer)
    }

    /// As the console in a browser.
    pub fn log_in(port: u16, email: &str, password: &str) -> Result<Self> {
        const CONSOLE: &str = "Goodword-Console: 1\r\nGoodword-Mode: live\r\n";
        let mut client = Self::with_headers(port, CONSOLE.to_owned())?;
        let input = serde_json::json!({ "email": email, "password": password }).to_string();
        let (status, head, _) = client.send("POST", "/v1/session", "application/json", input.as_bytes())?;
        let is_cookie = |line: &&str| line.to_ascii_lowercase().starts_with("set-cookie: gw_session=");
        let cookie = head.lines().find(is_cookie).with_context(|| format!("logging in answered {status}"))?;
        let cookie = cookie.split([' ', ';']).nth(1).context("a cookie has a value")?;
        client.headers = format!("{CONSOLE}Cookie: {cookie}\r\n");
        Ok(client)
    }

    fn with_headers(port: u16, headers: String) -> Result<Self> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_mins(2)))?;
        Ok(Self { stream: BufReader::new(stream), headers })
    }

    /// Asks for JSON.
    pub fn get(&mut self, path: &str) -> Result<Value> {
        let (status, _, body) = self.send("GET", path, "", b"")?;
        json(path, status, &body)
    }

    /// Says JSON.
    pub fn post(&mut self, path: &str, input: &Value) -> Result<Value> {
        self.post_as(path, "application/json", input.to_string().as_bytes())
    }

    /// Says JSON in the place of what was there.
    pub fn put(&mut self, path: &str, input: &Value) -> Result<Value> {
        let (status, _, answer) = self.send("PUT", path, "application/json", input.to_string().as_bytes())?;
        json(path, status, &answer)
    }

    /// Asks for something and throws it away, which costs nothing beside the answer.
    pub fn read(&mut self, path: &str) -> Result<()> {
        let (status, _, body) = self.send("GET", path, "", b"")?;
        ensure!((200..300).contains(&status), "{path} answered {status}: {}", String::from_utf8_lossy(&body));
        Ok(())
    }

    /// Says anything.
    pub fn post_as(&mut self, path: &str, kind: &str, body: &[u8]) -> Result<Value> {
        let (status, _, answer) = self.send("POST", path, kind, body)?;
        json(path, status, &answer)
    }

    /// Asks for a page; answers the status.
    pub fn visit(&mut self, path: &str) -> Result<u16> {
        Ok(self.send("GET", path, "", b"")?.0)
    }

    fn send(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<(u16, String, Vec<u8>)> {
        let (headers, length) = (&self.headers, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n{headers}Content-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        let mut request = head.into_bytes();
        request.extend_from_slice(body);
        self.stream.get_mut().write_all(&request)?;
        self.receive()
    }

    fn receive(&mut self) -> Result<(u16, String, Vec<u8>)> {
        let (mut status, mut length, mut line, mut head) = (0, 0, String::new(), String::new());
        loop {
            line.clear();
            ensure!(self.stream.read_line(&mut line)? > 0, "the answer broke off");
            head += &line;
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
        Ok((status, head, body))
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
