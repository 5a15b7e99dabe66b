// A run waits for a person: the board shows it, a viewer looks on, an operator decides, with and without script.
import AxeBuilder from "@axe-core/playwright";
import { until } from "../../script/parts/processes.mjs";
import { expect, lane, openBoard, openTab, runHead, runIn, test } from "./support/pages.mjs";
import { api, command, followLink, loginLink, sql } from "./support/scene.mjs";

const QUESTION = "Ship version 7 to everybody?";

/** Starts a run and waits until it asks. */
async function askingRun(scene) {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-gate" } });
  await until("the run to wait", async () => (await api(scene, `/api/runs/${runId}`)).status === "waiting");
  return runId;
}

function panel(page) {
  return page.getByRole("region", { name: "What it waits for" });
}

/** A page of somebody else, who is logged in by a link of their own. */
async function pageOf(browser, scene, email, role, options = {}) {
  await command(scene, "user", "add", "--email", email, "--role", role).catch(() => {});
  const context = await browser.newContext({ baseURL: scene.url, storageState: undefined, ...options });
  const page = await context.newPage();
  await followLink(page, await loginLink(scene, email));
  return page;
}

test("a run waits on the board, a viewer looks on, an operator approves and it goes on to green", async ({ page, scene, browser }) => {
  const runId = await askingRun(scene);
  await openBoard(page);
  const card = page.locator(`article[data-run="${runId}"]`);
  await expect(card).toContainText("waiting");
  await expect(card).toContainText(QUESTION);

  const viewer = await pageOf(browser, scene, "vera@localhost", "viewer");
  await viewer.goto(`/runs/${runId}`);
  await expect(panel(viewer)).toContainText("ask somebody with the role operator");
  await expect(panel(viewer).getByRole("button", { name: "Approve" })).toBeDisabled();
  await viewer.context().close();

  const operator = await pageOf(browser, scene, "olga@localhost", "operator");
  await operator.goto(`/runs/${runId}`);
  await expect(panel(operator)).toContainText(QUESTION);
  await expect(panel(operator)).toContainText("A person with the role operator or higher decides.");
  for (const size of [{ width: 390, height: 844 }, { width: 1280, height: 800 }]) {
    await operator.setViewportSize(size);
    const { violations } = await new AxeBuilder({ page: operator }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
    expect(violations.map((violation) => violation.id)).toEqual([]);
    expect(await operator.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  }
  await panel(operator).getByLabel(/Note/).fill("tested on Friday");
  await panel(operator).getByRole("button", { name: "Approve" }).click();
  await expect(runHead(operator)).toContainText("success", { timeout: 20_000 });
  await expect(panel(operator)).toHaveCount(0);
  await openTab(operator, "Events");
  await expect(operator.locator(".event", { hasText: "Approved by olga@localhost: tested on Friday" })).toBeVisible();
  await operator.context().close();

  await expect(runIn(lane(page, "A"), runId)).toBeVisible();
  expect(sql(scene, `select actor || ' ' || (detail ->> 'decision') || ' ' || (detail ->> 'note') from audit_log where verb = 'approve_step' and object_id = '${runId}'`))
    .toBe("olga@localhost approve tested on Friday");
});

test("a rejected run fails in the words of who rejected it, without any script", async ({ scene, browser }) => {
  const runId = await askingRun(scene);
  const operator = await pageOf(browser, scene, "olga@localhost", "operator", { javaScriptEnabled: false });
  await operator.goto(`/runs/${runId}`);
  await panel(operator).getByLabel(/Note/).fill("wrong month");
  await panel(operator).getByRole("button", { name: "Reject" }).click();
  await operator.goto(`/runs/${runId}`);
  await expect(runHead(operator)).toContainText("failed");
  await expect(operator.getByText("Rejected by olga@localhost: wrong month").first()).toBeVisible();
  await operator.context().close();
});
