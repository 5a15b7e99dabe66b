// A newcomer: one link, one form, one run that turns green while they look.
import { expect, expectSameDocument, lane, markDocument, openBoard, openTab, runHead, runIn, test } from "./support/pages.mjs";
import { api, followLink, loginLink } from "./support/scene.mjs";

test.describe("without a session", () => {
  test.use({ storageState: undefined });

  test("a login link opens the board once", async ({ page, scene }) => {
    const link = await loginLink(scene);
    await followLink(page, link);
    for (const name of ["A", "B", "C", "D"]) await expect(lane(page, name)).toBeVisible();

    await page.context().clearCookies();
    await page.goto(link);
    await expect(page.getByRole("alert")).toContainText("used already");
  });

  test("pages lead to the login and back", async ({ page }) => {
    await page.goto("/workers");
    await expect(page.getByRole("heading", { name: "Log in to Runboard" })).toBeVisible();
    await expect(page).toHaveURL(/\/login\?next=/);
  });
});

test("a run started from the generated form crosses the open board", async ({ page, context, scene }) => {
  await openBoard(page);
  await markDocument(page);

  const form = await context.newPage();
  await form.goto("/");
  await form.getByRole("link", { name: "Start a run" }).click();
  await form.getByRole("link", { name: "Start Health check" }).click();
  await form.getByLabel("Address").fill(`${scene.url}/healthz`);
  await form.getByRole("button", { name: "Start run" }).click();
  await form.waitForURL(/\/runs\/run_/);
  const runId = /run_\d{8}_\d{6}_[a-z2-7]{8}/.exec(form.url())[0];

  const card = runIn(lane(page, "B"), runId);
  await expect(card).toBeVisible();
  await expect(card).toContainText("Health check");
  await expect(card).toContainText("success", { timeout: 20_000 });
  await expectSameDocument(page);
});

test("a required parameter left empty is refused in the form", async ({ page }) => {
  await page.goto("/templates/healthcheck/run");
  await page.getByLabel("Address").fill("not an address");
  await page.locator("form:has(#p-url), form:has([name='p[url]'])").evaluate((form) => (form.noValidate = true));
  await page.getByRole("button", { name: "Start run" }).click();
  await expect(page.locator(".problem").first()).toBeVisible();
  await expect(page.getByLabel("Address")).toHaveValue("not an address");
});

test("the page of a run has its steps, log, events, artifact, parameters and result", async ({ page, scene }) => {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/healthz` } } });
  await page.goto(`/runs/${runId}`);
  await expect(runHead(page)).toContainText("success", { timeout: 20_000 });

  await expect(page.getByRole("log", { name: "Log" })).toContainText("status=200");
  await openTab(page, "Timeline");
  await expect(page.getByRole("list", { name: "Steps" }).getByRole("listitem")).toHaveText([/Probe/, /Report/]);
  await openTab(page, "Events");
  for (const kind of ["queued", "claimed", "step started", "step finished", "success"]) {
    await expect(page.locator(".event .kind", { hasText: new RegExp(`^${kind}$`) }).first()).toBeVisible();
  }
  await openTab(page, "Artifacts");
  await page.getByRole("listitem").filter({ hasText: "health.md" }).getByRole("link", { name: "View" }).click();
  await expect(page.getByText(`Health of ${scene.url}/healthz`)).toBeVisible();
  await page.goBack();
  await openTab(page, "Params");
  await expect(page.getByRole("region", { name: "Parameters" })).toContainText(`${scene.url}/healthz`);
  await openTab(page, "Result");
  await expect(page.getByRole("region", { name: "Result" })).toContainText('"report": "success"');
  await openTab(page, "Attempts");
  await expect(page.getByRole("region", { name: "Attempts" })).toContainText("everyday");
});
