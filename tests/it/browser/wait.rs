//! Waiting: nobody sleeps for a fixed time, everybody asks until it is so or too late.

use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long something may take on a busy machine before a test calls it broken.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How often one asks.
const STEP: Duration = Duration::from_millis(25);

/// Asks until there is an answer; none when the time is over.
pub async fn until<T>(limit: Duration, mut ask: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask().await {
            return Some(answer);
        }
        if start.elapsed() > limit {
            return None;
        }
        sleep(STEP).await;
    }
}
