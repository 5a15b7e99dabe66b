// Whoever asks for a run, the open board shows it within two seconds and nobody reloads.
import { expect, expectSameDocument, lane, markDocument, openBoard, runIn, test } from "./support/pages.mjs";
import { api, sql } from "./support/scene.mjs";

const WAYS = {
  "POST /runs.create": async (scene) => (await api(scene, "/runs.create", { body: { template: "e2e-slow" } })).run_id,
  "POST /actions/run": async (scene) =>
    (await api(scene, "/actions/run", { body: { action: "template.run", options: { template: "e2e-slow" } } })).run_id,
  "enqueue_run in psql": async (scene) => sql(scene, `select enqueue_run('{"template": "e2e-slow"}') ->> 'run_id'`),
};

for (const [way, ask] of Object.entries(WAYS)) {
  test(`a run asked for by ${way} appears on the open board`, async ({ page, scene }) => {
    await openBoard(page);
    await markDocument(page);
    const runId = await ask(scene);
    await expect(runIn(lane(page, "D"), runId)).toBeVisible({ timeout: 2_000 });

    await api(scene, "/runs.cancel", { body: { run_id: runId } });
    await expect(runIn(lane(page, "D"), runId)).toContainText("canceled", { timeout: 2_000 });
    await expectSameDocument(page);
  });
}

test("a lane paused over SQL says so on the open board", async ({ page, scene }) => {
  await openBoard(page);
  sql(scene, "select pause_lane('C', 'for the test')");
  await expect(lane(page, "C")).toContainText("for the test", { timeout: 2_000 });
  await lane(page, "C").getByRole("button", { name: "Resume lane C" }).click();
  await expect(lane(page, "C")).not.toContainText("for the test");
});

test("a viewer's token reads and starts nothing", async ({ scene }) => {
  const token = scene.known.RUNBOARD_VIEWER_TOKEN;
  expect(await api(scene, "/api/lanes", { token })).toBeTruthy();
  await expect(api(scene, "/runs.create", { body: { template: "e2e-slow" }, token })).rejects.toThrow(/403/);
});
