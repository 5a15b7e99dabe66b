// What starts by itself, and who hears when something is wrong: schedules, alert rules, webhooks.
import crypto from "node:crypto";
import http from "node:http";
import { until } from "../../script/parts/processes.mjs";
import { expect, expectSameDocument, markDocument, runHead, test } from "./support/pages.mjs";
import { api } from "./support/scene.mjs";

/** Fills in the form of a schedule of the health check. */
async function fillIn(page, scene, { name, cron, zone = "Europe/Paris" }) {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Address").fill(`${scene.url}/healthz`);
  await page.getByLabel("Cron").fill(cron);
  await page.getByLabel("Time zone").fill(zone);
}

async function scheduleNamed(scene, name) {
  return (await api(scene, "/api/schedules")).items.find((schedule) => schedule.name === name);
}

test.describe("a schedule without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("is chosen, looked ahead at, refused with the place of the error, and saved", async ({ page, scene }) => {
    await page.goto("/schedules");
    await page.getByRole("link", { name: "New schedule" }).click();
    await page.getByLabel("What it starts").selectOption("template:healthcheck");
    await page.getByRole("button", { name: "Continue" }).click();
    await fillIn(page, scene, { name: "Plain check", cron: "0 8 * * 1-5" });

    await page.getByRole("button", { name: "Show the next times" }).click();
    await expect(page.getByText("At 08:00, Monday to Friday.")).toBeVisible();
    await expect(page.locator(".next-times > li")).toHaveCount(5);
    await expect(page.locator(".next-times > li").first()).toContainText(/08:00 CES?T/);
    await expect(page.getByLabel("Name")).toHaveValue("Plain check");
    await expect(page.getByLabel("On", { exact: true })).not.toBeChecked();

    await page.getByLabel("Cron").fill("0 25 * * *");
    await page.getByRole("button", { name: "Save schedule" }).click();
    await expect(page.locator(".problem").first()).toContainText('field 2, the hour, is "25"');
    await expect(page.getByLabel("Cron")).toHaveValue("0 25 * * *");

    await page.getByLabel("Cron").fill("0 8 * * 1-5");
    await page.getByRole("button", { name: "Save schedule" }).click();
    await expect(page).toHaveURL(/\/schedules\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("heading", { name: "Plain check" })).toBeVisible();
    expect(await scheduleNamed(scene, "Plain check")).toMatchObject({ enabled: false, zone: "Europe/Paris", catch_up: "none" });
  });
});

test("a schedule is made, run now, switched on and deleted without a reload", async ({ page, scene }) => {
  await page.goto("/schedules/new?starts=template:healthcheck");
  await markDocument(page);
  await fillIn(page, scene, { name: "Morning check", cron: "*/15 9-17 * * *" });
  await expect(page.getByText("Every 15 minutes from 09:00 to 17:45.")).toBeVisible();
  await expect(page.locator(".next-times > li")).toHaveCount(5);

  await page.getByLabel("Cron").fill("0 8 * *");
  await expect(page.locator("#next-times")).toContainText("it has 4 of them");
  await page.getByRole("button", { name: "Save schedule" }).click();
  await expect(page.getByLabel("Cron")).toBeFocused();
  await expect(page.getByRole("alert").filter({ hasText: "it has 4 of them" })).toBeVisible();

  await page.getByLabel("Cron").fill("0 3 1 1 *");
  await page.getByLabel("Start once").check();
  await page.getByText("Guards, lane and priority").click();
  await page.getByLabel("Runs a day, at most").fill("2");
  await page.getByLabel("Quiet from").fill("22:00");
  await page.getByLabel("Quiet until").fill("02:00");
  await page.getByRole("button", { name: "Save schedule" }).click();
  await expect(page).toHaveURL(/\/schedules\/[0-9a-f-]{36}$/);
  await expectSameDocument(page);
  const address = page.url();
  for (const words of ["at most 2 a day", "quiet 22:00–02:00", "catches up once"]) await expect(page.getByText(words)).toBeVisible();

  const onOff = page.getByRole("switch", { name: "Morning check" });
  await expect(onOff).toHaveAttribute("aria-checked", "false");
  await onOff.click();
  await expect(onOff).toHaveAttribute("aria-checked", "true");
  expect(await scheduleNamed(scene, "Morning check")).toMatchObject({ enabled: true, daily_cap: 2, catch_up: "one" });

  await page.getByRole("button", { name: /^Run now: Morning check/ }).click();
  await expect(page).toHaveURL(/\/runs\/run_/);
  await expect(runHead(page)).toContainText("success", { timeout: 20_000 });

  await page.goto(address);
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Name").fill("New Year check");
  await page.getByRole("button", { name: "Save schedule" }).click();
  await expect(page.getByRole("heading", { name: "New Year check" })).toBeVisible();

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog", { name: "Delete New Year check?" }).getByRole("button", { name: "Delete" }).click();
  await expect(page).toHaveURL(/\/schedules$/);
  expect(await scheduleNamed(scene, "New Year check")).toBeUndefined();
});

