//! As much HTTP as it takes to ask whether a server is there, and to drive a browser: one request, one connection, no chunks.

use anyhow::{Context, Result};
use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

/// Asks a server on this machine; answers the status and the body.
pub fn request(port: u16, method: &str, path: &str, body: &str) -> Result<(u16, String)> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2))?;
    stream.set_read_timeout(Some(Duration::from_mins(2)))?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    let mut piece = vec![0; 65_536];
    while !complete(&answer) {
        match stream.read(&mut piece)? {
            0 => break,
            read => answer.extend_from_slice(&piece[..read]),
        }
    }
    parse(&answer)
}

/// Whether all is there that the head promised; some servers keep the connection open although they were asked not to.
fn complete(answer: &[u8]) -> bool {
    let Some((head, body)) = split(answer) else { return false };
    content_length(&head).is_some_and(|length| body.len() >= length)
}

fn split(answer: &[u8]) -> Option<(String, &[u8])> {
    let at = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    Some((String::from_utf8_lossy(&answer[..at]).into_owned(), &answer[at + 4..]))
}

fn content_length(head: &str) -> Option<usize> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let (_, value) = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    value.trim().parse().ok()
}

fn parse(answer: &[u8]) -> Result<(u16, String)> {
    let (head, body) = split(answer).context("the answer broke off")?;
    let status =
        head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).context("no status")?;
    let body = &body[..content_length(&head).unwrap_or(body.len()).min(body.len())];
    Ok((status, String::from_utf8_lossy(body).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_taken_apart() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
        assert!(complete(answer) && !complete(&answer[..answer.len() - 1]));
        assert_eq!(parse(answer).expect("an answer"), (200, "ok".to_owned()));
        assert!(parse(b"HTTP/1.1 200").is_err());
    }
}
