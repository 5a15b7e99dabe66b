// How long a change takes from its commit in Postgres to the pixel: a run is enqueued over HTTP, the open board shows it.
// Both clocks are of this machine. The start is the row's created_at, taken just before the commit, so the figure is
// never flattering; the end is the first animation frame after the card is in the page.
//   node tests/e2e/bench-pixel.mjs [SAMPLES]
import { chromium } from "@playwright/test";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { api, command, signInState, sql, startServer } from "./support/scene.mjs";
import config from "./playwright.config.mjs";

const SAMPLES = Number(process.argv[2] ?? 60);
const BUDGET_MS = { p50: 150, p95: 400, max: 2000 };

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "runboard-pixel-"));
fs.chmodSync(directory, 0o711);
const { server, scene } = await startServer(directory);
try {
  await command(scene, "template", "apply", "tests/e2e/templates/slow.yaml");
  scene.signedIn = path.join(directory, "signed-in.json");
  await signInState(scene);
  process.exitCode = report(await measure());
} finally {
  await server.stop();
  fs.rmSync(directory, { recursive: true, force: true });
}

async function measure() {
  const browser = await chromium.launch(config.use.launchOptions);
  const context = await browser.newContext({ storageState: scene.signedIn, viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const shown = new Map();
  await page.exposeFunction("cardShown", (runId, at) => shown.set(runId, at));
  await page.addInitScript(watchForCards);
  await page.goto(scene.url);
  await page.waitForLoadState("networkidle").catch(() => {});
  await pause(2_000);

  const samples = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", lane: "A" } });
    const deadline = Date.now() + 10_000;
    while (!shown.has(runId) && Date.now() < deadline) await pause(10);
    const committed = Number(sql(scene, `select extract(epoch from created_at) * 1000 from runs where run_id = '${runId}'`));
    samples.push(shown.has(runId) ? shown.get(runId) - committed : Infinity);
    // Nobody serves the lane: the run would stay among the next ones.
    await api(scene, "/runs.cancel", { body: { run_id: runId } });
    await pause(150 + Math.round(100 * ((index * 7) % 10) / 10));
  }
  await browser.close();
  return samples;
}

/** Runs in the page: tells the first frame after a link to a run is there. */
function watchForCards() {
  const known = new Set();
  const look = () => {
    for (const link of document.querySelectorAll('a[href*="run_"]')) {
      const runId = /run_\d{8}_\d{6}_[a-z2-7]{8}/.exec(link.href)?.[0];
      if (!runId || known.has(runId)) continue;
      known.add(runId);
      requestAnimationFrame(() => window.cardShown(runId, performance.timeOrigin + performance.now()));
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["href"] });
  });
}

function report(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
  const figures = { p50: at(0.5), p95: at(0.95), max: at(1) };
  let over = false;
  for (const [name, value] of Object.entries(figures)) {
    over ||= value > BUDGET_MS[name];
    console.log(`commit to pixel ${name}: ${value.toFixed(0)} ms (budget ${BUDGET_MS[name]} ms)${value > BUDGET_MS[name] ? "  OVER BUDGET" : ""}`);
  }
  console.log(`${samples.length} samples`);
  return over ? 1 : 0;
}