/** A webhook that keeps what it hears and answers as it is told. */
async function listen() {
  const heard = [];
  const server = http.createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(hook.status, { "Content-Type": "text/plain" }).end(hook.words);
    });
  });
  const hook = { heard, status: 200, words: "ok, heard", stop: () => new Promise((resolve) => server.close(resolve)) };
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  hook.port = server.address().port;
  return hook;
}

test("a channel is made, tested against a real receiver, and hears of an alert", async ({ page, scene }) => {
  const hook = await listen();
  try {
    await page.goto("/alerts/channels/new");
    await markDocument(page);
    const secret = await page.getByLabel("Secret").inputValue();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    await page.getByLabel("Name").fill("Ops hook");
    await page.getByLabel("Address").fill(`http://127.0.0.1:${hook.port}/hook`);
    await page.getByRole("button", { name: "Save channel" }).click();
    await expect(page).toHaveURL(/\/alerts\/channels\/[0-9a-f-]{36}$/);
    await expectSameDocument(page);
    await expect(page.getByText(secret)).toBeHidden();

    await page.getByRole("button", { name: "Send a test" }).click();
    const lastTest = page.getByRole("region", { name: "Last test" });
    await expect(lastTest).toContainText("The webhook accepted the test with status 200.");
    await expect(lastTest).toContainText("ok, heard");
    const [{ headers, body }] = hook.heard;
    expect(headers["x-runboard-event"]).toBe("test");
    expect(isSigned(secret, headers["x-runboard-signature"], body)).toBe(true);

    Object.assign(hook, { status: 503, words: "come back later" });
    await page.getByRole("button", { name: "Send a test" }).click();
    await expect(lastTest).toContainText("The webhook refused the test with status 503");
    await expect(page.getByRole("region", { name: "Messages" }).getByRole("row")).toHaveCount(3);

    Object.assign(hook, { status: 200, words: "ok" });
    await page.goto("/alerts");
    await page.getByRole("button", { name: "Change Nobody works on a lane" }).click();
    const change = page.getByRole("dialog", { name: "Change Nobody works on a lane" });
    await change.getByLabel("From so many seconds on").fill("1");
    await change.getByRole("button", { name: "Change rule" }).click();
    await expect(page.getByRole("row", { name: /Nobody works on a lane/ })).toContainText("1 s");

    await api(scene, "/api/lanes/EMPTY", { method: "PUT", body: { title: "Nobody works here" } });
    const { run_id: runId } = await api(scene, "/runs.create", { body: { template: "healthcheck", params: { url: `${scene.url}/healthz` }, lane: "EMPTY" } });
    await expect(page.getByRole("list", { name: "Wrong now" })).toContainText("Nobody works on lane EMPTY", { timeout: 25_000 });
    await until("the webhook to hear of it", () => hook.heard.some(({ headers }) => headers["x-runboard-event"] === "opened"));
    await api(scene, "/runs.cancel", { body: { run_id: runId } });
    await expect(page.getByRole("list", { name: "Wrong now" }).getByText("Nobody works on lane EMPTY")).toHaveCount(0, { timeout: 25_000 });
    await expect(page.getByRole("region", { name: "Alerts that are over" })).toContainText("Nobody works on lane EMPTY");

    await page.getByRole("link", { name: "Ops hook" }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog", { name: "Delete Ops hook?" }).getByRole("button", { name: "Delete" }).click();
    await expect(page.getByText("Nobody hears of alerts.")).toBeVisible();
  } finally {
    await hook.stop();
    await api(scene, "/api/alert-rules/no_worker", { method: "PATCH", body: { threshold: 60 } });
  }
});

test("an address in a private network is refused with what to do", async ({ page }) => {
  await page.goto("/alerts/channels/new");
  await page.getByLabel("Name").fill("Inside");
  await page.getByLabel("Address").fill("http://10.1.2.3/hook");
  await page.getByRole("button", { name: "Save channel" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "private network" })).toContainText("RUNBOARD_ALLOW_ADDRESS=10.1.2.3:80");
  await expect(page.getByLabel("Address")).toHaveValue("http://10.1.2.3/hook");
});

function isSigned(secret, signature, body) {
  const { t, v1 } = Object.fromEntries(signature.split(",").map((part) => part.split("=")));
  return v1 === crypto.createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
}
