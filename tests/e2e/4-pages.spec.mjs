// Every page, in both themes, on a desk and on a phone: comes alive without a complaint, has no accessibility
// violation, does not scroll sideways. Then the pages without any script.
import AxeBuilder from "@axe-core/playwright";
import { leaveArtifacts } from "./support/artifacts.mjs";
import { until } from "../../script/parts/processes.mjs";
import { expect, lane, runHead, test, untilLive } from "./support/pages.mjs";
import { api, command, scene as currentScene, startWorker } from "./support/scene.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const THEMES = ["light", "dark"];

/** A run with everything a page can show, and one that still moves. */
const runs = {};
let helper;
let artifacts;

test.beforeAll(async () => {
  const scene = currentScene();
  helper = startWorker(scene, "pages", "A,B,C,D");
  await command(scene, "demo");
  await leaveArtifacts(scene, { slug: "e2e-artifacts-pages", total: 41, color: [200, 30, 30] });
  artifacts = (await leaveArtifacts(scene, { slug: "e2e-artifacts-pages", total: 42, color: [30, 30, 200] })).ids;
  const newest = async (query) => (await api(scene, `/api/runs?${query}`)).items[0]?.run_id;
  await until("a demo run to end", async () => (runs.ended = await newest("template=log-digest&status=success")), { timeoutMs: 60_000 });
  runs.failed = await newest("template=e2e-broken");
  if (!runs.failed) {
    const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-broken" } });
    await until("the broken run to end", async () => (await api(scene, `/api/runs/${runId}`)).status === "failed");
    runs.failed = runId;
  }
  const cron = { cron: "0 8 * * 1-5", zone: "Europe/Paris", catch_up: "one", daily_cap: 3 };
  const schedule = { name: "Pages", template: "healthcheck", params: { url: `${scene.url}/healthz` }, ...cron };
  runs.schedule = (await api(scene, "/api/schedules", { body: schedule })).schedule_id;
  const channel = { name: "Pages", url: "http://127.0.0.1:9/hook", enabled: false };
  runs.channel = (await api(scene, "/api/alert-channels", { body: channel })).channel_id;
  await api(scene, `/api/alert-channels/${runs.channel}/test`, { method: "POST" });
});

test.afterAll(async () => {
  await helper?.stop();
  const scene = currentScene();
  await api(scene, `/api/schedules/${runs.schedule}`, { method: "DELETE" });
  await api(scene, `/api/alert-channels/${runs.channel}`, { method: "DELETE" });
});

const ROUTES = {
  board: () => "/",
  "board with a run selected": () => `/?run=${runs.ended}`,
  runs: () => "/runs",
  "runs that failed": () => "/runs?status=failed",
  "no runs": () => "/runs?q=nothing-has-this-name",
  "run, logs": () => `/runs/${runs.ended}`,
  "run, timeline": () => `/runs/${runs.ended}?tab=timeline`,
  "run, events": () => `/runs/${runs.ended}?tab=events`,
  "run, artifacts": () => `/runs/${runs.ended}?tab=artifacts`,
  "run, params": () => `/runs/${runs.ended}?tab=params`,
  "run, result": () => `/runs/${runs.ended}?tab=result`,
  "run, attempts": () => `/runs/${runs.ended}?tab=attempts`,
  "run, errors in the log": () => `/runs/${runs.ended}?tab=logs&level=error`,
  "run, a search in the log": () => `/runs/${runs.ended}?tab=logs&q=batch`,
  "failed run": () => `/runs/${runs.failed}`,
  "rerun form": () => `/runs/${runs.ended}/rerun`,
  "no such run": () => "/runs/run_20200101_000000_aaaaaaaa",
  templates: () => "/templates",
  template: () => "/templates/healthcheck",
  "changes of a template": () => "/templates/log-digest?from=1&to=1",
  "template editor": () => "/templates/healthcheck/edit",
  "new template": () => "/templates/new",
  "start form": () => "/templates/healthcheck/run",
  "artifact, document": () => `/artifacts/${artifacts["report.md"]}`,
  "artifact, tree": () => `/artifacts/${artifacts["data.json"]}`,
  "artifact, tree searched": () => `/artifacts/${artifacts["data.json"]}?view=tree&q=needle`,
  "artifact, code": () => `/artifacts/${artifacts["query.sql"]}`,
  "artifact, log": () => `/artifacts/${artifacts["console.log"]}`,
  "artifact, difference": () => `/artifacts/${artifacts["notes.txt"]}?view=diff`,
  "artifact, difference in two columns": () => `/artifacts/${artifacts["notes.txt"]}?view=diff&layout=split`,
  "artifact, image": () => `/artifacts/${artifacts["screenshot.png"]}`,
  "artifact, before and after": () => `/artifacts/${artifacts["screenshot.png"]}?view=compare`,
  "artifact, after over before": () => `/artifacts/${artifacts["screenshot.png"]}?view=compare&layout=over`,
  "artifact, table": () => `/artifacts/${artifacts["rows.csv"]}`,
  "artifact, archive": () => `/artifacts/${artifacts["bundle.zip"]}`,
  "artifact, under a false name": () => `/artifacts/${artifacts["liar.png"]}`,
  "artifact, of no kind": () => `/artifacts/${artifacts["blob.bin"]}`,
  "no such artifact": () => "/artifacts/00000000-0000-4000-8000-000000000000",
  "go to": () => "/palette?q=run",
  workers: () => "/workers",
  schedules: () => "/schedules",
  "a schedule": () => `/schedules/${runs.schedule}`,
  "what a schedule starts": () => "/schedules/new",
  "schedule form": () => "/schedules/new?starts=template:healthcheck",
  "schedule edited": () => `/schedules/${runs.schedule}/edit`,
  alerts: () => "/alerts",
  "a channel": () => `/alerts/channels/${runs.channel}`,
  "channel form": () => "/alerts/channels/new",
  "workers that stopped": () => "/workers?stopped=yes",
  audit: () => "/audit",
  "no acts": () => "/audit?actor=nobody",
  settings: () => "/settings",
  users: () => "/settings/users",
  tokens: () => "/settings/tokens",
  secrets: () => "/settings/secrets",
  lanes: () => "/settings/lanes",
  system: () => "/settings/system",
  connections: () => "/settings/connections",
  login: () => "/login",
  "nothing here": () => "/no/such/page",
};

