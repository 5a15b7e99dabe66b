// From a click or a key to the next paint, as the browser's own Event Timing tells it.
import { figure, percentile } from "../table.mjs";

export async function measure(stage, { samples }) {
  const { items } = await stage.api("/api/runs?limit=1");
  const page = await stage.page((page) => page.addInitScript(observe));
  const rounds = Math.max(5, Math.round(samples / 4));

  await stage.open(page, "/");
  for (let round = 0; round < rounds; round += 1) {
    await page.locator('main a[href*="run="]').first().click();
    await page.waitForTimeout(250);
    await page.keyboard.press("Escape");
    await page.waitForTimeout(150);
  }
  const board = await page.evaluate(() => window.delays.splice(0));

  await stage.open(page, "/runs");
  for (let round = 0; round < rounds; round += 1) {
    for (const key of ["j", "j", "x", "k"]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(60);
    }
  }
  const list = await page.evaluate(() => window.delays.splice(0));

  await stage.open(page, `/runs/${items[0].run_id}`);
  const tabs = page.getByRole("navigation", { name: "Parts of the run" }).getByRole("link");
  for (let round = 0; round < rounds; round += 1) {
    await tabs.nth(round % (await tabs.count())).click();
    await page.waitForTimeout(150);
  }
  const run = await page.evaluate(() => window.delays.splice(0));
  await stage.leave(page);

  return [["drawer of the board", board], ["keys of the list", list], ["tabs of a run", run]].map(([name, delays]) =>
    figure(`input to next paint, ${name}, p95`, percentile(delays, 0.95), "ms", { budget: 100, note: `${delays.length} of the inputs took over 16 ms` }),
  );
}

/** Runs in the page: one delay per input, that of its slowest event. */
function observe() {
  const byInput = new Map();
  window.delays = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (!entry.interactionId) continue;
      const known = byInput.get(entry.interactionId);
      if (known === undefined) byInput.set(entry.interactionId, window.delays.push(entry.duration) - 1);
      else window.delays[known] = Math.max(window.delays[known] ?? 0, entry.duration);
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
}
