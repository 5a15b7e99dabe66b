// throwaway: start a server, take pictures without scripts
import { chromium } from "@playwright/test";
import fs from "node:fs"; import os from "node:os"; import path from "node:path";
import { startServer, startWorker, command, api, signInState } from "./support/scene.mjs";
const directory = fs.mkdtempSync(path.join(os.tmpdir(), "look-")); fs.chmodSync(directory, 0o711);
const { server, scene } = await startServer(directory);
const js = process.argv.includes("--js");
let worker;
try {
  worker = startWorker(scene, "look", "A,B,C");
  await command(scene, "demo"); await command(scene, "template", "apply", "crates/runs/src/demo/templates/healthcheck.yaml", "tests/e2e/templates/slow.yaml");
  scene.signedIn = path.join(directory, "in.json"); await signInState(scene);
  const s = await api(scene, "/api/schedules", { body: { name: "Morning check", template: "healthcheck", params: { url: `${scene.url}/healthz` }, cron: "*/1 * * * *", zone: "Europe/Paris", catch_up: "one", daily_cap: 3, quiet_from: "22:00", quiet_to: "06:00", enabled: true } });
  await api(scene, `/api/schedules/${s.schedule_id}/run-now`, { method: "POST" });
  const c = await api(scene, "/api/alert-channels", { body: { name: "Ops", url: "http://127.0.0.1:9/hook" } });
  await api(scene, `/api/alert-channels/${c.channel_id}/test`, { method: "POST" });
  await api(scene, "/api/alert-rules/no_worker", { method: "PATCH", body: { threshold: 1 } });
  await api(scene, "/runs.create", { body: { template: "e2e-slow", lane: "D" } });
  await new Promise((r) => setTimeout(r, 12000));
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  const routes = { board: "/", schedules: "/schedules", new: "/schedules/new", form: "/schedules/new?starts=template:healthcheck&again=1&name=X&cron=0+25+*+*+*&zone=UTC", one: `/schedules/${s.schedule_id}`, edit: `/schedules/${s.schedule_id}/edit`, alerts: "/alerts", channel: `/alerts/channels/${c.channel_id}`, channelform: "/alerts/channels/new" };
  for (const [size, viewport] of Object.entries({ desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } })) for (const theme of ["light", "dark"]) {
    if (size === "phone" && theme === "dark") continue;
    const context = await browser.newContext({ viewport, javaScriptEnabled: js, storageState: scene.signedIn });
    await context.addCookies([{ name: "theme", value: theme, url: scene.url }]);
    const page = await context.newPage();
    for (const [name, route] of Object.entries(routes)) { await page.goto(scene.url + route); if (js) await page.waitForTimeout(1200); await page.screenshot({ path: `/tmp/look/${name}-${size}-${theme}.png`, fullPage: true }); }
    await context.close();
  }
  await browser.close();
} finally { await worker?.stop(); await server.stop(); fs.rmSync(directory, { recursive: true, force: true }); }
