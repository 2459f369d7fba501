//! Free ports.

use anyhow::{Result, bail};
use std::net::{Ipv4Addr, TcpListener};

/// The wanted port, or the next free one that is not among `taken`. Port 0 takes any.
pub fn pick(wanted: u16, taken: &[u16]) -> Result<u16> {
    if wanted == 0 {
        return Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port());
    }
    for port in wanted..wanted.saturating_add(200) {
        if !taken.contains(&port) && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {wanted} on is free; choose others with --port")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_left_alone() {
        let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = door.local_addr().expect("an address").port();
        let picked = pick(port, &[]).expect("the next");
        assert!(picked > port);
        assert!(pick(picked, &[picked]).expect("the one after") > picked);
    }

    #[test]
    fn zero_is_any() {
        assert_ne!(pick(0, &[]).expect("any"), 0);
    }
}
