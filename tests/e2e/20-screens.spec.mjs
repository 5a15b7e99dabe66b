// Pictures of every page in both themes for the manual: docs/screens. Taken only when one is missing or asked for with
// UPDATE_IMAGES=1, so that a test run leaves the tree as it was.
import fs from "node:fs";
import path from "node:path";
import { until } from "../../script/parts/processes.mjs";
import { expect, test } from "./support/pages.mjs";
import { ROOT, api, command, scene as currentScene, startWorker } from "./support/scene.mjs";

const SCREENS = path.join(ROOT, "docs/screens");
const THEMES = ["light", "dark"];
/** Small enough to keep, sharp enough to read. */
const PICTURE = { format: "webp", quality: 70 };

const known = {};
let worker;

const PAGES = {
  board: () => "/",
  drawer: () => `/?run=${known.run}`,
  runs: () => "/runs",
  run: () => `/runs/${known.run}`,
  timeline: () => `/runs/${known.run}?tab=steps`,
  templates: () => "/templates",
  start: () => "/templates/healthcheck/run",
  workers: () => "/workers",
  audit: () => "/audit",
  database: () => "/health/db",
  settings: () => "/settings",
  login: () => "/login",
};

const file = (name, theme) => path.join(SCREENS, `${name}-${theme}.webp`);
const missing = Object.keys(PAGES).flatMap((name) => THEMES.filter((theme) => !fs.existsSync(file(name, theme))).map((theme) => [name, theme]));
const wanted = process.env.UPDATE_IMAGES === "1" ? Object.keys(PAGES).flatMap((name) => THEMES.map((theme) => [name, theme])) : missing;

test.beforeAll(async () => {
  if (wanted.length === 0) return;
  fs.mkdirSync(SCREENS, { recursive: true });
  const scene = currentScene();
  worker = startWorker(scene, "screens", "A,B,C,D");
  await command(scene, "demo");
  await until("a demo run to end", async () => (known.run = (await api(scene, "/api/runs?template=log-digest&status=success")).items[0]?.run_id), { timeoutMs: 60_000 });
});

test.afterAll(async () => {
  await worker?.stop();
});

for (const [name, theme] of wanted) {
  test(`${name}, ${theme}`, async ({ context, page, scene }) => {
    await context.addCookies([{ name: "theme", value: theme, url: scene.url }]);
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(PAGES[name]());
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForTimeout(1_500);
    const session = await context.newCDPSession(page);
    const { data } = await session.send("Page.captureScreenshot", PICTURE);
    fs.writeFileSync(file(name, theme), Buffer.from(data, "base64"));
  });
}
