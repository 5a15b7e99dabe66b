// What is the same on every page: the palette and the keys, used by keyboard alone, and what happens when a page breaks.
import AxeBuilder from "@axe-core/playwright";
import fs from "node:fs";
import path from "node:path";
import { until } from "../../script/parts/processes.mjs";
import { expect, expectSameDocument, markDocument, openBoard, test, untilLive } from "./support/pages.mjs";
import { api } from "./support/scene.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const palette = (page) => page.getByRole("dialog", { name: "Go to" });

test("the palette leads to pages, templates and runs by a few letters and the keyboard alone", async ({ page, scene }) => {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", run_after: "2099-01-01T00:00:00Z" } });
  await openBoard(page);
  await markDocument(page);
  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("combobox")).toBeFocused();
  await expect(palette(page).getByRole("option", { selected: true })).toContainText("Runboard");
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  await page.keyboard.type("wrk");
  await expect(palette(page).getByRole("option", { selected: true })).toContainText("Workers");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/workers$/);
  await expect(palette(page)).toBeHidden();

  await page.keyboard.press("Control+k");
  await page.keyboard.type("start healthc");
  await expect(palette(page).getByRole("option", { selected: true })).toContainText("Start");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/templates\/healthcheck\/run$/);

  await page.keyboard.press("Control+k");
  await page.keyboard.type(runId);
  await expect(palette(page).getByRole("option", { selected: true })).toContainText(runId);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(runId));

  await page.keyboard.press("Control+k");
  await expect(palette(page).getByRole("option").nth(1)).toBeVisible();
  await page.keyboard.press("ArrowDown");
  await expect(palette(page).getByRole("option").nth(1)).toHaveAttribute("aria-selected", "true");
  await page.keyboard.type("qqzzxx");
  await expect(palette(page)).toContainText("Nothing is called that.");
  await page.keyboard.press("Escape");
  await expect(palette(page)).toBeHidden();
  await expectSameDocument(page);
  await api(scene, "/runs.cancel", { body: { run_id: runId } });
});

test("a view is found in the palette by the name it was given, as long as it is there", async ({ page }) => {
  await page.goto("/runs?status=failed&env=night");
  await untilLive(page);
  await page.getByRole("button", { name: "Save view" }).click();
  const save = page.getByRole("dialog", { name: "Save view" });
  await save.getByLabel("Name").fill("Night troubles");
  await save.getByRole("button", { name: "Save view" }).click();
  const views = page.getByRole("navigation", { name: "Views" });
  await expect(views.getByRole("link", { name: "Night troubles" })).toBeVisible();

  await openBoard(page);
  await markDocument(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("ntro");
  const found = palette(page).getByRole("option", { selected: true });
  await expect(found).toContainText("Night troubles");
  await expect(found).toContainText("View");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL((url) => url.pathname === "/runs" && url.searchParams.get("env") === "night" && url.searchParams.get("status") === "failed");
  await expect(views.getByRole("link", { name: "Night troubles" })).toHaveAttribute("aria-current", "page");
  await expectSameDocument(page);

  await page.getByRole("button", { name: "Change the view Night troubles" }).click();
  await page.getByRole("button", { name: "Delete view" }).click();
  await expect(views.getByRole("link", { name: "Night troubles" })).toHaveCount(0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("ntro");
  await expect(palette(page)).toContainText("Nothing is called that.");
});

test("two keys lead to the pages, the help lists every key", async ({ page }) => {
  await openBoard(page);
  for (const [key, address] of [["r", "/runs"], ["t", "/templates"], ["w", "/workers"], ["s", "/schedules"], ["a", "/alerts"], ["b", "/"]]) {
    await page.keyboard.press("g");
    await page.keyboard.press(key);
    await expect(page).toHaveURL((url) => url.pathname === address);
  }
  await page.keyboard.press("Shift+?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  for (const words of ["Go to anything by a few letters", "Schedules", "Alerts", "This list"]) await expect(help.getByText(words, { exact: true })).toBeVisible();
});

test("a page that breaks says so, offers to be loaded again, and reports itself once", async ({ page, scene }) => {
  const reports = [];
  page.on("request", (request) => request.url().endsWith("/client-errors") && reports.push(request.postDataJSON()));
  // A document that is not what the page expects, as a proxy or an extension would make it, once.
  await page.route("**/workers", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/<body[^>]*>/, "$&words") });
  }, { times: 1 });
  await page.goto("/workers");
  await expect(page.getByRole("alert").filter({ hasText: "This page has stopped working" })).toBeVisible();
  await expect.poll(() => reports.length).toBe(1);
  expect(reports[0]).toMatchObject({ address: "/workers" });
  const log = path.join(scene.directory, "server.log");
  await until("the server to log it", () => fs.readFileSync(log, "utf8").includes("A page broke in a browser."));
  await page.getByRole("link", { name: "Load it again" }).click();
  await expect(page.getByText("This page has stopped working")).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Workers" })).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("what the palette finds is a page", async ({ page }) => {
    await page.goto("/palette");
    await page.getByRole("searchbox").fill("work");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByRole("link", { name: "Workers" }).last().click();
    await expect(page).toHaveURL(/\/workers$/);
  });

  test("an address with nothing says what to do", async ({ page }) => {
    const response = await page.goto("/no/such/page");
    expect(response.status()).toBe(404);
    await expect(page.getByRole("link", { name: "Find it by a few letters" })).toBeVisible();
  });
});
