//! A run that prints without end: it is cut short in the middle, and the others do not suffer.

use runboard_tests::site::Site;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_log_flood_is_bounded_and_drowns_nobody() {
    let site = Site::new().await;
    site.template(
        "flood",
        json!([{"id": "flood", "kind": "shell", "with": {
            "script": "echo the first line; yes 'all work and no play makes a long log' | head -c 60000000; echo the last line"}}]),
        json!({}),
    )
    .await;
    let watch = site.watch().await;
    let _fleet = site.fleet(2);
    site.enqueue("flood", 2, 0.0).await;
    site.enqueue("work", 30, 0.05).await;
    site.settle().await;
    let report = site.conclude("log flood of 120 MB", 32, watch).await;
    assert_eq!(report.outcomes, "success 32");
    let kept = site
        .ask(
            "select max(bytes) from (select sum(octet_length(c.lines)) as bytes from public.run_log_chunks as c
             join public.runs as r on r.run_id = c.run_id where r.template_slug = 'flood' group by c.run_id) as t",
        )
        .await;
    assert!(
        kept.parse::<u64>().expect("bytes") < 12_000_000,
        "{kept} bytes were kept"
    );
    assert_eq!(
        site.ask(
            "select count(distinct run_id) from public.run_log_chunks where lines like '%the first line%'
             and run_id in (select run_id from public.run_log_chunks where lines like '%the last line%')"
        )
        .await,
        "2",
        "both ends are kept"
    );
}
