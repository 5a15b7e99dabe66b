// The installation of the pictures: a small place with an hour behind it, people, schedules, files, and later troubles.
import { chromium } from "@playwright/test";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { until } from "../../../script/parts/processes.mjs";
import config from "../playwright.config.mjs";
import { api, command, scene as currentScene, signInState, sql, startServer, startWorker } from "./scene.mjs";

/** Starts it; resolves to the scene, what its pages are called by, and the processes to stop. */
export async function openExhibit() {
  const directory = fs.mkdtempSync(path.join(currentScene().directory, "exhibit-"));
  // Postgres runs as another user when the tests run as root.
  fs.chmodSync(directory, 0o711);
  const { server, scene } = await startServer(directory);
  const services = [server];
  scene.signedIn = path.join(directory, "signed-in.json");
  await signInState(scene);
  await command(scene, "demo");
  for (const [name, lanes] of [["north", "A,B"], ["south", "B,C,D"]]) services.push(startWorker(scene, name, lanes));
  const known = { ...(await makePeople(scene)), ...(await makeSchedules(scene)), ...(await makeArtifacts(scene)) };
  const newest = async (query) => (await api(scene, `/api/runs?${query}`)).items[0]?.run_id;
  await until("a digest to end", async () => (known.run = await newest("template=log-digest&status=success")), { timeoutMs: 60_000 });
  live(scene);
  const { run_id: failed } = await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/pkg/no-such-page` } } });
  known.failed = failed;
  await until("a check to fail", async () => (await api(scene, `/api/runs/${failed}`)).status === "failed", { timeoutMs: 60_000 });
  const hook = await listen(services);
  known.channel = (await api(scene, "/api/alert-channels", { body: { name: "Ops room", url: hook } })).channel_id;
  await api(scene, `/api/alert-channels/${known.channel}/test`, { method: "POST" });
  return { scene, known, services };
}

/** Somebody who hears of alerts. */
async function listen(services) {
  const server = http.createServer((request, response) => request.resume().on("end", () => response.end("ok")));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  services.push({ name: "hook", stop: () => new Promise((resolve) => server.close(resolve)) });
  return `http://127.0.0.1:${server.address().port}/hook`;
}

/** Failed runs to be retried many at once, when the board has been seen without them. */
export function makeFailures(scene) {
  const specs = `select jsonb_agg(jsonb_build_object('template', 'link-check', 'env', 'staging', 'title', 'Link check of page ' || n, 'params', jsonb_build_object('url', 'https://shop.example/page/' || n), 'run_after', '2099-01-01T00:00:00Z')) from generate_series(1, 64) as n`;
  sql(scene, `select count(*) from (select enqueue_runs((${specs}))) as made;
    delete from runboard_internal.run_deferred as d using runs as r where r.run_id = d.run_id and r.env = 'staging';
    update runs set status = 'failed', reason = 'step_failed', started_at = created_at, finished_at = clock_timestamp(), run_after = null where env = 'staging'`);
}

/** A lane that nobody serves: the board and the alerts say so. */
export async function makeTrouble(scene) {
  await api(scene, "/api/alert-rules/no_worker", { method: "PATCH", body: { threshold: 1 } });
  await api(scene, "/api/lanes/MEDIA", { method: "PUT", body: { title: "pictures and films" } });
  for (const page of ["home", "basket", "search"]) {
    await api(scene, "/runs.create", { body: { template: "link-check", lane: "MEDIA", params: { url: `https://shop.example/${page}` } } });
  }
  await until("an alert to open", async () => (await api(scene, "/api/alerts?state=open")).items.length > 0, { timeoutMs: 40_000 });
}

async function makePeople(scene) {
  for (const [email, role] of [["ann@example.org", "admin"], ["ben@example.org", "operator"], ["cleo@example.org", "planner"], ["dora@example.org", "viewer"]]) {
    await api(scene, "/api/users", { body: { email, role } });
  }
  await api(scene, "/api/tokens", { body: { name: "Nightly import", role: "operator" } });
  await api(scene, "/api/tokens", { body: { name: "Status page", role: "viewer", expires_at: new Date(Date.now() + 30 * 86_400_000).toISOString() } });
  for (const name of ["SHOP_API_KEY", "MAIL_PASSWORD"]) await api(scene, `/api/secrets/${name}`, { method: "PUT", body: { value: "only-for-the-pictures" } });
  return {};
}

async function makeSchedules(scene) {
  const url = `${scene.url}/healthz`;
  const each = [
    { name: "Morning check", template: "healthcheck", params: { url }, cron: "0 8 * * 1-5", zone: "Europe/Paris", catch_up: "one", daily_cap: 3, enabled: true },
    { name: "Every quarter of an hour", template: "link-check", params: { url }, cron: "*/15 9-17 * * *", zone: "Europe/Paris", enabled: true },
    { name: "Backups on Sunday", template: "backup-rehearsal", cron: "30 3 * * 0", zone: "UTC" },
  ];
  const made = [];
  for (const body of each) made.push((await api(scene, "/api/schedules", { body })).schedule_id);
  await api(scene, `/api/schedules/${made[0]}/run-now`, { method: "POST", body: {} });
  return { schedule: made[0] };
}

