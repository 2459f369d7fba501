//! A vendor's endpoint: takes what is posted, keeps it, and answers as it was told to.

use std::collections::{BTreeMap, VecDeque};
use std::io::{BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Something that was posted.
#[derive(Clone, Debug)]
pub struct Posted {
    pub path: String,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

impl Posted {
    /// A header; panics where it is missing.
    #[track_caller]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).unwrap_or_else(|| panic!("no {name} in {self:?}"))
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    /// The type of the event.
    #[track_caller]
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().expect("a type").to_owned()
    }
}

#[derive(Default)]
struct Shared {
    posted: Mutex<Vec<Posted>>,
    answers: Mutex<VecDeque<&'static str>>,
    usual: Mutex<Option<&'static str>>,
    pause: Mutex<Duration>,
    open: AtomicUsize,
    most: AtomicUsize,
}

/// The endpoint; it runs until the test ends.
pub struct Receiver {
    /// As in `http://127.0.0.1:40123`.
    pub base: String,
    shared: Arc<Shared>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Receiver {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::new(Shared::default());
        let all = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let all = Arc::clone(&all);
                std::thread::spawn(move || all.serve(&stream));
            }
        });
        Self { base, shared }
    }

    /// The next requests get these, as in `500 No`; those after them 200.
    pub fn answer_next(&self, answers: &[&'static str]) {
        lock(&self.shared.answers).extend(answers);
    }

    /// What every other request gets.
    pub fn answer(&self, usual: &'static str) {
        *lock(&self.shared.usual) = Some(usual);
    }

    /// How long each answer takes from now on.
    pub fn take_time(&self, pause: Duration) {
        *lock(&self.shared.pause) = pause;
    }

    /// How many requests were under way at once, at the most.
    pub fn most_at_once(&self) -> usize {
        self.shared.most.load(Ordering::SeqCst)
    }

    /// Everything so far.
    pub fn posted(&self) -> Vec<Posted> {
        lock(&self.shared.posted).clone()
    }

    /// Waits until there are so many, and gives them; panics if they do not come.
    #[track_caller]
    pub fn wait_for(&self, count: usize) -> Vec<Posted> {
        for _ in 0..300 {
            let posted = self.posted();
            if posted.len() >= count {
                return posted;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let kinds: Vec<String> = self.posted().iter().map(Posted::kind).collect();
        panic!("{count} were to come, and there are {}: {kinds:?}", kinds.len());
    }

    /// Waits for the event of a kind, and gives it.
    #[track_caller]
    pub fn wait_for_kind(&self, kind: &str) -> Posted {
        for _ in 0..300 {
            if let Some(found) = self.posted().into_iter().find(|posted| posted.kind() == kind) {
                return found;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let kinds: Vec<String> = self.posted().iter().map(Posted::kind).collect();
        panic!("{kind} did not come, only {kinds:?}");
    }
}

impl Shared {
    fn serve(&self, stream: &TcpStream) {
        let mut reader = BufReader::new(stream);
        while let Some(posted) = read(&mut reader) {
            let open = self.open.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(open, Ordering::SeqCst);
            let pause = *lock(&self.pause);
            std::thread::sleep(pause);
            lock(&self.posted).push(posted);
            let next = lock(&self.answers).pop_front();
            let answer = next.or(*lock(&self.usual)).unwrap_or("200 OK");
            self.open.fetch_sub(1, Ordering::SeqCst);
            let mut out = stream;
            let text = format!("HTTP/1.1 {answer}\r\ncontent-length: 0\r\nlocation: /elsewhere\r\n\r\n");
            if out.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    }
}

fn read(reader: &mut impl std::io::BufRead) -> Option<Posted> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let path = lines.first()?.split(' ').nth(1)?.to_owned();
    let split = |line: &String| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers: BTreeMap<String, String> = lines.iter().skip(1).filter_map(split).collect();
    let length: usize = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Posted { path, headers, body: String::from_utf8(body).ok()? })
}
