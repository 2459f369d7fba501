//! The pages that are measured, and both widgets' files: one small server for both, so that what differs is what is sent.

use anyhow::{Context, Result};
use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

/// A file as it is sent.
pub struct File {
    kind: &'static str,
    encoding: &'static str,
    body: Vec<u8>,
}

impl File {
    /// A page.
    pub fn page(html: &str) -> Self {
        Self { kind: "text/html; charset=utf-8", encoding: "identity", body: html.as_bytes().to_vec() }
    }

    /// A file that was packed with brotli, by its name without that ending.
    pub fn packed(name: &str, packed: Vec<u8>) -> Self {
        let kind = match name.rsplit('.').next() {
            Some("wasm") => "application/wasm",
            Some("css") => "text/css; charset=utf-8",
            _ => "text/javascript; charset=utf-8",
        };
        Self { kind, encoding: "br", body: packed }
    }

    fn answer(&self) -> Vec<u8> {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Encoding: {}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
             Access-Control-Allow-Origin: *\r\nCross-Origin-Resource-Policy: cross-origin\r\nConnection: close\r\n\r\n",
            self.kind,
            self.encoding,
            self.body.len()
        );
        [head.as_bytes(), &self.body].concat()
    }
}

/// Serves these files on a free port, and hands `/…/v1/…` on to Goodword, until the process ends.
pub fn serve(listener: TcpListener, files: HashMap<String, File>, goodword: u16) {
    let files = Arc::new(files);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let files = Arc::clone(&files);
            // A browser that went away hears nothing, and nobody else does.
            thread::spawn(move || drop(answer(stream, &files, goodword)));
        }
    });
}

fn answer(mut stream: TcpStream, files: &HashMap<String, File>, goodword: u16) -> Result<()> {
    stream.set_nodelay(true)?;
    let (head, body) = receive(&mut stream)?;
    let path = head.split_whitespace().nth(1).unwrap_or_default();
    if let Some((_, rest)) = path.split_once("/v1/") {
        let (_, fields) = head.split_once("\r\n").context("a request has a head")?;
        let method = head.split_whitespace().next().unwrap_or("GET");
        return hand_on(stream, &format!("{method} /v1/{rest} HTTP/1.1\r\n"), fields, &body, goodword);
    }
    let name = path.split('?').next().unwrap_or_default();
    match files.get(name) {
        Some(file) => stream.write_all(&file.answer())?,
        None => {
            stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")?;
        }
    }
    Ok(())
}

/// The head and the body of a request.
fn receive(stream: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let (mut all, mut part) = (Vec::new(), [0; 16_384]);
    loop {
        let read = stream.read(&mut part)?;
        all.extend_from_slice(&part[..read]);
        let end = all.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&all[..end + 2]).into_owned();
            let length = field(&head, "content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
            if all.len() >= end + 4 + length {
                return Ok((head, all.split_off(end + 4)));
            }
        }
        anyhow::ensure!(read > 0, "the request broke off");
    }
}

fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn hand_on(mut stream: TcpStream, line: &str, fields: &str, body: &[u8], goodword: u16) -> Result<()> {
    let kept = fields.lines().filter(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let head = kept.filter(|line| !line.is_empty()).fold(String::new(), |head, line| head + line + "\r\n");
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, goodword))?;
    server.set_nodelay(true)?;
    server.write_all(format!("{line}{head}Connection: close\r\n\r\n").as_bytes())?;
    server.write_all(body)?;
    std::io::copy(&mut server, &mut stream)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_served_and_others_are_not() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        serve(listener, HashMap::from([("/a".to_owned(), File::page("<p>a</p>"))]), 0);
        let ask = |path: &str| {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("somebody listens");
            write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").expect("it can be asked");
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("it answers");
            answer
        };
        assert!(ask("/a?x=1").ends_with("<p>a</p>"));
        assert!(ask("/b").starts_with("HTTP/1.1 404"));
    }

    #[test]
    fn a_field_is_found_whatever_its_case() {
        assert_eq!(field("GET / HTTP/1.1\r\nContent-LENGTH: 7\r\n", "content-length"), Some("7"));
    }
}
