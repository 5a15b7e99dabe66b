// Pictures of every page in both themes for the manual: docs/screens. Taken only when one is missing or asked for with
// UPDATE_IMAGES=1, so that a test run leaves the tree as it was. `PHONES=DIR` puts the same pages on a phone into a directory, too, to be looked at.
import fs from "node:fs";
import path from "node:path";
import { makeFailures, makeTrouble, openExhibit } from "./support/exhibit.mjs";
import { startFresh, startOwnedPostgres } from "./support/fresh.mjs";
import { expect, test as base, untilLive, untilTaken } from "./support/pages.mjs";
import { ROOT } from "./support/scene.mjs";

const SCREENS = path.join(ROOT, "docs/screens");
const THEMES = ["light", "dark"];
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** Small enough to keep, sharp enough to read. */
const LARGEST = 60 * 1024;
const QUALITIES = [72, 64, 56, 48, 40];

let exhibit;
let postgres;
let unprepared;
const done = new Set();

/** Prepares what the pages from here on show, once. */
async function once(name, act) {
  if (done.has(name)) return;
  done.add(name);
  await act();
}

const opens = (address) => (page, known) => page.goto(address(known));

/** In the order in which they are taken: what goes wrong is made late. */
const PAGES = {
  board: async (page) => {
    await page.goto("/");
    await untilLive(page);
  },
  drawer: async (page, known) => {
    await page.goto(`/?run=${known.run}`);
    await expect(page.getByRole("complementary", { name: "Selected run" }).getByRole("log")).not.toBeEmpty();
  },
  "phone-board": async (page) => {
    await page.goto("/?lane=B");
    await untilLive(page);
  },
  "phone-run": opens(({ run }) => `/runs/${run}`),
  runs: opens(() => "/runs"),
  run: opens(({ run }) => `/runs/${run}`),
  timeline: opens(({ run }) => `/runs/${run}?tab=timeline`),
  events: opens(({ run }) => `/runs/${run}?tab=events`),
  failed: opens(({ failed }) => `/runs/${failed}`),
  rerun: async (page, { run }) => {
    await page.goto(`/runs/${run}/rerun`);
    await page.getByLabel("Batches").fill("20");
    await page.getByRole("button", { name: "Show changes" }).click();
    await expect(page.getByText("Changes to the earlier run")).toBeVisible();
  },
  document: opens(({ artifacts }) => `/artifacts/${artifacts["report.md"]}`),
  json: opens(({ artifacts }) => `/artifacts/${artifacts["numbers.json"]}`),
  diff: opens(({ artifacts }) => `/artifacts/${artifacts["report.md"]}?view=diff&layout=split`),
  image: opens(({ artifacts }) => `/artifacts/${artifacts["shop.png"]}?view=compare`),
  templates: opens(() => "/templates"),
  template: opens(() => "/templates/log-digest"),
  editor: async (page) => {
    await page.goto("/templates/log-digest/edit");
    await untilTaken(page);
  },
  start: opens(() => "/templates/log-digest/run"),
  workers: opens(() => "/workers"),
  schedules: opens(() => "/schedules"),
  schedule: opens(({ schedule }) => `/schedules/${schedule}`),
  "schedule-form": opens(({ schedule }) => `/schedules/${schedule}/edit`),
  channel: opens(({ channel }) => `/alerts/channels/${channel}`),
  database: opens(() => "/health/db"),
  audit: opens(() => "/audit"),
  settings: opens(() => "/settings"),
  users: opens(() => "/settings/users"),
  tokens: opens(() => "/settings/tokens"),
  secrets: opens(() => "/settings/secrets"),
  lanes: opens(() => "/settings/lanes"),
  connections: opens(() => "/settings/connections"),
  system: opens(() => "/settings/system"),
  palette: async (page) => {
    await page.goto("/runs");
    await untilLive(page);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("check");
    await expect(page.getByRole("option").first()).toContainText(/check/i);
  },
  keyboard: async (page) => {
    await page.goto("/");
    await untilLive(page);
    await page.keyboard.press("Shift+?");
    await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  },
  login: async (page) => {
    await page.context().clearCookies({ name: /session/ });
    await page.goto("/login");
  },
  marks: async (page) => {
    await once("failures", () => makeFailures(exhibit.scene));
    await page.goto("/runs?env=staging&status=failed");
    await untilLive(page);
    for (const key of ["j", "x", "j", "x", "j", "x"]) await page.keyboard.press(key);
    await expect(page.getByText("3 runs marked")).toBeVisible();
  },
  question: async (page) => {
    await page.goto("/runs?env=staging&status=failed");
    await untilLive(page);
    await page.keyboard.press("a");
    await page.locator("[data-whole]").focus();
    await page.keyboard.press("Space");
    await page.locator("h1").first().evaluate(() => document.activeElement.blur());
    await page.keyboard.press("Shift+R");
    await expect(page.getByRole("dialog", { name: "Before it is done" }).getByLabel("Type 64 to go on")).toBeVisible();
  },
  bulk: async (page, known) => {
    await once("bulk", async () => {
      await PAGES.question(page, known);
      await page.keyboard.type("64");
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/\/bulk\/[0-9a-f-]{36}/);
      known.bulk = new URL(page.url()).pathname;
    });
    await page.goto(known.bulk);
    await expect(page.getByRole("region", { name: "This operation", exact: true })).toContainText("64 of 64 runs", { timeout: 60_000 });
  },
  stalled: async (page) => {
    await once("trouble", () => makeTrouble(exhibit.scene));
    await page.goto("/");
    await untilLive(page);
    await expect(page.getByRole("alert").filter({ hasText: "stalled" })).toBeVisible({ timeout: 20_000 });
  },
  alerts: opens(() => "/alerts"),
  "setup-connect": (page) => openSetUp(page, "connect"),
  "setup-rights": (page) => openSetUp(page, "rights"),
  "setup-sql": (page) => openSetUp(page, "sql"),
};

