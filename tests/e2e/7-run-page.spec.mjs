// The page of a run: its log searched, filtered and linked; its timeline; the run stopped and started again, by mouse,
// by keyboard alone, and without any script.
import AxeBuilder from "@axe-core/playwright";
import { until } from "../../script/parts/processes.mjs";
import { expect, openTab, runHead, test, untilLive } from "./support/pages.mjs";
import { api, scene as currentScene, sql, startWorker } from "./support/scene.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SLOW = { template: "e2e-slow", params: { ticks: 3000 } };

/** A run that has printed 1,202 lines and ended. */
let talk;

test.beforeAll(async () => {
  const scene = currentScene();
  talk = (await api(scene, "/runs.create", { body: { template: "e2e-talk" } })).run_id;
  await until("the talk to end", async () => (await api(scene, `/api/runs/${talk}`)).status === "success", { timeoutMs: 60_000 });
});

function log(page) {
  return page.getByRole("log", { name: "Log" });
}

function line(page, number) {
  return page.locator(`#L${number}`);
}

async function open(page, address) {
  await page.goto(address);
  await untilLive(page);
}

async function search(page, text) {
  await page.getByRole("searchbox", { name: "Search the log" }).fill(text);
  await page.keyboard.press("Enter");
}

test("a text is found far above, hits are counted and walked, and the address keeps the search", async ({ page }) => {
  await open(page, `/runs/${talk}`);
  await expect(line(page, 1202)).toBeVisible();
  await search(page, "needle");
  await expect(page.locator(".hits")).toContainText("of 4");
  await page.locator("body").click({ position: { x: 1, y: 1 } });
  await page.keyboard.press("k");
  await page.keyboard.press("N");
  await page.keyboard.press("n");
  const marked = page.locator(".line.target");
  await expect(marked.locator("mark")).toHaveText("needle");
  await expect(page).toHaveURL(/q=needle/);

  // From the first hit on, the lines around it are read although the window was at the end.
  await open(page, `/runs/${talk}?tab=logs&q=needle&line=300`);
  await expect(line(page, 300)).toBeInViewport();
  await expect(page.locator(".hits")).toContainText("1 of 4");
  await page.keyboard.press("j");
  await expect(page.locator(".hits")).toContainText("2 of 4");
  await expect(line(page, 700)).toBeInViewport();

  await search(page, "nothing says this");
  await expect(page.locator(".hits")).toContainText("No line");
});

test("levels and steps leave lines out on the server, and a line leads to what stands around it", async ({ page, scene }) => {
  await open(page, `/runs/${talk}`);
  await page.getByLabel("Level").selectOption("error");
  await expect(log(page).locator(".line")).toHaveCount(4);
  await expect(log(page)).toContainText("ERROR line 200 is wrong");
  await expect(log(page)).toContainText("settings.toml: no such file");
  await expect(page).toHaveURL(/level=error/);

  await page.getByLabel("Level").selectOption("warn");
  await expect(log(page).locator(".line")).toHaveCount(7);
  await page.getByLabel("Step").selectOption("mutter");
  await expect(log(page).locator(".line")).toHaveCount(1);
  await page.getByLabel("Level").selectOption("");
  await expect(log(page).locator(".line")).toHaveCount(2);
  await page.goBack();
  await page.goForward();

  const part = await page.getByRole("link", { name: "This part" }).getAttribute("href");
  const response = await page.request.get(new URL(part, scene.url).href);
  expect((await response.text()).trim().split("\n").sort()).toEqual(["a needle at the end", "settings.toml: no such file"]);

  await open(page, `/runs/${talk}?tab=logs&level=error`);
  await line(page, 600).locator("> a").click();
  await expect(page).toHaveURL(/line=600/);
  await expect(line(page, 601)).toBeInViewport();
  await expect(line(page, 600)).toHaveClass(/target/);
});

