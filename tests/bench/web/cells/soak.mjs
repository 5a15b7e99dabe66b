// An open board over time: what its tab keeps in memory while runs come and go.
import fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { figure } from "../table.mjs";

const PER_SECOND = 40;

export async function measure(stage, { soakMinutes }) {
  const page = await stage.page();
  await stage.open(page, "/");
  const session = await page.context().newCDPSession(page);
  const readings = [];
  const read = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { usedSize } = await session.send("Runtime.getHeapUsage");
    const { nodes } = await session.send("Memory.getDOMCounters");
    readings.push({ at: Date.now(), heap: usedSize / 1_048_576, tab: await tabMemory(stage.browser), nodes });
  };
  const end = Date.now() + soakMinutes * 60_000;
  const changes = stage.change(PER_SECOND, soakMinutes * 60);
  // The first minute fills caches and lists.
  await pause(Math.min(60_000, soakMinutes * 15_000));
  while (Date.now() < end) {
    await read();
    await pause(Math.max(1_000, soakMinutes * 3_000));
  }
  await changes;
  await read();
  await stage.leave(page);
  const last = readings.at(-1);
  return [
    figure("open board: memory of its tab", last.tab, "MB", { budget: 150, note: `private memory of its process after ${soakMinutes} min at ${PER_SECOND} changes a second` }),
    figure("open board: memory grows", slope(readings, "tab"), "MB/h", { note: `least squares over ${readings.length} readings after collecting` }),
    figure("open board: JavaScript heap at the end", last.heap, "MB"),
    figure("open board: JavaScript heap grows", slope(readings, "heap"), "MB/h"),
    figure("open board: nodes at the end", last.nodes, "", { note: `at first ${readings[0].nodes}` }),
  ];
}

/** What the largest process of a page keeps for itself alone: scripts, wasm and document. */
async function tabMemory(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const sizes = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => privateMegabytes(id));
  return Math.max(...sizes);
}

function privateMegabytes(pid) {
  const text = fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return [...text.matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce((sum, [, kilobytes]) => sum + Number(kilobytes) / 1024, 0);
}

/** Per hour. */
function slope(readings, what) {
  const hours = readings.map(({ at }) => (at - readings[0].at) / 3_600_000);
  const values = readings.map((reading) => reading[what]);
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const [x, y] = [mean(hours), mean(values)];
  const below = hours.reduce((sum, hour) => sum + (hour - x) ** 2, 0);
  return below === 0 ? 0 : hours.reduce((sum, hour, at) => sum + (hour - x) * (values[at] - y), 0) / below;
}
