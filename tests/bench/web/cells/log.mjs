// A log of a hundred thousand lines: how fast it opens, is searched, and follows while it grows.
import { setTimeout as pause } from "node:timers/promises";
import { figure, percentile } from "../table.mjs";

const LINES = 100_000;
const PER_SECOND = 5_000;
const SECONDS = 20;

export async function measure(stage, { samples }) {
  const worker = stage.worker("log", "C");
  try {
    const long = await stage.api("/runs.create", { body: { template: "bench-lines", params: { lines: LINES } } });
    await stage.untilEnded(long.run_id);
    return [...(await opening(stage, long.run_id, Math.max(5, Math.round(samples / 4)))), ...(await searching(stage, long.run_id)), ...(await following(stage))];
  } finally {
    await worker.stop();
  }
}

async function opening(stage, runId, loads) {
  const times = [];
  for (let index = 0; index <= loads; index += 1) {
    const page = await stage.page();
    await page.goto(`/runs/${runId}`);
    // Lines are in the HTML: what counts is the paint that shows them.
    await page.locator('[role="log"] [id^="L"]').first().waitFor();
    const painted = await page.evaluate(firstPaint);
    if (index > 0) times.push(painted);
    await stage.leave(page);
  }
  return [figure("log of 100,000 lines: opened, p95", percentile(times, 0.95), "ms", { budget: 300, note: `${times.length} loads, first paint with lines` })];
}

/** Runs in the page. */
function firstPaint() {
  return new Promise((resolve) =>
    new PerformanceObserver((list, observer) => {
      const found = list.getEntriesByName("first-contentful-paint")[0];
      if (!found) return;
      observer.disconnect();
      resolve(found.startTime);
    }).observe({ type: "paint", buffered: true }),
  );
}

async function searching(stage, runId) {
  const times = [];
  for (const number of [1, 777, 50_000, 99_999]) {
    const began = performance.now();
    const found = await stage.api(`/api/runs/${runId}/logs?q=${encodeURIComponent(`line ${number} of many`)}`);
    times.push(performance.now() - began);
    if (!JSON.stringify(found).includes(`line ${number} of many`)) throw new Error(`line ${number} was not found`);
  }
  return [figure("log of 100,000 lines: searched, worst", Math.max(...times), "ms", { budget: 500 })];
}

async function following(stage) {
  const { run_id: runId } = await stage.api("/runs.create", { body: { template: "bench-chatter", params: { per_second: PER_SECOND, seconds: SECONDS } } });
  const page = await stage.page((page) => page.addInitScript(observe));
  await stage.open(page, `/runs/${runId}`);
  // What opening the page took is measured elsewhere.
  const opened = await page.evaluate(() => performance.now());
  let mostLines = 0;
  const ended = stage.untilEnded(runId).then(() => true);
  while (!(await Promise.race([ended, pause(500)]))) mostLines = Math.max(mostLines, await page.locator('[role="log"] [id^="L"]').count());
  const done = Date.now();
  const last = Number((await stage.api(`/api/runs/${runId}`)).log_line_count);
  await page.locator(`#L${last}`).waitFor({ state: "attached", timeout: 30_000 });
  const behind = Date.now() - done;
  const tasks = await page.evaluate((opened) => window.longTasks.filter(({ at }) => at > opened).map(({ duration }) => duration), opened);
  await stage.leave(page);
  return [
    figure("log growing by 5,000 lines a second: behind at the end", behind, "ms", { budget: 2000, note: `${last} lines` }),
    figure("log growing: longest task", Math.max(0, ...tasks), "ms", { budget: 100, note: `${tasks.length} tasks over 50 ms` }),
    figure("log growing: lines in the page", mostLines, "", { budget: 2500 }),
  ];
}

/** Runs in the page. */
function observe() {
  window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.longTasks.push({ at: entry.startTime, duration: entry.duration }))).observe({ type: "longtask", buffered: true });
}
