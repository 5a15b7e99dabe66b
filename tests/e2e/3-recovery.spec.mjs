// Things go wrong: a worker is killed, a run is canceled, a step fails. The pages say what happened.
import { until } from "../../script/parts/processes.mjs";
import { expect, openTab, runHead, test } from "./support/pages.mjs";
import { api, startWorker } from "./support/scene.mjs";

const workers = [];
test.afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.stop();
});

function worker(scene, name) {
  const started = startWorker(scene, name, "D");
  workers.push(started);
  return started;
}

/** The two process ids that the slow step prints, once it has begun to count. */
async function countingShell(page) {
  const log = page.getByRole("log", { name: "Log" });
  await expect(log).toContainText("tick 3", { timeout: 20_000 });
  return /shell (\d+) child (\d+)/.exec(await log.innerText()).slice(1).map(Number);
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a run whose worker is killed goes on with another within thirty seconds", async ({ page, scene }) => {
  const doomed = worker(scene, "doomed");
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", params: { ticks: 40 } } });
  await page.goto(`/runs/${runId}`);
  await expect(runHead(page)).toContainText("doomed");
  await countingShell(page);

  worker(scene, "heir");
  doomed.signal("SIGKILL");
  const killedAt = Date.now();
  await expect(runHead(page)).toContainText("heir", { timeout: 30_000 });
  expect(Date.now() - killedAt).toBeLessThan(30_000);
  await expect(runHead(page)).toContainText("success", { timeout: 30_000 });

  await expect(runHead(page)).toContainText("1 lost with their worker");
  await openTab(page, "Attempts");
  const attempts = page.getByRole("region", { name: "Attempts" }).getByRole("row");
  await expect(attempts.nth(1)).toContainText(/1\s*lost\s*doomed/);
  await expect(attempts.nth(2)).toContainText(/2\s*success\s*heir/);
  await openTab(page, "Events");
  await expect(page.locator(".event .kind", { hasText: /^lost$/ })).toBeVisible();
  await expect(page.locator(".event .kind", { hasText: /^resumed$/ })).toBeVisible();

  // The step that was done before is not done again.
  const { items: steps } = await api(scene, `/api/runs/${runId}/steps`);
  expect(steps.filter((step) => step.step === "first")).toHaveLength(1);
});

test("cancel stops the whole process group and keeps what was printed", async ({ page, scene }) => {
  worker(scene, "obedient");
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", params: { ticks: 3000 } } });
  await page.goto(`/runs/${runId}`);
  const pids = await countingShell(page);
  expect(pids.map(isAlive)).toEqual([true, true]);

  await runHead(page).getByRole("button", { name: "Cancel run" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/Reason/).fill("wrong month");
  await dialog.getByRole("button", { name: "Cancel run" }).click();
  await expect(runHead(page)).toContainText("canceled", { timeout: 20_000 });

  await until("the processes to be gone", () => !pids.some(isAlive), { timeoutMs: 10_000 });
  await expect(page.getByRole("log", { name: "Log" })).toContainText("tick 3");
  await openTab(page, "Events");
  await expect(page.locator(".event", { hasText: "wrong month" }).first()).toBeVisible();
  await expect(page.locator(".event .kind", { hasText: /^canceled$/ }).first()).toBeVisible();
});

test("a failed step says why and what to do", async ({ page, scene }) => {
  worker(scene, "witness");
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-broken" } });
  await page.goto(`/runs/${runId}`);
  const failure = page.getByRole("region", { name: "Why it failed" });
  await expect(failure).toContainText("3", { timeout: 20_000 });
  await expect(failure).toContainText("fail");
  await expect(failure.locator("p").nth(1)).not.toBeEmpty();
  await expect(page.getByRole("log", { name: "Log" })).toContainText("settings.toml: no such file");

  await runHead(page).getByRole("button", { name: "Rerun", exact: true }).click();
  await page.waitForURL((url) => url.pathname.startsWith("/runs/run_") && !url.pathname.endsWith(runId));
  await expect(page.getByRole("region", { name: "Related runs" })).toContainText(runId);
});
