// Two hundred changes a second on an open board: no long task, and afterwards the board tells the truth.
import { setTimeout as pause } from "node:timers/promises";
import { figure } from "../table.mjs";

const PER_SECOND = 200;
const MOST_MS = 60_000;

export async function measure(stage, { burstSeconds }) {
  const page = await stage.page((page) => page.addInitScript(observe));
  await stage.open(page, "/");
  await pause(1_000);
  await page.evaluate(() => (window.longTasks.length = 0));
  const began = Date.now();
  await stage.change(PER_SECOND, burstSeconds);
  const took = (Date.now() - began) / 1000;
  const ended = Date.now();
  const truth = Number((await stage.api("/api/stats")).finished_24h);
  while (Date.now() - ended < MOST_MS && (await shownEnded(page)) !== truth) await pause(25);
  const settled = Date.now() - ended;
  const tasks = await page.evaluate(() => window.longTasks);
  await stage.leave(page);
  return [
    figure("burst: changes a second", (PER_SECOND * burstSeconds) / took, "", { note: `for ${took.toFixed(0)} s` }),
    figure("burst: longest task", Math.max(0, ...tasks), "ms", { budget: 100, note: `${tasks.length} tasks over 50 ms` }),
    figure("burst: board tells the truth after", settled < MOST_MS ? settled : Infinity, "ms", { budget: 2000 }),
  ];
}

/** What the strip says of ended runs: `of 1,234`. */
async function shownEnded(page) {
  const text = await page.locator('.strip a[href*="failed"] em').textContent();
  return Number(text.replace(/\D/g, ""));
}

/** Runs in the page. */
function observe() {
  window.longTasks = [];
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => window.longTasks.push(entry.duration))).observe({ type: "longtask", buffered: true });
}