/** Two runs of a check that leaves a report, numbers and a picture; the second differs from the first. */
async function makeArtifacts(scene) {
  const folder = path.join(scene.directory, "site");
  fs.mkdirSync(folder, { recursive: true });
  const template = path.join(scene.directory, "site-check.yaml");
  fs.writeFileSync(template, SITE_CHECK);
  await command(scene, "template", "apply", template);
  const browser = await chromium.launch(config.use.launchOptions);
  const page = await browser.newPage({ viewport: { width: 960, height: 540 }, baseURL: scene.url, storageState: scene.signedIn });
  let ids = {};
  for (const [turn, seen] of [[1, "/templates"], [2, "/templates?q=check"]]) {
    await page.goto(seen);
    await page.screenshot({ path: path.join(folder, "shop.png") });
    fs.writeFileSync(path.join(folder, "report.md"), report(turn));
    fs.writeFileSync(path.join(folder, "numbers.json"), JSON.stringify(numbers(turn)));
    const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "site-check", params: { folder } } });
    await until("the site check to end", async () => (await api(scene, `/api/runs/${runId}`)).status === "success", { timeoutMs: 60_000 });
    const { items } = await api(scene, `/api/runs/${runId}/artifacts`);
    ids = Object.fromEntries(items.map((artifact) => [artifact.name, artifact.artifact_id]));
  }
  await browser.close();
  return { artifacts: ids };
}

const SITE_CHECK = `# Looks at the shop and keeps what it saw.
version: 1
slug: site-check
title: Site check
description: Looks at the shop and keeps a report, its numbers and a picture.
lane: B
params:
  type: object
  required: [folder]
  properties:
    folder: { type: string, title: Folder, description: Where the check left what it saw. }
steps:
  - id: keep
    title: Keep what was seen
    kind: shell
    with:
      args: ["{{ params.folder }}"]
      script: |
        cp "$1"/* "$RUNBOARD_ARTIFACTS"
        echo "kept $(ls "$1" | wc -l) files"
`;

function report(turn) {
  const slow = turn === 1 ? 340 : 212;
  return `# Site check\n\nThe shop answered within its budget.\n\n| Page | Status | Time |\n| --- | --: | --: |\n| / | 200 | 41 ms |\n| /basket | ${turn === 1 ? 500 : 200} | 97 ms |\n| /search | 200 | ${slow} ms |\n| /account | 200 | 63 ms |\n\n- [x] Every page was asked twice\n- [${turn === 1 ? " " : "x"}] No page failed\n\n> The slowest page is /search with ${slow} ms.\n`;
}

function numbers(turn) {
  const page = (name, ms, status = 200) => ({ name, status, duration_ms: ms, redirects: [], headers: { server: "shop/2.1", cache: ms < 100 ? "hit" : "miss" } });
  const pages = [page("/", 41), page("/basket", 97, turn === 1 ? 500 : 200), page("/search", turn === 1 ? 340 : 212), page("/account", 63)];
  return { checked_at: "2026-11-20T08:00:00Z", budget_ms: 400, ok: turn === 2, order_number: 12, pages };
}

/** An hour of ends, so that the chart has something to show. */
function live(scene) {
  sql(scene, `
    with past as (
      select n, date_trunc('second', clock_timestamp()) - n * interval '23 seconds' as ended_at,
        (array['link-check', 'healthcheck', 'log-digest', 'link-check', 'nightly-report', 'backup-rehearsal', 'healthcheck'])[1 + n % 7] as slug, md5(n::text) as salt
      from generate_series(8, 150) as n where n % 9 <> 4 and (n / 12) % 4 <> 2
    )
    insert into runs (run_id, title, template_slug, template_version, lane, status, reason, attempt, max_attempts, created_at, queued_at, started_at, finished_at)
    select to_char(p.ended_at at time zone 'utc', '"run_"YYYYMMDD_HH24MISS_') || translate(left(p.salt, 8), '0189', 'ghij'), v.title, p.slug, v.latest_version,
      case p.slug when 'link-check' then 'A' when 'nightly-report' then 'C' when 'backup-rehearsal' then 'D' else 'B' end,
      case when p.n % 29 = 3 then 'failed' else 'success' end, case when p.n % 29 = 3 then 'step_failed' end, 1, 3,
      p.ended_at - interval '14 seconds', p.ended_at - interval '14 seconds', p.ended_at - interval '12 seconds', p.ended_at
    from past as p join run_templates as v on v.slug = p.slug;
    insert into runboard_internal.run_ends (run_id, lane, status, entered_at, left_at, finished_at)
    select r.run_id, r.lane, r.status, r.created_at, r.started_at, r.finished_at from runs as r
    where r.finished_at is not null and not exists (select from runboard_internal.run_ends as e where e.run_id = r.run_id)`);
}
