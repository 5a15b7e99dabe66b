// The list of runs: words that narrow it, views with names, many runs at once, files; with and without script.
import AxeBuilder from "@axe-core/playwright";
import fs from "node:fs";
import { until } from "../../script/parts/processes.mjs";
import { expect, test, untilLive } from "./support/pages.mjs";
import { api, sql, startWorker } from "./support/scene.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
let worker;

test.beforeAll(async () => {
  const { scene } = await import("./support/scene.mjs");
  // Bulk operations are worked through in lane D.
  worker = startWorker(scene(), "list", "D");
});

test.afterAll(async () => {
  await worker?.stop();
});

/** Makes runs that nobody claims, or that have failed; answers their ids. */
function make(scene, { count, env, status = "queued", lane = "C" }) {
  const specs = `select jsonb_agg(jsonb_build_object('template', 'e2e-broken', 'env', '${env}', 'lane', '${lane}', 'title', 'Listed ' || n, 'run_after', '2099-01-01T00:00:00Z')) from generate_series(1, ${count}) as n`;
  sql(scene, `select count(*) from (select enqueue_runs((${specs}))) as made`);
  if (status === "failed") {
    sql(scene, `delete from runboard_internal.run_deferred as d using runs as r where r.run_id = d.run_id and r.env = '${env}';
      update runs set status = 'failed', reason = 'step_failed', started_at = created_at, finished_at = clock_timestamp(), run_after = null where env = '${env}'`);
  }
  return sql(scene, `select string_agg(run_id, ' ' order by created_at desc, run_id desc) from runs where env = '${env}'`).split(" ");
}

async function openList(page, address) {
  await page.goto(address);
  await untilLive(page);
}

const chips = (page) => page.getByRole("list", { name: "Filter" }).getByRole("listitem");
const rows = (page) => page.locator("tr[data-run]");
const field = (page) => page.locator("[data-key=filter]");

async function narrow(page, words) {
  // The field keeps the focus after it was sent; there the key would be a letter.
  await page.locator("h1").first().evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await expect(field(page)).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press("Enter");
}

async function expectInOrder(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
}

test("typed words become chips, and back and forward bring them again", async ({ page, scene }) => {
  make(scene, { count: 3, env: "chips" });
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  await openList(page, "/runs");
  await narrow(page, "env:chips");
  await expect(page).toHaveURL(/\/runs\?env=chips$/);
  await expect(rows(page)).toHaveCount(3);
  await narrow(page, "status:scheduled,queued Listed");
  await expect(page).toHaveURL(/status=scheduled,queued/);
  await expect(chips(page)).toHaveCount(3);
  await narrow(page, "stauts=failed");
  await expect(page.getByRole("alert")).toContainText("There is no filter stauts");
  await page.goBack();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.goBack();
  await expect(chips(page)).toHaveCount(1);
  await page.goForward();
  await expect(chips(page)).toHaveCount(3);
  await page.getByRole("link", { name: /Remove q Listed/ }).click();
  await expect(chips(page)).toHaveCount(2);
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Needs attention" }).click();
  await expect(page).toHaveTitle(/Needs attention/);
  expect(complaints).toEqual([]);
});

test("a parameter is found by its path, and columns are chosen", async ({ page, scene }) => {
  sql(scene, `select enqueue_run('{"action": "test.noop", "lane": "C", "env": "params", "run_after": "2099-01-01T00:00:00Z", "params": {"payload": {"user": {"id": 7}}}}')`);
  await openList(page, "/runs?q=payload.user.id:7&env=params");
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("dialog", { name: "Columns" }).getByLabel("Environment").check();
  await page.getByRole("button", { name: "Show these" }).click();
  await expect(page.getByRole("columnheader", { name: "Environment" })).toBeVisible();
  await expect(rows(page)).toContainText("params");
});

test("a filter is kept under a name, changed and deleted", async ({ page, scene }) => {
  make(scene, { count: 1, env: "views" });
  const views = page.getByRole("navigation", { name: "Views" });
  await openList(page, "/runs?env=views");
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByLabel("Name").fill("My views");
  await page.getByRole("dialog", { name: "Save view" }).getByRole("button", { name: "Save view" }).click();
  await expect(views.getByRole("link", { name: "My views" })).toHaveAttribute("aria-current", "page");
  await page.goto("/runs");
  await views.getByRole("link", { name: "My views" }).click();
  await expect(page).toHaveURL(/env=views/);
  await expect(page).toHaveTitle(/My views/);
  await page.getByRole("button", { name: "Change the view My views" }).click();
  await page.getByLabel("Name").fill("Renamed");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(views.getByRole("link", { name: "Renamed" })).toBeVisible();
  const { items } = await api(scene, "/api/views");
  expect(items.filter((view) => view.name === "Renamed")).toHaveLength(0);
  await page.getByRole("button", { name: "Change the view Renamed" }).click();
  await page.getByRole("button", { name: "Delete view" }).click();
  await expect(views.getByRole("link", { name: "Renamed" })).toHaveCount(0);
});