for (const theme of THEMES) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test.describe(`${theme}, ${size}`, () => {
      test.use({ viewport });
      test.beforeEach(({ context, scene }) => inTheme(context, scene, theme));

      for (const [name, address] of Object.entries(ROUTES)) {
        test(`${name} comes alive and is in order`, async ({ page }) => {
          const complaints = listen(page);
          await page.goto(address());
          expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(theme);
          await expectAlive(page);
          await expectInOrder(page);
          expect(complaints).toEqual([]);
        });
      }
    });
  }
}

test("the cancel dialog is in order", async ({ page, scene }) => {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", run_after: "2099-01-01T00:00:00Z" } });
  await page.goto(`/runs/${runId}`);
  await untilLive(page);
  await runHead(page).getByRole("button", { name: "Cancel run" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectInOrder(page);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
  await api(scene, "/runs.cancel", { body: { run_id: runId } });
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the board can be read", async ({ page }) => {
    await page.goto("/");
    for (const name of ["A", "B", "C", "D"]) await expect(lane(page, name)).toBeVisible();
    await expect(page.getByText("Log digest").first()).toBeVisible();
  });

  test("the start form posts and leads to the run", async ({ page, scene }) => {
    await page.goto("/templates/healthcheck/run");
    await page.getByLabel("Address").fill(`${scene.url}/healthz`);
    await page.getByRole("button", { name: "Start run" }).click();
    await expect(page).toHaveURL(/\/runs\/run_/);
    await expect(runHead(page)).toBeVisible();
  });

  test("a refused form says why and keeps what was entered", async ({ page }) => {
    await page.goto("/templates/log-digest/run");
    await page.getByLabel("Seed").fill("7");
    // Past the browser's own check of the limits, as an old browser would.
    await page.getByLabel("Batches").evaluate((field) => field.removeAttribute("max"));
    await page.getByLabel("Batches").fill("5000");
    await page.getByRole("button", { name: "Start run" }).click();
    await expect(page.locator(".problem").first()).toBeVisible();
    await expect(page.getByLabel("Seed")).toHaveValue("7");
  });
});

function inTheme(context, scene, theme) {
  return context.addCookies([{ name: "theme", value: theme, url: scene.url }]);
}

/** What the page complains about from now on. */
function listen(page) {
  const complaints = [];
  page.on("console", (message) => {
    // The browser reports the 404 of the page itself, which is what such a page should answer.
    const isThePage = message.location().url === page.url() && /status of 404/.test(message.text());
    if (["error", "warning"].includes(message.type()) && !isThePage) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

/** Only a page that is alive answers the `?` key. */
async function expectAlive(page) {
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(async () => {
    await page.keyboard.press("Shift+?");
    await expect(help).toBeVisible({ timeout: 250 });
  }).toPass({ timeout: 10_000 });
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();
}

async function expectInOrder(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
  const { wide, available } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, available: window.innerWidth }));
  expect(wide, "nothing scrolls sideways").toBeLessThanOrEqual(available);
  const cutOff = await page.locator(".records").evaluateAll((all) => all.filter((table) => table.scrollWidth > table.clientWidth + 1).map((table) => table.getAttribute("aria-label")));
  expect(cutOff, "no table hides its last column").toEqual([]);
}
