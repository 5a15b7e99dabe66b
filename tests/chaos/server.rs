//! The server is killed, frozen or deaf: who asked gets one run for one wish, and the board is not late.

use domain::Role;
use futures::{StreamExt, future::join_all};
use runboard_tests::{
    pause,
    proxy::Proxy,
    site::Site,
    web::{ServerProcess, client, create_run, token},
};
use rustix::process::Signal;
use serde_json::json;
use std::time::{Duration, Instant};

/// Forty wishes, ten at a time, each repeated until somebody answers.
async fn wishes(url: &str, token: &str) {
    let client = client();
    join_all((0..10).map(|hand| {
        let client = &client;
        async move {
            for turn in 0..4 {
                let body = json!({"template": "work", "params": {"seconds": "0.1"}});
                let (status, answer) = create_run(client, url, token, &format!("wish {hand} {turn}"), &body).await;
                assert!([200, 201].contains(&status), "{status} {answer}");
                pause(200).await;
            }
        }
    }))
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_and_restarted_takes_each_wish_once() {
    let site = Site::new().await;
    let token = token(&site, Role::Operator).await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    let server = ServerProcess::start(&site, site.db.url(), None).await;
    let url = server.url("/runs.create");
    let kill = async {
        pause(500).await;
        site.fault();
        let port = server.kill();
        pause(500).await;
        ServerProcess::start(&site, site.db.url(), Some(port)).await
    };
    let ((), _server) = futures::join!(wishes(&url, &token), kill);
    site.settle().await;
    let report = site.conclude("server killed and restarted", 40, watch).await;
    assert_eq!(report.outcomes, "success 40");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_freezes_and_wakes_takes_each_wish_once() {
    let site = Site::new().await;
    let token = token(&site, Role::Operator).await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    let server = ServerProcess::start(&site, site.db.url(), None).await;
    let url = server.url("/runs.create");
    site.enqueue("work", 20, 0.2).await;
    let freeze = async {
        pause(300).await;
        site.fault();
        server.signal(Signal::STOP);
        // Longer than a lease, and longer than callers wait before they ask again.
        pause(3500).await;
        assert_eq!(
            site.ask("select count(*) from public.runs where finished_at is null and idempotency_key is null")
                .await,
            "0",
            "workers need no server"
        );
        server.signal(Signal::CONT);
    };
    futures::join!(wishes(&url, &token), freeze);
    site.settle().await;
    let report = site.conclude("server frozen", 60, watch).await;
    assert_eq!(report.outcomes, "success 60");
}

/// What a viewer's stream says about the board from now on.
struct Board {
    chunks: std::pin::Pin<Box<dyn futures::Stream<Item = reqwest::Result<Vec<u8>>> + Send>>,
    text: String,
}

impl Board {
    async fn open(server: &ServerProcess, token: &str) -> Self {
        let _ = client();
        let answer = reqwest::Client::new()
            .get(server.url("/live?topics=board"))
            .bearer_auth(token)
            .send()
            .await
            .expect("a stream");
        Self {
            chunks: Box::pin(answer.bytes_stream().map(|chunk| chunk.map(|bytes| bytes.to_vec()))),
            text: String::new(),
        }
    }

    /// Waits until the stream has said `words`; answers how long that took.
    async fn until(&mut self, words: &str) -> Duration {
        let begun = Instant::now();
        while !self.text.contains(words) {
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.chunks.next())
                .await
                .unwrap_or_else(|_| panic!("{words} was not heard"))
                .expect("the stream goes on")
                .expect("the stream can be read");
            self.text.push_str(&String::from_utf8_lossy(&chunk));
        }
        begun.elapsed()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_shows_a_change_within_two_seconds_at_the_very_worst() {
    let site = Site::on_its_own_postgres("").await;
    let proxy = Proxy::to(site.cluster().port()).await;
    let token = token(&site, Role::Viewer).await;
    let watch = site.watch().await;
    let server = ServerProcess::start(&site, &proxy.through(site.db.url()), None).await;
    let mut board = Board::open(&server, &token).await;
    board.until("event: strip").await;
    while proxy.listener_count() < 1 {
        pause(20).await;
    }

    // It ends each run at once: of a long queue the board shows only the head.
    let _fleet = site.fleet(1);
    // From here on no hint arrives; at first the server does not even know.
    site.fault();
    proxy.silence_listeners();
    let cut = Instant::now();
    let (mut worst, mut runs) = (Duration::ZERO, 0);
    while proxy.listener_count() < 2 {
        assert!(cut.elapsed() < Duration::from_secs(15), "the dead line was not noticed");
        // At another place of the server's beat each time.
        pause(130 * (runs % 7)).await;
        let run = site
            .ask(r#"select public.enqueue_run('{"template": "work", "params": {"seconds": "0"}}') ->> 'run_id'"#)
            .await;
        runs += 1;
        worst = worst.max(board.until(&run).await);
    }
    println!(
        "board without hints: {runs} changes, the latest shown after {:.2} s",
        worst.as_secs_f32()
    );
    assert!(worst <= Duration::from_secs(2), "a change was shown after {worst:?}");

    site.settle().await;
    let runs = usize::try_from(runs).expect("a few runs");
    site.conclude("listener of the server cut", runs, watch).await;
}