test("many failed runs are retried with nothing but the keyboard", async ({ page, scene }) => {
  const ids = make(scene, { count: 60, env: "bulk", status: "failed" });
  await openList(page, "/runs?env=bulk&status=failed");
  await expect(rows(page)).toHaveCount(50);
  // A mark, a range, all in view.
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(page.getByText("3 runs marked")).toBeVisible();
  await page.keyboard.press("a");
  await expect(page.getByText("50 runs marked")).toBeVisible();
  await page.keyboard.press("a");
  // The whole filter, by Tab and Space.
  await page.locator("[data-whole]").focus();
  await page.keyboard.press("Space");
  await expect(page.getByText("All runs that fit are marked.")).toBeVisible();
  await page.locator("h1").first().evaluate(() => document.activeElement.blur());
  await page.keyboard.press("Shift+R");
  const dialog = page.getByRole("dialog", { name: "Before it is done" });
  await expect(dialog).toContainText("Retry 60 runs?");
  await expect(dialog).toContainText("60 failed are started again as new runs");
  await expectInOrder(page);
  await expect(dialog.getByLabel("Type 60 to go on")).toBeFocused();
  await page.keyboard.type("60");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/bulk\/[0-9a-f-]{36}/);
  await expect(page.getByRole("region", { name: "This operation", exact: true })).toContainText("60 of 60 runs", { timeout: 30_000 });
  await expect(page.getByRole("region", { name: "This operation", exact: true })).toContainText("done");
  await expectInOrder(page);
  await until("every run to have been started again", () => sql(scene, `select count(*) from runs where parent_run_id = any ('{${ids.join(",")}}')`) === "60");
});

test("marked runs are canceled, what needs nothing is skipped, and the page says why", async ({ page, scene }) => {
  const open = make(scene, { count: 2, env: "mixed" });
  make(scene, { count: 1, env: "mixed-failed", status: "failed" });
  await openList(page, "/runs?env=mixed,mixed-failed");
  await page.getByLabel("Mark all runs in view").check();
  await page.getByRole("button", { name: "Cancel…" }).click();
  const dialog = page.getByRole("dialog", { name: "Before it is done" });
  await expect(dialog).toContainText("2 queued are canceled before they begin");
  await expect(dialog).toContainText("1 failed are skipped: they have ended already");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: "Cancel…" }).click();
  await dialog.getByRole("button", { name: "Cancel 3 runs" }).click();
  await expect(page).toHaveURL(/\/bulk\//);
  const operation = page.getByRole("region", { name: "This operation", exact: true });
  await expect(operation).toContainText("3 of 3 runs", { timeout: 30_000 });
  await page.getByRole("navigation", { name: "Outcomes" }).getByRole("link", { name: /Skipped/ }).click();
  await expect(page.getByText("It had ended as failed already.")).toBeVisible();
  expect(sql(scene, `select string_agg(distinct status, ' ') from runs where run_id = any ('{${open.join(",")}}')`)).toBe("canceled");
  await page.goto("/bulk");
  await expect(page.getByRole("link", { name: "Cancel 3 runs" }).first()).toBeVisible();
  await expectInOrder(page);
});

test("rows change where they stand, and new runs wait to be asked for", async ({ page, scene }) => {
  const [runId] = make(scene, { count: 1, env: "moving" });
  await openList(page, "/runs?env=moving");
  await expect(rows(page)).toContainText("scheduled");
  await api(scene, "/runs.cancel", { body: { run_id: runId } });
  await expect(rows(page)).toContainText("canceled");
  make(scene, { count: 2, env: "moving" });
  await expect(page.getByRole("button", { name: "2 new" })).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "2 new" }).click();
  await expect(rows(page)).toHaveCount(3);
});

test("what is listed is taken away as a file", async ({ page, scene }) => {
  make(scene, { count: 4, env: "files" });
  await openList(page, "/runs?env=files");
  for (const [name, beginning] of [["Workbook", "PK"], ["Comma-separated", "run_id,title"], ["JSON", "["]]) {
    await page.getByRole("button", { name: "Export" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("dialog", { name: "Export" }).getByRole("link", { name: new RegExp(name) }).click();
    const file = await (await download).path();
    const bytes = fs.readFileSync(file);
    expect(bytes.subarray(0, beginning.length).toString()).toBe(beginning);
    await page.keyboard.press("Escape");
  }
});

for (const theme of ["light", "dark"]) {
  test(`the list fits a phone and is in order, ${theme}`, async ({ page, context, scene }) => {
    make(scene, { count: 3, env: `phone-${theme}` });
    await context.addCookies([{ name: "theme", value: theme, url: scene.url }]);
    for (const size of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
      await page.setViewportSize(size);
      await openList(page, `/runs?env=phone-${theme}&stauts=x`);
      await page.locator("td.mark input").first().check();
      await expectInOrder(page);
      await page.screenshot({ path: `target/e2e/run-list-${theme}-${size.width}.png` });
    }
  });
}

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the list is narrowed, marked and acted on by forms", async ({ page, scene }) => {
    make(scene, { count: 2, env: "plain" });
    await page.goto("/runs?env=plain");
    await page.locator("[data-key=filter]").fill("status:scheduled");
    await page.getByRole("button", { name: "Filter" }).click();
    await expect(page).toHaveURL(/\/runs\?status=scheduled&env=plain$/);
    await expect(rows(page)).toHaveCount(2);
    // Without scripts the head has no mark for all.
    await rows(page).first().getByRole("checkbox").check();
    await page.getByRole("button", { name: "Cancel…" }).click();
    await expect(page.getByRole("heading", { name: "Cancel 1 run?" })).toBeVisible();
    await page.getByRole("button", { name: "Cancel 1 run" }).click();
    await expect(page).toHaveURL(/\/bulk\//);
    await expect(page.getByRole("region", { name: "This operation", exact: true })).toBeVisible();
  });

  test("a number that does not fit is refused in words", async ({ page, scene }) => {
    make(scene, { count: 51, env: "refused" });
    await page.goto("/runs?env=refused");
    await page.locator("[data-whole]").check();
    await page.getByRole("button", { name: "Cancel…" }).click();
    await page.getByLabel("Type 51 to go on").evaluate((field) => field.removeAttribute("pattern"));
    await page.getByLabel("Type 51 to go on").fill("5");
    await page.getByRole("button", { name: "Cancel 51 runs" }).click();
    await expect(page.getByRole("alert").first()).toContainText("Type 51");
  });
});
