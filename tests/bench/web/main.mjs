// Measures the pages in Chromium against the budgets of the product: script/bench web.
//   node tests/bench/web/main.mjs [--only size,load,…] [--samples N] [--burst SECONDS] [--soak MINUTES]
// Server, Postgres and workers are its own. Prints one table, leaves it in target/bench/web.md, fails when a budget is exceeded.
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../../e2e/support/scene.mjs";
import { openStage } from "./stage.mjs";
import { isOver, table } from "./table.mjs";

/** In the order of their running; each leaves the stage as it found it, but for runs that ended. */
const CELLS = ["size", "load", "input", "pixel", "log", "burst", "soak", "lighthouse"];

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: CELLS.join(",") },
    samples: { type: "string", default: "40" },
    burst: { type: "string", default: "60" },
    soak: { type: "string", default: "10" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(`script/bench web [--only ${CELLS.join(",")}] [--samples 40] [--burst 60 (seconds)] [--soak 10 (minutes)]`);
  process.exit(0);
}
const wanted = options.only.split(",");
const unknown = wanted.filter((name) => !CELLS.includes(name));
if (unknown.length) {
  console.error(`There is no ${unknown.join(", ")} to measure; there are ${CELLS.join(", ")}.`);
  process.exit(2);
}

const limits = { samples: Number(options.samples), burstSeconds: Number(options.burst), soakMinutes: Number(options.soak) };
const figures = [];
const stage = await openStage();
try {
  for (const name of CELLS.filter((name) => wanted.includes(name))) {
    const { measure } = await import(`./cells/${name}.mjs`);
    console.log(`\n== ${name}`);
    const measured = await measure(stage, limits);
    console.log(table(measured));
    figures.push(...measured);
  }
} finally {
  await stage.close();
}

const report = table(figures);
const file = path.join(ROOT, "target/bench/web.md");
fs.mkdirSync(path.dirname(file), { recursive: true });
fs.writeFileSync(file, `${report}\n`);
console.log(`\n${report}\n\nalso in target/bench/web.md`);
process.exitCode = figures.some(isOver) ? 1 : 0;