async function openSetUp(page, step) {
  await once("setup", async () => {
    postgres = await startOwnedPostgres();
    unprepared = await startFresh(postgres);
  });
  await page.context().clearCookies({ name: /setup/ });
  await page.goto(unprepared.link());
  const theme = (await page.context().cookies()).find(({ name }) => name === "theme").value;
  await page.context().addCookies([{ name: "theme", value: theme, url: unprepared.url }]);
  await page.goto(`${unprepared.url}/setup/${step}`);
}

const file = (name, theme) => path.join(SCREENS, `${name}-${theme}.webp`);
const all = Object.keys(PAGES).flatMap((name) => THEMES.map((theme) => [name, theme]));
const wanted = process.env.UPDATE_IMAGES === "1" ? all : all.filter(([name, theme]) => !fs.existsSync(file(name, theme)));

const test = base.extend({
  exhibit: [
    async ({}, use) => {
      fs.mkdirSync(SCREENS, { recursive: true });
      exhibit = await openExhibit();
      await use(exhibit);
      await unprepared?.process.stop();
      postgres?.stop();
      for (const service of exhibit.services.reverse()) await service.stop();
    },
    { scope: "worker", timeout: 240_000 },
  ],
  scene: async ({ exhibit }, use) => use(exhibit.scene),
});

for (const [name, theme] of wanted) {
  test(`${name}, ${theme}`, async ({ context, page, scene }) => {
    await context.addCookies([{ name: "theme", value: theme, url: scene.url }]);
    await page.setViewportSize(name.startsWith("phone-") ? PHONE : DESK);
    await PAGES[name](page, exhibit.known);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await page.waitForTimeout(1_200);
    await nameTheFolder(page, scene);
    fs.writeFileSync(file(name, theme), await picture(await context.newCDPSession(page)));
    if (!process.env.PHONES) return;
    await page.setViewportSize(PHONE);
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(process.env.PHONES, `${name}-${theme}.png`), animations: "disabled" });
  });
}

/** Where the pictures were taken means nothing to who looks at them. */
function nameTheFolder(page, { directory }) {
  return page.evaluate((directory) => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      if (node.data.includes(directory)) node.data = node.data.replaceAll(directory, "/srv/runboard");
    }
  }, directory);
}

/** As good as the largest size allows. */
async function picture(session) {
  let bytes;
  for (const quality of QUALITIES) {
    const { data } = await session.send("Page.captureScreenshot", { format: "webp", quality });
    bytes = Buffer.from(data, "base64");
    if (bytes.length <= LARGEST) return bytes;
  }
  return bytes;
}

test("every picture is small, and the list names each", () => {
  const listed = fs.readFileSync(path.join(SCREENS, "README.md"), "utf8");
  for (const [name, theme] of all) {
    const picture = file(name, theme);
    expect(fs.statSync(picture).size, picture).toBeLessThanOrEqual(LARGEST);
    expect(listed).toContain(path.basename(picture));
  }
  const known = new Set(all.map(([name, theme]) => path.basename(file(name, theme))));
  expect(fs.readdirSync(SCREENS).filter((name) => !known.has(name))).toEqual(["README.md"]);
});
