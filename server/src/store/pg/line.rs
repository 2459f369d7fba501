//! A connection to PostgreSQL, for a thread that waits. What gives no rows is not waited for: it goes out with the next
//! question, so that a transaction crosses the network a few times and not once for each of its statements.

use bytes::BytesMut;
use std::error::Error as StdError;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config, Error, NoTls, Row, Statement};

/// A statement that was posted, until it is answered.
type Posted = Pin<Box<dyn Future<Output = Result<u64, Error>> + Send>>;

pub(super) struct Line {
    client: Arc<Client>,
    posted: Vec<Posted>,
    /// Moves the bytes while somebody waits for an answer, and only then.
    runtime: Runtime,
}

/// What moves the bytes of a line.
pub(super) fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

impl Line {
    /// The runtime is the line's alone; see [`runtime`].
    pub(super) fn connect(settings: &Config, runtime: Runtime) -> Result<Self, Error> {
        let (client, connection) = runtime.block_on(settings.connect(NoTls))?;
        // Why a connection ended is heard by whoever asks next.
        runtime.spawn(async { drop(connection.await) });
        Ok(Self { client: Arc::new(client), posted: Vec::new(), runtime })
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Sends a statement without waiting. That it failed is told to whoever asks next.
    pub(super) fn post(
        &mut self,
        statement: &Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<(), Error> {
        let (client, statement) = (Arc::clone(&self.client), statement.clone());
        let params: Vec<Encoded> =
            params.iter().zip(statement.params()).map(|(param, ty)| Encoded::new(*param, ty)).collect();
        let mut posted: Posted = Box::pin(async move { client.execute_raw(&statement, params).await });
        // The first poll hands it to the connection, before whatever is asked later.
        match posted.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => answer.map(drop),
            Poll::Pending => {
                self.posted.push(posted);
                Ok(())
            }
        }
    }

    /// Takes no more interest in what was posted: it will be undone.
    pub(super) fn forget(&mut self) {
        self.posted.clear();
    }

    pub(super) fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        let client = Arc::clone(&self.client);
        self.ask(async { client.prepare(sql).await })
    }

    pub(super) fn query(
        &mut self,
        statement: &Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, Error> {
        let client = Arc::clone(&self.client);
        self.ask(async { client.query(statement, params).await })
    }

    pub(super) fn execute(
        &mut self,
        statement: &Statement,
        params: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Error> {
        let client = Arc::clone(&self.client);
        self.ask(async { client.execute(statement, params).await })
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let client = Arc::clone(&self.client);
        self.ask(async { client.batch_execute(sql).await })
    }

    /// Waits for an answer, and for those to what was posted before. The first that failed is why the others did: a commit
    /// after it undoes, and does not say so.
    fn ask<T>(&mut self, question: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let posted = mem::take(&mut self.posted);
        self.runtime.block_on(async {
            let answer = question.await;
            for earlier in posted {
                earlier.await?;
            }
            answer
        })
    }
}

/// A parameter as it goes over the network; it need not live as long as what it was made of.
#[derive(Debug)]
struct Encoded(Result<Option<BytesMut>, String>);

impl Encoded {
    fn new(param: &dyn ToSql, ty: &Type) -> Self {
        let mut bytes = BytesMut::new();
        Self(match param.to_sql_checked(ty, &mut bytes) {
            Ok(IsNull::No) => Ok(Some(bytes)),
            Ok(IsNull::Yes) => Ok(None),
            Err(error) => Err(error.to_string()),
        })
    }
}

impl ToSql for Encoded {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match &self.0 {
            Ok(Some(bytes)) => {
                out.extend_from_slice(bytes);
                Ok(IsNull::No)
            }
            Ok(None) => Ok(IsNull::Yes),
            Err(error) => Err(error.clone().into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
