//! What Prometheus is told of the server, and who may ask.

use crate::app::{App, Shared};
use crate::config::Audience;
use crate::error::Error;
use crate::meter::{Counter, Exposition, Histogram, Unit};
use crate::store::WebhookQueue;
use crate::work::Step;
use crate::world::World;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

/// The meters of the server; the store keeps its own.
#[derive(Debug, Default)]
pub struct Metrics {
    /// By the route's pattern: there are as many as there are routes.
    routes: RwLock<BTreeMap<String, Arc<Route>>>,
    pub release: Job,
    pub mail: Job,
    pub calls: Calls,
}

/// How long answers of a route took, by the first digit of their status.
#[derive(Debug, Default)]
pub struct Route([Histogram; 5]);

/// What came of a background job's steps.
#[derive(Debug, Default)]
pub struct Job {
    steps: Counter,
    failures: Counter,
}

/// What came of attempts to tell endpoints of events.
#[derive(Debug, Default)]
pub struct Calls {
    /// Taken by the endpoint.
    delivered: Counter,
    /// Answered by another status than 2xx.
    refused: Counter,
    /// Not answered at all.
    unreachable: Counter,
    /// Deliveries whose last attempt failed.
    given_up: Counter,
    /// Endpoints that were disabled.
    disabled: Counter,
}

impl Calls {
    /// Counts an attempt by the status that came back, and whether it was the last of its delivery.
    pub fn count(&self, code: Option<u16>, is_given_up: bool) {
        match code {
            Some(200..=299) => self.delivered.add_one(),
            Some(_) => self.refused.add_one(),
            None => self.unreachable.add_one(),
        }
        if is_given_up {
            self.given_up.add_one();
        }
    }

    /// Counts an endpoint that hears nothing any more.
    pub fn count_disabled(&self) {
        self.disabled.add_one();
    }
}

impl Job {
    /// Counts a step that did something, or failed.
    pub fn count(&self, outcome: &Result<Step, Error>) {
        match outcome {
            Ok(Step::Done) => self.steps.add_one(),
            Ok(Step::Idle) => {}
            Err(_) => self.failures.add_one(),
        }
    }
}

impl Metrics {
    fn route(&self, pattern: &str) -> Arc<Route> {
        let known = self.routes.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
        known.unwrap_or_else(|| {
            let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(routes.entry(pattern.to_owned()).or_default())
        })
    }
}

/// A request under way. One that is dropped before it is answered, at its time limit or because the caller left, counts
/// as a failure.
pub struct UnderWay {
    route: Arc<Route>,
    begun: Instant,
    status: StatusCode,
}

impl UnderWay {
    /// One of a route, by its pattern.
    pub fn begin(metrics: &Metrics, pattern: &str) -> Self {
        let (route, begun) = (metrics.route(pattern), World.stopwatch());
        Self { route, begun, status: StatusCode::SERVICE_UNAVAILABLE }
    }

    /// Its answer is there.
    pub fn ends(mut self, status: StatusCode) {
        self.status = status;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let class = usize::from(self.status.as_u16() / 100).clamp(1, 5);
        self.route.0[class - 1].record_since(self.begun);
    }
}

/// The layer that measures each route.
pub async fn measure(
    State(app): State<Shared>,
    route: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let under_way = UnderWay::begin(&app.metrics, route.as_str());
    let response = next.run(request).await;
    under_way.ends(response.status());
    response
}

/// `GET /metrics`
pub async fn show(
    State(app): State<Shared>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let forwarded =
        ["x-forwarded-for", "x-real-ip", "forwarded", "via"].iter().any(|name| headers.contains_key(*name));
    let local = from.ip().to_canonical().is_loopback() && !forwarded;
    if app.config.metrics != Some(Audience::Anyone) && !local {
        return Err(Error::NotFound("The metrics are told on the server's own machine alone.".into()));
    }
    let now = app.world.now();
    // The rest is told also while the database does not answer.
    let queue = app.store.read(move |tx| Ok(tx.webhook_queue(now)?)).await.ok();
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    Ok((kind, exposition(&app, queue)).into_response())
}

fn exposition(app: &App, queue: Option<WebhookQueue>) -> String {
    let mut text = Exposition::default();
    requests(&mut text, &app.metrics);
    database(&mut text, app);
    jobs(&mut text, &app.metrics);
    calls(&mut text, &app.metrics.calls);
    if let Some(queue) = queue {
        waiting(&mut text, &queue);
    }
    if let Some(bytes) = resident_bytes() {
        text.family("process_resident_memory_bytes", "gauge", "Resident memory of the process.");
        text.number("process_resident_memory_bytes", "", bytes);
    }
    text.into_text()
}

