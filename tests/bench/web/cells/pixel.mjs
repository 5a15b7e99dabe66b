// How long a change takes from its commit in Postgres to the pixel: a run is enqueued over HTTP, the open board shows it.
// Both clocks are of this machine. The start is the row's created_at, taken just before the commit, so the figure is
// never flattering; the end is the first animation frame after the card is in the page.
import { setTimeout as pause } from "node:timers/promises";
import { figure, percentile } from "../table.mjs";

export async function measure(stage, { samples }) {
  const shown = new Map();
  const page = await stage.page(async (page) => {
    await page.exposeFunction("cardShown", (runId, at) => shown.set(runId, at));
    await page.addInitScript(watchForCards);
  });
  await stage.open(page, "/");
  await pause(2_000);
  const times = [];
  for (let index = 0; index < samples; index += 1) {
    const { run_id: runId } = await stage.api("/runs.create", { body: { template: "bench-quick", lane: "A" } });
    const deadline = Date.now() + 10_000;
    while (!shown.has(runId) && Date.now() < deadline) await pause(10);
    const committed = Number(stage.sql(`select extract(epoch from created_at) * 1000 from runs where run_id = '${runId}'`));
    times.push(shown.has(runId) ? shown.get(runId) - committed : Infinity);
    // Nobody serves the lane: the run would stay among the next ones.
    await stage.api("/runs.cancel", { body: { run_id: runId } });
    await pause(150 + Math.round((100 * ((index * 7) % 10)) / 10));
  }
  await stage.leave(page);
  return [
    figure("commit to pixel, p50", percentile(times, 0.5), "ms", { budget: 150, note: `${samples} runs` }),
    figure("commit to pixel, p95", percentile(times, 0.95), "ms", { budget: 400 }),
    figure("commit to pixel, worst", percentile(times, 1), "ms", { budget: 2000 }),
  ];
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
