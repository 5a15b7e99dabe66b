// From the click on a bookmark to a page that is there: first byte, largest paint, shifts, life.
import { figure, percentile } from "../table.mjs";

export async function measure(stage, { samples }) {
  const runId = (await stage.api("/api/runs?limit=1")).items[0].run_id;
  const figures = [];
  for (const [name, address] of [["/", "/"], ["/runs", "/runs"], ["/runs/{id}", `/runs/${runId}`]]) {
    const loads = [];
    // The first load warms the server and the caches of the browser's code; every load has an empty HTTP cache.
    for (let index = 0; index <= samples; index += 1) {
      const page = await stage.page((page) => page.addInitScript(observe));
      await stage.open(page, address);
      const alive = await page.evaluate(() => performance.now());
      await page.waitForTimeout(300);
      if (index > 0) loads.push({ alive, ...(await page.evaluate(() => window.seen())) });
      await stage.leave(page);
    }
    const at = (what, share) => percentile(loads.map((load) => load[what]), share);
    const budgets = name === "/" ? { firstByte: { budget: 80 }, paint: { budget: 800 } } : {};
    figures.push(
      figure(`${name}: first byte, p95`, at("firstByte", 0.95), "ms", { ...budgets.firstByte, note: `${loads.length} loads` }),
      figure(`${name}: largest paint, p95`, at("paint", 0.95), "ms", budgets.paint),
      figure(`${name}: alive, p95`, at("alive", 0.95), "ms", { note: "live stream open" }),
      figure(`${name}: layout shift, worst`, at("shift", 1), "", { budget: 0.02 }),
      figure(`${name}: HTML as it travels`, at("kilobytes", 1), "KB", name === "/" ? { budget: 40 } : {}),
    );
  }
  return figures;
}

/** Runs in the page, before anything else. */
function observe() {
  let paint = 0;
  let shift = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (paint = entry.startTime))).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shift += entry.value))).observe({ type: "layout-shift", buffered: true });
  window.seen = () => {
    const [navigation] = performance.getEntriesByType("navigation");
    return { firstByte: navigation.responseStart - navigation.requestStart, paint, shift, kilobytes: navigation.transferSize / 1024 };
  };
}
