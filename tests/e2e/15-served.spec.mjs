// Pages that the server draws: what a person does on them works with and without a script, without a reload, and what
// changes by itself does not take away what somebody is about to do.
import { expect, expectSameDocument, markDocument, test, untilLive } from "./support/pages.mjs";
import { api, scene as currentScene, startWorker } from "./support/scene.mjs";

const workers = {};

test.beforeAll(() => {
  const scene = currentScene();
  for (const name of ["drained", "kept"]) workers[name] = startWorker(scene, name, "D");
});

test.afterAll(async () => {
  await Promise.all(Object.values(workers).map((worker) => worker.stop()));
});

const row = (page, name) => page.getByRole("row", { name: new RegExp(`^${name} `) });

test("a worker is drained with the keyboard, and no refresh takes the question away", async ({ page }) => {
  await page.goto("/");
  await untilLive(page);
  await markDocument(page);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Workers" }).click();
  await expect(row(page, "drained")).toContainText("fresh");
  await expect(page).toHaveTitle(/^Workers/);

  await page.getByRole("button", { name: "Drain drained" }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("dialog", { name: "Drain drained" });
  await expect(question).toBeVisible();
  // Longer than the page waits before it is drawn again.
  await page.waitForTimeout(6_500);
  await expect(question).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");

  await expect(row(page, "drained")).toContainText("draining");
  await expect(page.getByRole("status").filter({ hasText: "The worker takes no more runs." })).toBeVisible();
  await expect(row(page, "kept")).toContainText("fresh");
  await expectSameDocument(page);
});

test("the audit is searched by its address, back and forward", async ({ page, scene }) => {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", run_after: "2099-01-01T00:00:00Z" } });
  await api(scene, "/runs.cancel", { body: { run_id: runId } });
  await page.goto("/audit");
  await page.getByLabel("Did what").fill("cancel_run");
  await markDocument(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/audit\?verb=cancel_run$/);
  await expect(page.getByRole("cell", { name: "cancel run" }).first()).toBeVisible();
  await expect(page.getByRole("cell", { name: "enqueue run" })).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/\/audit$/);
  await expect(page.getByRole("cell", { name: "enqueue run" }).first()).toBeVisible();
  await expectSameDocument(page);
});

test("a day that is none is refused in words", async ({ page }) => {
  const answer = await page.goto("/audit?from=yesterday");
  expect(answer.status()).toBe(422);
  await expect(page.getByRole("alert")).toContainText('"yesterday" is not a day.');
});

test("an address that is not there says so, also after a click", async ({ page }) => {
  const answer = await page.goto("/nothing/like/this");
  expect(answer.status()).toBe(404);
  await expect(page.getByRole("heading", { name: "Not found" })).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a worker is drained and the page comes back", async ({ page }) => {
    await page.goto("/workers");
    await page.getByRole("button", { name: "Drain kept" }).click();
    await page.getByRole("dialog", { name: "Drain kept" }).getByRole("button", { name: "Drain worker" }).click();
    await expect(page).toHaveURL(/\/workers\??$/);
    await expect(row(page, "kept")).toContainText("draining");
  });

  test("the numbers of the database are read", async ({ page }) => {
    await page.goto("/health/db");
    await expect(page.getByRole("row", { name: /oldest transaction/ })).toBeVisible();
    await expect(page.getByRole("row", { name: /public\.runs/ }).first()).toBeVisible();
  });
});
