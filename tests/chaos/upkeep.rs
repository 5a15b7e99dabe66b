//! What servers and workers do for operators goes on when the other side fails in the middle of it.

use domain::Role;
use runboard_tests::{
    fleet::Launch,
    pause,
    site::Site,
    web::{ServerProcess, client, token},
};
use rustix::process::Signal;
use serde_json::json;
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// Runs that a bulk operation starts again.
const ITEMS: usize = 1500;

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_operation_whose_worker_is_killed_in_the_middle_does_each_item_once() {
    let site = Site::new().await;
    let watch = site.watch().await;
    site.db.execute("select public.pause_lane('B')").await;
    site.enqueue("work", ITEMS, 0.0).await;
    site.db
        .execute("select count(public.cancel_run(run_id, 'enough')) from public.runs")
        .await;
    site.db
        .execute(
            "select public.create_bulk(jsonb_build_object('verb', 'rerun', 'changes', '{\"priority\": 7}'::jsonb,
               'run_ids', (select jsonb_agg(run_id) from public.runs)))",
        )
        .await;
    let mut victim = site.worker(&Launch::named("victim"));
    site.until(
        "select done_count > 0 from public.bulk_operations where finished_at is null",
        "true",
    )
    .await;
    site.fault();
    victim.signal(Signal::KILL);
    victim.wait();
    let left = "select preview_count - done_count from public.bulk_operations";
    assert_ne!(site.ask(left).await, "0", "it was killed in the middle");
    let _heir = site.worker(&Launch::named("heir"));
    site.until("select status from public.bulk_operations", "success").await;
    let counts = "select concat_ws(' ', done_count, skipped_count, failed_count) from public.bulk_operations";
    assert_eq!(site.ask(counts).await, format!("{ITEMS} 0 0"));
    let made = "select concat_ws(' ', count(*), count(distinct r.parent_run_id), count(i.run_id))
        from public.runs as r left join runboard_internal.bulk_items as i on i.new_run_id = r.run_id and i.run_id = r.parent_run_id
        where r.priority = 7";
    assert_eq!(site.ask(made).await, format!("{ITEMS} {ITEMS} {ITEMS}"));
    site.db
        .execute("select count(public.cancel_run(run_id)) from public.runs where finished_at is null and template_slug is not null")
        .await;
    site.settle().await;
    let report = site.conclude("a bulk operation is killed", 2 * ITEMS + 1, watch).await;
    assert_eq!(report.lost_attempts, 1, "{report}");
}

/// A receiver on a free port; `answers` or takes what comes and says nothing. Tells how many came.
fn receiver(answers: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let url = format!("http://{}/hook", listener.local_addr().expect("a bound address"));
    let heard = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&heard);
    std::thread::spawn(move || {
        let mut silent = Vec::new();
        while let Ok((mut stream, _)) = listener.accept() {
            count.fetch_add(1, Ordering::SeqCst);
            if answers {
                let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
                let mut rest = [0; 4096];
                while stream.read(&mut rest).is_ok_and(|read| read > 0) {}
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
            } else {
                silent.push(stream);
            }
        }
    });
    (url, heard)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_hangs_holds_up_no_other_and_no_round() {
    let site = Site::new().await;
    let token = token(&site, Role::Admin).await;
    let server = ServerProcess::start(&site, site.db.url(), None).await;
    let ((deaf, hung), (good, heard)) = (receiver(false), receiver(true));
    for (name, url) in [("deaf", &deaf), ("good", &good)] {
        let answer = client()
            .post(server.url("/api/alert-channels"))
            .bearer_auth(&token)
            .json(&json!({"name": name, "url": url, "secret": "a secret of the channel"}))
            .send()
            .await
            .expect("the server answers");
        assert_eq!(answer.status().as_u16(), 201);
    }
    // Far more for the deaf one than are ever sent at once.
    let queue = |channel: &str, count: usize| {
        format!(
            "insert into public.alert_deliveries (channel_id, event, body, created_at, next_try_at)
             select channel_id, 'test', '{{\"text\": \"Hello.\"}}', clock_timestamp(), clock_timestamp()
             from public.alert_channels, generate_series(1, {count}) where name = '{channel}'"
        )
    };
    site.db.execute(&queue("deaf", 200)).await;
    pause(3000).await;
    assert!(hung.load(Ordering::SeqCst) >= 2, "the deaf one is called");
    site.db.execute(&queue("good", 4)).await;
    let delivered =
        "select count(*) from public.alert_deliveries as d join public.alert_channels as c using (channel_id)
        where c.name = 'good' and d.delivered_at is not null";
    // Sooner than one call to the deaf one is given up.
    site.until_within(delivered, "4", Duration::from_secs(9)).await;
    assert_eq!(heard.load(Ordering::SeqCst), 4);
    // The rounds go on: a schedule starts its run meanwhile.
    site.db
        .execute(r#"select public.save_schedule('{"name": "now", "action": "test.noop", "cron": "* * * * *", "enabled": true}');
            update public.schedules set next_at = clock_timestamp() where name = 'now'"#)
        .await;
    site.until_within(
        "select count(*) from public.schedule_ticks",
        "1",
        Duration::from_secs(8),
    )
    .await;
}
