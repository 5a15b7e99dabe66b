// Lighthouse with its desktop preset on the three pages people open most. script/bench installs it.
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import config from "../../../e2e/playwright.config.mjs";
import { figure } from "../table.mjs";

const run = promisify(execFile);

export async function measure(stage) {
  const home = process.env.RUNBOARD_LIGHTHOUSE;
  if (!home) throw new Error("Lighthouse is installed by script/bench web; RUNBOARD_LIGHTHOUSE names where it is");
  const { cookies } = JSON.parse(fs.readFileSync(stage.scene.signedIn, "utf8"));
  const headers = path.join(stage.directory, "headers.json");
  fs.writeFileSync(headers, JSON.stringify({ Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") }));
  const runId = (await stage.api("/api/runs?limit=1")).items[0].run_id;
  const figures = [];
  for (const [name, address] of [["/", "/"], ["/runs", "/runs"], ["/runs/{id}", `/runs/${runId}`]]) {
    const { stdout } = await run(
      path.join(home, "node_modules/node/bin/node"),
      [
        path.join(home, "node_modules/lighthouse/cli/index.js"),
        `${stage.scene.url}${address}`,
        "--preset=desktop",
        "--only-categories=performance,accessibility,best-practices",
        `--extra-headers=${headers}`,
        "--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage",
        "--output=json",
        "--quiet",
      ],
      { env: { ...process.env, CHROME_PATH: config.use.launchOptions.executablePath }, maxBuffer: 64 * 1024 * 1024 },
    );
    const { categories, audits } = JSON.parse(stdout);
    const score = (category) => Math.round(categories[category].score * 100);
    const note = `blocked ${audits["total-blocking-time"].numericValue.toFixed(0)} ms, largest paint ${audits["largest-contentful-paint"].numericValue.toFixed(0)} ms`;
    figures.push(
      figure(`Lighthouse ${name}: performance`, score("performance"), "", { floor: 95, note }),
      figure(`Lighthouse ${name}: accessibility`, score("accessibility"), "", { floor: 100 }),
      figure(`Lighthouse ${name}: best practices`, score("best-practices"), ""),
    );
  }
  return figures;
}
