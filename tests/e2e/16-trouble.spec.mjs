// When nothing moves, the board says why: nobody works, or nobody tells the page.
import fs from "node:fs";
import path from "node:path";
import { expect, expectSameDocument, lane, markDocument, runIn, test, untilLive } from "./support/pages.mjs";
import { api, command, signInState, startServer, startWorker } from "./support/scene.mjs";
import { layWire } from "./support/wire.mjs";

const wires = [];
test.afterEach(() => {
  for (const wire of wires.splice(0)) wire.cut();
});

test.describe("a board whose workers come and go", () => {
  let empty;
  const services = [];

  test.beforeAll(async () => {
    const { scene } = await import("./support/scene.mjs");
    const directory = fs.mkdtempSync(path.join(scene().directory, "trouble-"));
    // Postgres runs as another user when the tests run as root.
    fs.chmodSync(directory, 0o711);
    const { server, scene: started } = await startServer(directory);
    services.push(server);
    empty = { ...started, signedIn: path.join(directory, "signed-in.json") };
    await signInState(empty);
    await command(empty, "template", "apply", "crates/runs/src/demo/templates/healthcheck.yaml");
  });

  test.afterAll(async () => {
    for (const service of services.reverse()) await service.stop();
  });

  const worker = (name, lanes) => {
    const started = startWorker(empty, name, lanes);
    services.push(started);
    return started;
  };
  const enqueue = async (into) => (await api(empty, "/runs.create", { body: { template: "healthcheck", params: { url: `${empty.url}/healthz` }, lane: into } })).run_id;

  test("says that it is stalled, the likely cause and the command, and stops when somebody works", async ({ browser }) => {
    test.setTimeout(240_000);
    const context = await browser.newContext({ baseURL: empty.url, storageState: empty.signedIn });
    const page = await context.newPage();
    await page.goto("/");
    await untilLive(page);
    const banner = page.getByRole("alert").filter({ hasText: "stalled" });
    await expect(banner).toHaveCount(0);

    const first = await enqueue("B");
    await expect(banner).toContainText("Stalled: 1 waiting and no worker alive.");
    await expect(banner).toContainText("No worker has given a sign of life in the last 24 hours.");
    await expect(page).toHaveTitle(/^Stalled, 1 waiting/);

    const north = worker("north", "A,B");
    await expect(runIn(lane(page, "B"), first)).toContainText("success", { timeout: 20_000 });
    await expect(banner).toHaveCount(0);

    // Others live, and a lane has nobody.
    const second = await enqueue("C");
    await expect(banner).toContainText("Lane C is stalled: 1 waiting and no worker serves it.", { timeout: 20_000 });
    await expect(banner).toContainText("No worker of the last 24 hours served it.");
    await expect(banner.getByText("runboard-worker --lanes C")).toBeVisible();
    const south = worker("south", "C");
    await expect(runIn(lane(page, "C"), second)).toContainText("success", { timeout: 20_000 });
    await expect(banner).toHaveCount(0);

    await south.stop();
    await enqueue("C");
    await expect(banner).toContainText("Lane C is stalled", { timeout: 20_000 });
    await expect(banner).toContainText("south was stopped.");

    north.signal("SIGKILL");
    await expect(banner).toContainText("Stalled: 1 waiting and no worker alive.", { timeout: 60_000 });
    await expect(banner).toContainText(/north on \S+ fell silent without stopping in order\./);
    await banner.getByRole("link", { name: "workers" }).click();
    await expect(page.getByRole("row", { name: /^north/ })).toContainText("silent");
    await context.close();
  });
});

async function ended(scene, lane = "A") {
  const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/healthz` }, lane } });
  await expect.poll(async () => (await api(scene, `/api/runs/${runId}`)).status, { timeout: 20_000 }).toBe("success");
  return runId;
}

async function openThrough(page, scene) {
  const wire = await layWire(scene.url);
  wires.push(wire);
  await page.goto(wire.url);
  await untilLive(page);
  await markDocument(page);
  return wire;
}

const pill = (page) => page.getByRole("button", { name: /^Updates:/ });

test("a lost connection is told, found again, and the board catches up with what happened meanwhile", async ({ page, scene }) => {
  const wire = await openThrough(page, scene);
  wire.cut();
  await expect(pill(page)).toHaveText(/Reconnecting/);
  const runId = await ended(scene);
  await expect(runIn(lane(page, "A"), runId)).toHaveCount(0);
  await expect(pill(page)).toHaveText(/Reconnecting/);

  await wire.mend();
  await expect(pill(page)).toHaveText(/Live$/, { timeout: 20_000 });
  await expect(runIn(lane(page, "A"), runId)).toContainText("success");
  await expectSameDocument(page);
});

test("a connection that only went silent is given up, and the board catches up", async ({ page, scene }) => {
  const wire = await openThrough(page, scene);
  wire.silence();
  const runId = await ended(scene);
  await page.waitForTimeout(2_000);
  await expect(runIn(lane(page, "A"), runId)).toHaveCount(0);
  await expect(runIn(lane(page, "A"), runId)).toContainText("success", { timeout: 50_000 });
  await expect(pill(page)).toHaveText(/Live$/);
  await expectSameDocument(page);
});
