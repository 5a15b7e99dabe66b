//! The listener against a real Postgres, and against a proxy that goes silent.

use super::*;
use std::future;
use testkit::TestDb;
use tokio::{
    io,
    net::{TcpListener, TcpStream},
    sync::watch,
};

fn quick(url: &str) -> ListenerConfig {
    ListenerConfig {
        ping_every: Duration::from_millis(200),
        deadline: Duration::from_millis(200),
        first_backoff: Duration::from_millis(20),
        backoff_cap: Duration::from_millis(100),
        ..ListenerConfig::new(url)
    }
}

async fn next(listener: &mut Listener) -> Signal {
    time::timeout(Duration::from_secs(10), listener.next())
        .await
        .expect("a signal in time")
        .expect("it listens")
}

const SAY: &str = r#"select pg_notify('runboard', '{"t":"lane","lanes":["A"]}')"#;

fn said() -> Signal {
    Signal::Hint(Hint::Lane {
        lanes: Names::These(vec!["A".to_owned()]),
    })
}

#[tokio::test]
async fn a_listener_whose_backend_is_killed_says_so_and_hears_again() {
    let db = TestDb::new().await;
    let mut listener = Listener::start(quick(db.url())).unwrap();
    assert_eq!(next(&mut listener).await, Signal::Resync);
    db.execute(SAY).await;
    assert_eq!(next(&mut listener).await, said());

    let killed = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and application_name = 'runboard listener'";
    assert_eq!(db.value(killed).await, "1");

    assert_eq!(next(&mut listener).await, Signal::Degraded);
    assert_eq!(next(&mut listener).await, Signal::Resync);
    db.execute(SAY).await;
    assert_eq!(next(&mut listener).await, said());
}

#[tokio::test]
async fn a_half_open_connection_is_noticed_by_its_silence() {
    let db = TestDb::new().await;
    let (flow, flowing) = watch::channel(true);
    let port = proxy(port_of(db.url()), flowing).await;
    let through_proxy = db.url().replacen(&port_of(db.url()).to_string(), &port.to_string(), 1);
    let mut listener = Listener::start(quick(&through_proxy)).unwrap();
    assert_eq!(next(&mut listener).await, Signal::Resync);

    flow.send_replace(false);
    assert_eq!(next(&mut listener).await, Signal::Degraded);

    flow.send_replace(true);
    assert_eq!(next(&mut listener).await, Signal::Resync);
    db.execute(SAY).await;
    assert_eq!(next(&mut listener).await, said());
}

#[test]
fn a_slow_reader_gets_one_resync_for_what_it_missed() {
    let config = quick("postgres://nobody@127.0.0.1:1/none");
    let (postgres, tls) = tls::read_address(&config.url).unwrap();
    let (sender, mut reader) = mpsc::channel(1);
    let connection = Connection {
        config,
        postgres,
        tls,
        signals: sender,
        owes_resync: AtomicBool::new(false),
    };
    for _ in 0..3 {
        connection.tell(said()).unwrap();
    }
    assert_eq!(reader.try_recv(), Ok(said()));
    connection.tell(said()).unwrap();
    assert_eq!(reader.try_recv(), Ok(Signal::Resync));
    connection.tell(said()).unwrap();
    assert_eq!(reader.try_recv(), Ok(said()));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_said_once() {
    let mut listener = Listener::start(quick("postgres://nobody@127.0.0.1:1/none")).unwrap();
    assert_eq!(next(&mut listener).await, Signal::Degraded);
    assert!(
        time::timeout(Duration::from_millis(300), listener.next())
            .await
            .is_err()
    );
}

/// The port in `scheme://user@host:port/…`.
fn port_of(url: &str) -> u16 {
    let server = url.split('/').nth(2).unwrap();
    server.rsplit(':').next().unwrap().parse().unwrap()
}

/// Forwards to `target` while `flowing`; while not, it keeps connections open and says nothing.
async fn proxy(target: u16, flowing: watch::Receiver<bool>) -> u16 {
    let door = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = door.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (inside, _) = door.accept().await.unwrap();
            let mut flowing = flowing.clone();
            if !*flowing.borrow() {
                kept.push(inside);
                continue;
            }
            tokio::spawn(async move {
                let mut inside = inside;
                let mut outside = TcpStream::connect(("127.0.0.1", target)).await.unwrap();
                tokio::select! {
                    _ = io::copy_bidirectional(&mut inside, &mut outside) => return,
                    _ = flowing.wait_for(|flowing| !flowing) => {}
                }
                // Half-open: both sockets live, nothing moves.
                future::pending::<()>().await;
                drop((inside, outside));
            });
        }
    });
    port
}
