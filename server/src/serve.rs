//! Opening everything, serving it, and closing it in order.

use crate::admin;
use crate::app::{App, Shared, parse_public_url};
use crate::auth::Met;
use crate::calling::Caller;
use crate::config::Serve;
use crate::connections::Door;
use crate::error::Error;
use crate::hash::Keyed;
use crate::installations::Installations;
use crate::limit::Limits;
use crate::live::{self, Live};
use crate::metrics::Metrics;
use crate::routes;
use crate::routes::embed::Boards;
use crate::seeing::Noticed;
use crate::setup::{self, NewVendor, Wish};
use crate::store::{Database, Store};
use crate::used_keys::UsedKeys;
use crate::work;
use crate::world::World;
use axum::serve::ListenerExt as _;
use std::net::SocketAddr;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

/// How long requests under way may take once the server was asked to stop.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the server until it is told to stop.
pub async fn run(config: Serve) -> Result<(), Error> {
    let database = Database::parse(&config.storage.database);
    let store = Store::with_room(&database, config.storage.durability, config.queue)?;
    let listener = TcpListener::bind(config.listen).await.map_err(|e| {
        Error::internal(format!("cannot listen on {}: {e}; choose another with --listen", config.listen))
    })?;
    let address = listener.local_addr().map_err(|e| Error::internal(e.to_string()))?;
    let public_url =
        parse_public_url(&config.public_url.clone().unwrap_or_else(|| format!("http://{address}")))?;
    if let Some(made) = first_start(&store, &config).await? {
        admin::print_vendor(&made);
    }
    store.write(|tx| Ok(tx.mend_weeks()?)).await?;
    let token_key = store.write(|tx| Ok(tx.setting("token_key", &World.secret(""))?)).await?;
    let (limits, hashing) = (Limits::new(config.rate_limit), Semaphore::new(2));
    let (salt, met) = (RwLock::default(), Met::default());
    let metrics = Metrics::default();
    let caller = Caller::new(config.local_webhooks)?;
    let app = Arc::new(App {
        store,
        world: World,
        config,
        public_url,
        visitors: Keyed::new(&token_key),
        token_key,
        limits,
        metrics,
        met,
        caller,
        installations: Installations::default(),
        used_keys: UsedKeys::default(),
        noticed: Noticed::default(),
        boards: Boards::default(),
        live: Live::default(),
        hashing,
        salt,
    });
    serve(app, listener, address).await
}

async fn serve(app: Shared, listener: TcpListener, address: SocketAddr) -> Result<(), Error> {
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(work::run(Arc::clone(&app), stopped.clone()));
    let sender = tokio::spawn(work::webhooks::run(Arc::clone(&app), stopped.clone()));
    let watcher = tokio::spawn(live::run(Arc::clone(&app), stopped));
    tracing::info!(%address, public_url = app.public_url, database = kind(&app), "listening");
    hear_of_full_quotas();
    // Whoever reads the line below may ask at once.
    let asked = asked_to_stop();
    announce(&format!("Goodword is listening on http://{address}"));
    let service = routes::all(Arc::clone(&app));
    let mut stopping = stop.subscribe();
    let asked = async move {
        asked.await;
        tracing::info!("stopping");
        stop.send_replace(true);
    };
    // `tap_io` is what lets a listener of our own tell the peer's address.
    let listener = Door::new(listener, app.config.connections).tap_io(|_| {});
    let served = axum::serve(listener, service).with_graceful_shutdown(asked).into_future();
    let too_long = async {
        drop(stopping.wait_for(|stop| *stop).await);
        tokio::time::sleep(PATIENCE).await;
    };
    let served = tokio::select! { served = served => served, () = too_long => Ok(()) };
    for work in [worker, sender, watcher] {
        if let Err(error) = work.await {
            tracing::error!(%error, "the background work had failed");
        }
    }
    if let Some(app) = Arc::into_inner(app) {
        app.store.close();
    }
    served.map_err(|e| Error::internal(e.to_string()))
}

/// Which database, without its password.
fn kind(app: &App) -> &'static str {
    match Database::parse(&app.config.storage.database) {
        Database::Sqlite(_) => "SQLite",
        Database::Postgres(_) => "PostgreSQL",
    }
}

#[expect(clippy::print_stdout, reason = "whoever started the server waits for this line")]
fn announce(line: &str) {
    println!("{line}");
}

/// On an empty database: a vendor to begin with.
async fn first_start(store: &Store, config: &Serve) -> Result<Option<NewVendor>, Error> {
    let wish = Wish {
        name: config.vendor_name.clone(),
        email: config.owner_email.clone(),
        password: None,
        origins: Vec::new(),
    };
    let made = store.write(move |tx| {
        if tx.vendors()?.is_empty() {
            setup::create_vendor(tx, World, &wish, World.now()).map(Some)
        } else {
            Ok(None)
        }
    });
    made.await
}

/// A file that has reached the limit set for it (`ulimit -f`) is an error of the write like any other, not the end of the
/// process.
fn hear_of_full_quotas() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        /// SIGXFSZ, on nearly every system.
        const TOO_LARGE: i32 = 25;
        // Whoever listens has replaced what the system would do; it stays so when the listener is gone.
        if let Err(error) = signal(SignalKind::from_raw(TOO_LARGE)) {
            tracing::warn!(%error, "a limit on the size of files would end the process");
        }
    }
}

/// Listens from now on for Ctrl-C or a request to terminate; what it gives resolves when one comes.
fn asked_to_stop() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let asked = {
        use tokio::signal::unix::{SignalKind, signal};
        [SignalKind::interrupt(), SignalKind::terminate()].map(signal)
    };
    async move {
        #[cfg(unix)]
        if let [Ok(mut interrupt), Ok(mut terminate)] = asked {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            return;
        }
        drop(tokio::signal::ctrl_c().await);
    }
}