test("a line has an address, a range too, and what is copied is plain text", async ({ page }) => {
  await open(page, `/runs/${talk}?tab=logs&line=298-300`);
  await expect(page.locator(".line.target")).toHaveCount(3);
  await expect(line(page, 298)).toBeInViewport();
  const link = line(page, 300).getByRole("link", { name: /example/ });
  await expect(link).toHaveAttribute("href", "https://example.com/docs?line=300");
  await expect(link).toHaveAttribute("rel", /noopener/);

  await line(page, 302).locator("> a").click();
  await expect(page).toHaveURL(/line=302/);
  await line(page, 304).locator("> a").click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(/line=302-304/);
  await expect(page.locator(".line.target")).toHaveCount(3);

  const copied = await page.evaluate(() => {
    const range = document.createRange();
    range.setStartBefore(document.getElementById("L302"));
    range.setEndAfter(document.getElementById("L303"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return getSelection().toString();
  });
  expect(copied.trim().split(/\n+/)).toEqual(["line 302 of plain talk", "line 303 of plain talk"]);
});

test("times in three modes and wrapping are remembered, and the log fills the screen", async ({ page }) => {
  await open(page, `/runs/${talk}`);
  const times = page.locator("[data-do=times]");
  await expect(times).toHaveText("Clock, UTC");
  await expect(log(page).locator("time").first()).toHaveText(/^\d\d:\d\d:\d\d$/);
  await page.keyboard.press("T");
  await expect(times).toHaveText("Times off");
  await expect(log(page).locator("time")).toHaveCount(0);
  await page.keyboard.press("T");
  await expect(times).toHaveText("Since start");
  await expect(log(page).locator("time").first()).toHaveText(/^\d+:\d\d\.\d$/);
  await page.getByRole("button", { name: "Wrap" }).click();
  await page.reload();
  await untilLive(page);
  await expect(times).toHaveText("Since start");
  await expect(page.getByRole("button", { name: "Wrap" })).toHaveAttribute("aria-pressed", "true");

  await page.keyboard.press("f");
  const panel = page.locator(".logs");
  await expect(panel).toHaveClass(/full/);
  await log(page).focus();
  await page.keyboard.press("Escape");
  await expect(panel).not.toHaveClass(/full/);
});

test("the timeline leads from a step to its lines, and keys go between the two", async ({ page }) => {
  await open(page, `/runs/${talk}`);
  await page.keyboard.press("t");
  const steps = page.getByRole("list", { name: "Steps" });
  await expect(steps.getByRole("listitem")).toHaveText([/Talk.*success/, /Mutter.*success/]);
  await steps.getByRole("link", { name: "Mutter" }).click();
  await expect(log(page).locator(".line")).toHaveCount(2);
  await expect(page.getByLabel("Step")).toHaveValue("mutter");
  await page.keyboard.press("t");
  await page.keyboard.press("l");
  await expect(log(page)).toBeVisible();
});

test("parameters keep every digit, and events, result and attempts are drawn", async ({ page, scene }) => {
  const big = "12345678901234567890123";
  const { run_id: digits } = await api(scene, "/runs.create", { body: { template: "e2e-talk", run_after: "2099-01-01T00:00:00Z" } });
  sql(scene, `update runs set params = params || '{"big": ${big}}' where run_id = '${digits}'`);
  await open(page, `/runs/${digits}?tab=params`);
  await expect(page.getByRole("region", { name: "Parameters" })).toContainText(`"big": ${big}`);
  await api(scene, "/runs.cancel", { body: { run_id: digits } });
  await open(page, `/runs/${talk}`);
  await openTab(page, "Result");
  await expect(page.getByRole("region", { name: "Result" })).toContainText('"talk": "success"');
  await openTab(page, "Events");
  await expect(page.locator(".event .kind", { hasText: /^claimed$/ })).toBeVisible();
  await openTab(page, "Attempts");
  await expect(page.getByRole("region", { name: "Attempts" })).toContainText("everyday");
});

test("a story of more than a page is read on to its end", async ({ page, scene }) => {
  sql(scene, `insert into run_events (run_id, lease_seq, seq, day, at, kind, message)
    select '${talk}', 900000, n, current_date, now() + n * interval '1 ms', 'note', 'note ' || n from generate_series(1, 450) as n`);
  await open(page, `/runs/${talk}?tab=events`);
  await expect(page.locator(".event")).toHaveCount(200);
  await page.getByRole("link", { name: "Later" }).click();
  await expect(page.locator(".event").last()).not.toContainText("note 200");
  await page.getByRole("link", { name: "Newest" }).click();
  await expect(page.locator(".event").last()).toContainText("note 450");
  await page.getByRole("link", { name: "From the beginning" }).click();
  await expect(page.locator(".event").first()).toContainText("queued");
});

test("a queued run says why it waits, shows its plan, and is canceled at once by keyboard alone", async ({ page, scene }) => {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { ...SLOW, run_after: "2099-01-01T00:00:00Z" } });
  await open(page, `/runs/${runId}`);
  await expect(page.getByRole("region", { name: "Why it waits" })).toContainText("It is to start in");
  await expect(page).toHaveTitle(/^scheduled: Slow steps/);
  await page.keyboard.press("t");
  await expect(page.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveText([/First.*planned/, /Second.*planned/]);
  await page.keyboard.press("c");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.type("not needed");
  await page.keyboard.press("Enter");
  await expect(runHead(page)).toContainText("canceled");
  await expect(page).toHaveTitle(/^canceled: /);
  expect(await page.locator("link[rel=icon]").getAttribute("href")).toBe("/favicon-idle.svg");
});

test("a worker that does not obey is passed over by keyboard alone, after its grace", async ({ page, scene }) => {
  sql(scene, "update runboard_internal.settings set value = 3000 where key = 'cancel_grace'");
  const worker = startWorker(scene, "stubborn", "D");
  try {
    const { run_id: runId } = await api(scene, "/runs.create", { body: SLOW });
    await open(page, `/runs/${runId}`);
    await expect(log(page)).toContainText("tick 3", { timeout: 20_000 });
    worker.signal("SIGSTOP");
    await page.keyboard.press("c");
    await expect(page.getByRole("dialog")).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(runHead(page)).toContainText(/Stopping since .*may be forced in/);
    await expect(runHead(page)).toContainText("stopping");
    await expect(runHead(page).getByRole("button", { name: "Force: mark canceled" })).toBeVisible({ timeout: 10_000 });
    await page.keyboard.press("c");
    await expect(page.getByRole("dialog")).toContainText("what it does outside is not undone");
    await page.keyboard.press("Enter");
    await expect(runHead(page)).toContainText("canceled");
  } finally {
    worker.signal("SIGCONT");
    await worker.stop();
    sql(scene, "update runboard_internal.settings set value = 15000 where key = 'cancel_grace'");
  }
});

test("a run is started again with one parameter changed, and both runs say so", async ({ page, scene }) => {
  await open(page, `/runs/${talk}`);
  await page.keyboard.press("e");
  await expect(page.getByLabel("Lines")).toHaveValue("1200");
  await page.getByLabel("Lines").fill("3");
  await page.getByRole("button", { name: "Show changes" }).click();
  const changes = page.getByRole("region", { name: "Changes to the earlier run" });
  await expect(changes).toContainText("1200");
  await expect(changes.locator("ins")).toHaveText("3");
  await expect(changes.locator("del")).toHaveCount(1);
  await page.getByLabel("Note").fill("shorter");
  await page.getByRole("button", { name: "Start again" }).click();
  await page.waitForURL((url) => /^\/runs\/run_\w+$/.test(url.pathname) && !url.pathname.endsWith(talk));
  await expect(runHead(page)).toContainText("success", { timeout: 20_000 });
  await expect(log(page).locator(".line")).toHaveCount(5);
  await expect(page.getByRole("region", { name: "Related runs" })).toContainText(talk);
  await openTab(page, "Events");
  await expect(page.locator(".event", { hasText: "shorter" })).toBeVisible();
  // What nobody touched is as it was, digit for digit.
  const again = new URL(page.url()).pathname.split("/").pop();
  expect(sql(scene, `select params ->> 'big' from runs where run_id = '${again}'`)).toBe("9007199254740993");
  expect(sql(scene, `select params ->> 'lines' from runs where run_id = '${again}'`)).toBe("3");
});

test("a value that does not fit is refused in the form and nothing is lost", async ({ page }) => {
  await page.goto(`/runs/${talk}/rerun`);
  await page.getByLabel("Word").fill("kept");
  await page.getByLabel("Lines").evaluate((field) => field.removeAttribute("max"));
  await page.getByLabel("Lines").fill("900000");
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByText(/another look|less than|maximum/i).first()).toBeVisible();
  await expect(page.getByLabel("Word")).toHaveValue("kept");
});

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  for (const theme of ["light", "dark"]) {
    test(`log, timeline and rerun form are in order, ${theme}`, async ({ page, context, scene }) => {
      await context.addCookies([{ name: "theme", value: theme, url: scene.url }]);
      for (const address of [`/runs/${talk}?tab=logs&q=needle`, `/runs/${talk}?tab=timeline`, `/runs/${talk}?tab=params`, `/runs/${talk}/rerun`]) {
        await page.goto(address);
        const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
        expect(violations.map(({ id, nodes }) => `${address} ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      }
      await page.goto(`/runs/${talk}?tab=timeline`);
      const bar = await page.locator(".gantt .track").first().boundingBox();
      expect(bar.width, "the bar has a line of its own").toBeGreaterThan(200);
      await expect(page.getByRole("list", { name: "Steps" })).toContainText("success");
    });
  }
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the log is read, filtered and searched", async ({ page }) => {
    await page.goto(`/runs/${talk}?tab=logs`);
    await expect(line(page, 1202)).toBeVisible();
    await page.getByLabel("Level").selectOption("error");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(log(page).locator(".line")).toHaveCount(4);
    await page.goto(`/runs/${talk}?tab=logs`);
    await page.getByRole("searchbox", { name: "Search the log" }).fill("needle");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.locator(".hits")).toContainText("1 of 4");
    await page.getByRole("link", { name: "Next hit" }).click();
    await expect(page.locator(".hits")).toContainText("2 of 4");
    await expect(line(page, 700)).toHaveClass(/target/);
  });

  test("a run is canceled, and started again with another parameter", async ({ page, scene }) => {
    const { run_id: runId } = await api(scene, "/runs.create", { body: { ...SLOW, run_after: "2099-01-01T00:00:00Z" } });
    await page.goto(`/runs/${runId}`);
    await runHead(page).getByRole("button", { name: "Cancel run" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel run" }).click();
    await page.goto(`/runs/${runId}`);
    await expect(runHead(page)).toContainText("canceled");

    await page.goto(`/runs/${talk}`);
    await page.getByRole("link", { name: "Edit and rerun" }).click();
    await page.getByLabel("Word").fill("quiet");
    await page.getByRole("button", { name: "Show changes" }).click();
    await expect(page.getByRole("region", { name: "Changes to the earlier run" })).toContainText("quiet");
    await page.getByRole("button", { name: "Start again" }).click();
    await expect(page).toHaveURL(/\/runs\/run_\w+$/);
    await expect(runHead(page)).toBeVisible();
    expect(page.url()).not.toContain(talk);
  });
});
