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
use tokio_postgres::{Client, Config, Error, NoTls, Row, SimpleQueryMessage, Statement};

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
        self.post_encoded(statement, Encoded::all(params, statement))
    }

    pub(super) fn post_encoded(&mut self, statement: &Statement, params: Vec<Encoded>) -> Result<(), Error> {
        let (client, statement) = (Arc::clone(&self.client), statement.clone());
        self.hand_over(Box::pin(async move { client.execute_raw(&statement, params).await }))
    }

    /// The same of statements without parameters.
    pub(super) fn post_batch(&mut self, sql: &str) -> Result<(), Error> {
        let (client, sql) = (Arc::clone(&self.client), sql.to_owned());
        self.hand_over(Box::pin(async move { client.batch_execute(&sql).await.map(|()| 0) }))
    }

    /// The same of what may as well be left undone: that it failed is nobody's business. Whether there is a connection is seen by the
    /// next question.
    pub(super) fn post_trifle(&mut self, sql: &'static str) {
        let client = Arc::clone(&self.client);
        drop(
            self.hand_over(Box::pin(
                async move { client.batch_execute(sql).await.map_or(Ok(0), |()| Ok(0)) },
            )),
        );
    }

    /// The first poll hands it to the connection, before whatever is asked later.
    fn hand_over(&mut self, mut posted: Posted) -> Result<(), Error> {
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

    pub(super) fn execute_encoded(
        &mut self,
        statement: &Statement,
        params: Vec<Encoded>,
    ) -> Result<u64, Error> {
        let client = Arc::clone(&self.client);
        self.ask(async { client.execute_raw(statement, params).await })
    }

    pub(super) fn batch(&mut self, sql: &str) -> Result<(), Error> {
        let client = Arc::clone(&self.client);
        self.ask(async { client.batch_execute(sql).await })
    }

    /// Runs statements, and tells the number the last of them gives, if it gives one.
    pub(super) fn batch_for_number(&mut self, sql: &str) -> Result<Option<i64>, Error> {
        let client = Arc::clone(&self.client);
        let messages = self.ask(async { client.simple_query(sql).await })?;
        let last = messages.iter().rev().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => row.get(0),
            _ => None,
        });
        Ok(last.and_then(|text| text.parse().ok()))
    }

    /// Waits for an answer, and for those to what was posted before. The first that failed is why the others did: a commit
    /// after it undoes, and does not say so.
    ///
    /// The earlier answers are taken while the later one is waited for: the connection holds two pieces of an answer nobody
    /// takes and then reads no further, and an error may come in more.
    fn ask<T>(&mut self, question: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let posted = mem::take(&mut self.posted);
        let earlier = async {
            for answer in posted {
                answer.await?;
            }
            Ok(())
        };
        let (earlier, answer): (Result<(), Error>, _) =
            self.runtime.block_on(async { tokio::join!(earlier, question) });
        earlier.and(answer)
    }
}

/// A parameter as it goes over the network; it need not live as long as what it was made of.
#[derive(Debug)]
pub(super) struct Encoded(Result<Option<BytesMut>, String>);

impl Encoded {
    pub(super) fn new(param: &dyn ToSql, ty: &Type) -> Self {
        let mut bytes = BytesMut::new();
        Self(match param.to_sql_checked(ty, &mut bytes) {
            Ok(IsNull::No) => Ok(Some(bytes)),
            Ok(IsNull::Yes) => Ok(None),
            Err(error) => Err(error.to_string()),
        })
    }

    /// All of a statement's.
    pub(super) fn all(params: &[&(dyn ToSql + Sync)], statement: &Statement) -> Vec<Self> {
        params.iter().zip(statement.params()).map(|(param, ty)| Self::new(*param, ty)).collect()
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    const READY: &[u8] = b"Z\0\0\0\x05I";
    const DONE: &[u8] = b"C\0\0\0\x0dINSERT 0\0";

    /// Reads what the client says up to and with a message of this kind.
    fn hear(socket: &mut TcpStream, kind: u8) {
        loop {
            let mut head = [0; 5];
            socket.read_exact(&mut head).unwrap();
            let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
            let mut rest = vec![0; length as usize - 4];
            socket.read_exact(&mut rest).unwrap();
            if head[0] == kind {
                return;
            }
        }
    }

    /// Says each piece so long after the one before that it is read by itself.
    fn say(socket: &mut TcpStream, pieces: &[&[u8]]) {
        for piece in pieces {
            socket.write_all(piece).unwrap();
            thread::sleep(Duration::from_millis(30));
        }
    }

    /// As PostgreSQL does: lets a client in, prepares one statement, and answers one that was posted in pieces.
    fn in_pieces(listener: &TcpListener) {
        let (mut socket, _) = listener.accept().unwrap();
        socket.set_nodelay(true).unwrap();
        let mut length = [0; 4];
        socket.read_exact(&mut length).unwrap();
        socket.read_exact(&mut vec![0; u32::from_be_bytes(length) as usize - 4]).unwrap();
        say(&mut socket, &[b"R\0\0\0\x08\0\0\0\0", READY]);
        hear(&mut socket, b'S');
        say(&mut socket, &[b"1\0\0\0\x04t\0\0\0\x06\0\0n\0\0\0\x04", READY]);
        hear(&mut socket, b'Q');
        say(&mut socket, &[b"2\0\0\0\x04", DONE, READY, DONE, READY]);
    }

    #[test]
    fn an_earlier_answer_in_many_pieces_holds_up_no_later_one() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || in_pieces(&listener));
        let (told, heard) = mpsc::channel();
        thread::spawn(move || {
            let url = format!("postgres://me@127.0.0.1:{}/it?sslmode=disable", address.port());
            let mut line = Line::connect(&url.parse().unwrap(), runtime().unwrap()).unwrap();
            let statement = line.prepare("insert").unwrap();
            line.post(&statement, &[]).unwrap();
            told.send(line.batch("commit")).unwrap();
        });
        heard.recv_timeout(Duration::from_secs(10)).expect("it waits for ever").unwrap();
    }
}