fn requests(text: &mut Exposition, metrics: &Metrics) {
    let name = "goodword_request_duration_seconds";
    text.family(name, "histogram", "How long requests took, by route and class of status.");
    let routes = metrics.routes.read().unwrap_or_else(PoisonError::into_inner);
    for (route, classes) in routes.iter() {
        for (class, histogram) in classes.0.iter().enumerate().filter(|(_, h)| h.count() > 0) {
            let labels = format!("route=\"{route}\",status=\"{}xx\"", class + 1);
            text.histogram(name, &labels, Unit::Micros, histogram);
        }
    }
}

fn database(text: &mut Exposition, app: &App) {
    let meters = app.store.meters();
    let name = "goodword_commit_writes";
    text.family(name, "histogram", "How many writes shared a commit.");
    text.histogram(name, "", Unit::One, &meters.commit_size);
    for (name, help, histogram) in [
        ("goodword_commit_duration_seconds", "How long commits took.", &meters.commits),
        (
            "goodword_write_duration_seconds",
            "How long writing transactions took, with their commits.",
            &meters.writes,
        ),
        ("goodword_read_duration_seconds", "How long reading transactions took.", &meters.reads),
    ] {
        text.family(name, "histogram", help);
        text.histogram(name, "", Unit::Micros, histogram);
    }
    let name = "goodword_queue_depth";
    text.family(name, "gauge", "How many requests wait for the database.");
    for (kind, depth) in ["reads", "writes"].into_iter().zip(app.store.waiting()) {
        text.number(name, &format!("{{kind=\"{kind}\"}}"), depth as u64);
    }
    let name = "goodword_queue_refusals_total";
    text.family(name, "counter", "Requests refused because too many waited.");
    text.number(name, "", meters.refused.get());
}

fn jobs(text: &mut Exposition, metrics: &Metrics) {
    let jobs = [("release", &metrics.release), ("mail", &metrics.mail)];
    for (name, help, count) in [
        (
            "goodword_job_steps_total",
            "Steps of background jobs that did something.",
            (|job| &job.steps) as fn(&Job) -> &Counter,
        ),
        ("goodword_job_failures_total", "Steps of background jobs that failed.", |job| &job.failures),
    ] {
        text.family(name, "counter", help);
        for (job, counts) in jobs {
            text.number(name, &format!("{{job=\"{job}\"}}"), count(counts).get());
        }
    }
}

fn calls(text: &mut Exposition, calls: &Calls) {
    let name = "goodword_webhook_attempts_total";
    text.family(name, "counter", "Attempts to tell endpoints of events, by what came back.");
    for (outcome, counter) in
        [("delivered", &calls.delivered), ("refused", &calls.refused), ("unreachable", &calls.unreachable)]
    {
        text.number(name, &format!("{{outcome=\"{outcome}\"}}"), counter.get());
    }
    for (name, help, counter) in [
        ("goodword_webhook_given_up_total", "Deliveries whose last attempt failed.", &calls.given_up),
        ("goodword_webhook_disabled_total", "Endpoints that were disabled for failing.", &calls.disabled),
    ] {
        text.family(name, "counter", help);
        text.number(name, "", counter.get());
    }
}

fn waiting(text: &mut Exposition, queue: &WebhookQueue) {
    for (name, help, number) in [
        ("goodword_outbox_events", "Events nobody has been told of yet.", queue.events),
        ("goodword_webhook_deliveries", "Deliveries that wait for their next attempt.", queue.deliveries),
    ] {
        text.family(name, "gauge", help);
        text.number(name, "", number);
    }
    for (name, help, milliseconds) in [
        ("goodword_outbox_age_seconds", "Age of the oldest event nobody has been told of.", queue.event_age),
        (
            "goodword_webhook_lag_seconds",
            "For how long the delivery that has waited longest is overdue.",
            queue.overdue,
        ),
    ] {
        text.family(name, "gauge", help);
        text.seconds(name, milliseconds);
    }
}

/// The memory the process holds, where the system tells.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a request pays for being measured.
    #[test]
    fn measuring_a_request_is_cheap() {
        let (metrics, rounds) = (Metrics::default(), 100_000);
        for route in 0..40 {
            metrics.route(&format!("/v1/other/{route}"));
        }
        let begun = World.stopwatch();
        for _ in 0..rounds {
            UnderWay::begin(&metrics, "/r/{key}").ends(StatusCode::FOUND);
        }
        let each = begun.elapsed() / rounds;
        println!("{each:?} each");
        assert_eq!(metrics.route("/r/{key}").0[2].count(), u64::from(rounds));
        assert!(each.as_micros() < 20, "{each:?} each, in a build without optimisation");
    }
}
