//! What wrk asks, as Lua. Nobody asks twice as the same person and no invoice comes twice, or the server would have nothing
//! to store; the bare server is asked the same in the same way, so that asking costs the same.

use super::client::AGENT;
use super::variants::Ask;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many partners there are, each with a link.
pub const PARTNERS: u64 = 100;

/// The code of one of them, which is also the key of the link.
pub fn code(number: u64) -> String {
    format!("BENCH{:03}", number % PARTNERS)
}

/// Who asks.
pub struct Asker<'a> {
    /// The key of a page, for clicks.
    pub publishable_key: &'a str,
    /// The key of a server, for sales.
    pub secret_key: &'a str,
    /// Clicks that sales follow.
    pub clicks: &'a [String],
}

/// So many numbers belong to a thread of wrk: more than it can ask in a round.
const NUMBERS_A_THREAD: u64 = 1 << 22;
/// Two threads at the most.
const NUMBERS_A_RUN: u64 = NUMBERS_A_THREAD * 2;
/// As an address: 10.0.0.0.
const FIRST: u64 = 10 << 24;

/// The first of the numbers that no other run of this process uses.
pub fn next_numbers() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(FIRST);
    NEXT.fetch_add(NUMBERS_A_RUN, Ordering::Relaxed)
}

/// The script for one thing to ask. The first number is its argument.
pub fn lua(ask: Ask, asker: &Asker) -> String {
    let parts = match ask {
        Ask::Click => clicks(),
        Ask::Beacon => beacons(asker),
        Ask::Sale => sales(asker),
    };
    let heads: Vec<String> = parts.heads.iter().map(|head| quoted(head)).collect();
    SCRIPT
        .replace("$THREAD", &NUMBERS_A_THREAD.to_string())
        .replace("$HEADS", &heads.join(",\n"))
        .replace("$BETWEEN", &quoted(&parts.between))
        .replace("$TAIL", &quoted(&parts.tail))
        .replace("$NUMBER", if ask == Ask::Click { "address(n)" } else { "string.format('%012d', n)" })
}

const SCRIPT: &str = r#"local threads = 0
function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end
local heads = {$HEADS}
local between, tail, count = $BETWEEN, $TAIL, 0
local octets = {}
for i = 0, 255 do octets[i] = tostring(i) end
local floor = math.floor
local function address(n)
  local low, high = n % 65536, floor(n / 65536) % 65536
  return octets[floor(high / 256)] .. "." .. octets[high % 256] .. "." .. octets[floor(low / 256)] .. "." .. octets[low % 256]
end
local n = 0
function init(args)
  n = tonumber(args[1]) + place * $THREAD
end
function request()
  n = n + 1
  local number = $NUMBER
  local head = heads[n % #heads + 1]
  if between == "" then return head .. number .. tail end
  return head .. number .. between .. number .. tail
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("\nDONE %d %d %d %d %d %d\n", summary.requests, summary.duration, e.status,
    e.connect + e.read + e.write + e.timeout, latency:percentile(50), latency:percentile(99)))
end
"#;

/// A request is one of the heads, a number, perhaps something and the number again, and the tail.
struct Parts {
    heads: Vec<String>,
    between: String,
    tail: String,
}

fn clicks() -> Parts {
    let head = |number| {
        let code = code(number);
        format!(
            "GET /r/{code} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {AGENT}\r\n\
             Accept: text/html,application/xhtml+xml\r\nReferer: https://blog{number}.example/post\r\nX-Forwarded-For: "
        )
    };
    let heads = (0..PARTNERS).map(head).collect();
    Parts { heads, between: String::new(), tail: "\r\n\r\n".into() }
}

fn beacons(asker: &Asker) -> Parts {
    let line =
        format!("POST /v1/track/click?pk={} HTTP/1.1\r\nOrigin: {}\r\n", asker.publishable_key, ORIGIN);
    let tail = "\"}".to_owned();
    let head = |number: u64| {
        let start = format!(
            "{{\"key\":\"{}\",\"url\":\"https://shop.example/tea\",\"referrer\":\"https://blog{number:02}.example/post\",\
             \"visitorId\":\"v",
            code(number)
        );
        post(&line, &start, start.len() + DIGITS + tail.len())
    };
    Parts { heads: (0..PARTNERS).map(head).collect(), between: String::new(), tail }
}

fn sales(asker: &Asker) -> Parts {
    let line = format!("POST /v1/track/sale HTTP/1.1\r\nAuthorization: Bearer {}\r\n", asker.secret_key);
    let (between, tail) = ("\",\"customerExternalId\":\"customer_".to_owned(), "\"}".to_owned());
    let head = |came: String| {
        let start = format!("{{\"amount\":4900,\"customerName\":\"A Buyer\",{came},\"invoiceId\":\"in_");
        post(&line, &start, start.len() + between.len() + tail.len() + 2 * DIGITS)
    };
    let by_click = asker.clicks.iter().map(|click| format!("\"clickId\":\"{click}\""));
    let by_code = (0..).map(|number| format!("\"code\":\"{}\"", code(number)));
    let heads = by_click.zip(by_code).flat_map(|(click, code)| [head(click), head(code)]).collect();
    Parts { heads, between, tail }
}

/// How many digits a number has in JSON.
const DIGITS: usize = 12;
/// The page that reports clicks.
pub const ORIGIN: &str = "https://shop.example";

fn post(line: &str, start: &str, length: usize) -> String {
    format!(
        "{line}Host: 127.0.0.1\r\nUser-Agent: {AGENT}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{start}"
    )
}

fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\r', "\\r").replace('\n', "\\n");
    format!("\"{text}\"")
}
