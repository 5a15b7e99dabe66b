// The board under hands: keys, the brush over the chart, and that nothing moves while somebody points at it.
import { expect, lane, openBoard, runIn, test } from "./support/pages.mjs";
import { api, startWorker } from "./support/scene.mjs";

/** A slow run in lane D, on a worker that goes with the test. */
async function withSlowRun(scene, act) {
  const worker = startWorker(scene, "board", "D");
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "e2e-slow", params: { ticks: 3000 } } });
  try {
    await act(runId);
  } finally {
    await api(scene, "/runs.cancel", { body: { run_id: runId } });
    await worker.stop();
  }
}

test("the board is worked with the keyboard alone", async ({ page, scene }) => {
  await withSlowRun(scene, async (runId) => {
    await openBoard(page);
    const card = lane(page, "D").getByRole("article").filter({ hasText: "Slow steps" }).first();
    await expect(card).toBeVisible({ timeout: 20_000 });
    const title = card.getByRole("heading").getByRole("link");

    // Another one, for there to be a next.
    const { run_id: other } = await api(scene, "/runs.create", { body: { template: "e2e-slow", lane: "A", run_after: "2099-01-01T00:00:00Z" } });
    await expect(lane(page, "A").locator(`a[href*="${other}"]`)).toBeVisible();

    await page.keyboard.press("4");
    await expect(title).toBeFocused();
    await page.keyboard.press("Enter");
    const drawer = page.getByRole("complementary", { name: "Selected run" });
    await expect(drawer).toContainText(runId);
    await expect(drawer.getByRole("log", { name: "Log" })).toContainText("tick 3", { timeout: 20_000 });
    await expect(title).toHaveAttribute("aria-current", "true");

    await page.keyboard.press("c");
    await expect(page.getByRole("dialog", { name: /Cancel/ })).toBeVisible();
    await page.keyboard.press("Escape");

    await title.focus();
    await page.keyboard.press("k");
    await expect(title).not.toBeFocused();
    await page.keyboard.press("j");
    await expect(title).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/runs/${runId}`));
    await expect(page.getByRole("heading", { level: 1, name: "Slow steps" })).toBeVisible();
    await api(scene, "/runs.cancel", { body: { run_id: other } });
  });
});

test("r starts the selected run again", async ({ page, scene }) => {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/healthz` } } });
  await openBoard(page, `/?run=${runId}`);
  const drawer = page.getByRole("complementary", { name: "Selected run" });
  await expect(drawer).toContainText("success", { timeout: 20_000 });
  await page.keyboard.press("r");
  await page.waitForURL((url) => url.pathname.startsWith("/runs/run_") && !url.pathname.endsWith(runId));
});

test("every key of the board stands in the help", async ({ page }) => {
  await openBoard(page);
  await page.keyboard.press("Shift+?");
  const help = page.getByRole("dialog", { name: "Keyboard" });
  await expect(help).toBeVisible();
  for (const key of ["1", "4", "j", "k", "Enter", "l", "c", "r", "p"]) await expect(help.locator("kbd", { hasText: new RegExp(`^${key}$`) }).first()).toBeVisible();
});

/** What the list of runs was asked for: minutes between from and to. */
function minutesAsked(page) {
  const { searchParams } = new URL(page.url());
  return (new Date(`${searchParams.get("to")}Z`) - new Date(`${searchParams.get("from")}Z`)) / 60_000;
}

test("a drag over the chart leads to the runs of those minutes", async ({ page }) => {
  await openBoard(page);
  const plot = await page.locator(".plot").boundingBox();
  const at = (share) => [plot.x + plot.width * share, plot.y + plot.height / 2];
  await page.mouse.move(...at(0.505));
  await page.mouse.down();
  await page.mouse.move(...at(0.6));
  await page.mouse.move(...at(0.755));
  await expect(page.locator(".chart .scale")).toHaveText(/^\d\d:\d\d to \d\d:\d\d UTC$/);
  await page.mouse.up();
  await expect(page).toHaveURL(/\/runs\?from=/);
  expect(minutesAsked(page)).toBe(16);
  await page.goBack();
  await expect(page.locator(".plot")).toBeVisible();
});

test("two clicks do the same, and a pointer that leaves takes the brush along", async ({ page }) => {
  await openBoard(page);
  const plot = page.locator(".plot");
  const { width, height } = await plot.boundingBox();
  const at = (share) => ({ position: { x: width * share, y: height / 2 } });
  await plot.click(at(0.305));
  await expect(page.locator(".chart .scale")).toContainText("UTC");
  await page.mouse.move(2, 2);
  await expect(page.locator(".chart .scale")).toContainText("a minute");
  await plot.click(at(0.305));
  await plot.click(at(0.405));
  await expect(page).toHaveURL(/\/runs\?from=/);
  expect(minutesAsked(page)).toBe(7);
});

test("arrows, shift and Enter do the same", async ({ page }) => {
  await openBoard(page);
  const brush = page.getByRole("slider", { name: /^Minutes whose runs to list/ });
  await brush.focus();
  await page.keyboard.press("ArrowLeft");
  for (let press = 0; press < 4; press++) await page.keyboard.press("Shift+ArrowLeft");
  await expect(brush).toHaveAttribute("aria-valuetext", /^\d\d:\d\d to \d\d:\d\d UTC$/);
  await page.keyboard.press("Escape");
  await expect(brush).toHaveAttribute("aria-valuetext", /a minute/);
  await page.keyboard.press("ArrowLeft");
  for (let press = 0; press < 4; press++) await page.keyboard.press("Shift+ArrowLeft");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\?from=/);
  expect(minutesAsked(page)).toBe(5);
});

test("nothing moves under the pointer; what is new is counted and comes when the pointer goes", async ({ page, scene }) => {
  const enqueue = async () => (await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/healthz` }, lane: "C" } })).run_id;
  await api(scene, "/api/lanes/C/pause", { method: "POST", body: {} });
  const made = [];
  try {
    made.push(await enqueue());
    await openBoard(page);
    const column = lane(page, "C");
    const first = runIn(column, made[0]);
    await expect(first).toBeVisible();
    await column.hover();
    const before = await first.boundingBox();
    for (let count = 0; count < 3; count++) made.push(await enqueue());
    await expect(column.getByRole("button", { name: "3 new" })).toBeVisible();
    expect(await first.boundingBox()).toEqual(before);
    await expect(runIn(column, made[3])).toHaveCount(0);
    await page.mouse.move(2, 2);
    await expect(runIn(column, made[3])).toBeVisible();
  } finally {
    for (const runId of made) await api(scene, "/runs.cancel", { body: { run_id: runId } });
    await api(scene, "/api/lanes/C/resume", { method: "POST", body: {} });
  }
});

test("a paused board stands still until it goes on", async ({ page, scene }) => {
  await openBoard(page);
  await page.keyboard.press("p");
  await expect(page.getByRole("button", { name: /Updates: Paused/ })).toBeVisible();
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/healthz` } } });
  await expect.poll(async () => (await api(scene, `/api/runs/${runId}`)).status, { timeout: 20_000 }).toBe("success");
  await expect(runIn(lane(page, "B"), runId)).toHaveCount(0);
  await page.keyboard.press("p");
  await expect(runIn(lane(page, "B"), runId)).toBeVisible();
});
