//! Stopping in order.

use crate::{client::TestServer, live::Stream};
use domain::Role;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_stop_says_goodbye_to_listeners_and_frees_the_port() {
    let server = TestServer::start().await;
    let token = server.token(Role::Viewer).await;
    let mut stream = Stream::open(&server, &token, "topics=board").await;
    stream.until("hello").await;
    let (address, begun) = (server.handle.addr(), Instant::now());
    let stopping = tokio::spawn(server.handle.stop());
    let bye = stream.until("bye").await;
    assert_eq!(bye.data["retry_ms"], 1000);
    assert!(stream.next().await.is_none(), "the stream ends after bye");
    stopping.await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(std::net::TcpListener::bind(address).is_ok());
}
