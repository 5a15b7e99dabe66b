// The set-up, from a database that nobody has prepared to a green smoke run: with scripts and without, in both themes,
// on a desk and on a phone. None of its pages needs a script, so what is shown is what was sent.
import AxeBuilder from "@axe-core/playwright";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { PASSWORD, startFresh, startOwnedPostgres } from "./support/fresh.mjs";
import { expect, test } from "./support/pages.mjs";
import { BINARIES, ROOT, sql, startWorker } from "./support/scene.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
const THEMES = ["light", "dark"];
const ADMIN_PASSWORD = "a-password-for-ann";

const servers = [];

test.use({ storageState: undefined });

let postgres;

test.beforeAll(async () => {
  postgres = await startOwnedPostgres();
});

test.afterAll(async () => {
  for (const server of servers.reverse()) await server.stop();
  postgres?.stop();
});

/** A server on an empty database, or on an address that is wrong in some way. */
async function fresh(given) {
  const server = await startFresh(postgres, given);
  servers.push(server.process);
  return server;
}

/** Nothing that anybody reads holds a password. */
async function expectNoPassword(page) {
  const html = await page.content();
  for (const secret of [PASSWORD, ADMIN_PASSWORD]) expect(html).not.toContain(secret);
}

/** Looks the page over in both themes and sizes, and keeps a picture of each. */
async function inspect(page, name, { url }) {
  for (const theme of THEMES) {
    await page.context().addCookies([{ name: "theme", value: theme, url }]);
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.reload();
      await expectNoPassword(page);
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
      expect(violations.map(({ id, nodes }) => `${name} ${theme} ${size} ${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`)).toEqual([]);
      const { wide, available } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, available: window.innerWidth }));
      expect(wide, `${name} ${size}: nothing scrolls sideways`).toBeLessThanOrEqual(available);
      await page.screenshot({ path: path.join(ROOT, "target/e2e-setup", `${name}-${theme}-${size}.png`), fullPage: size === "phone", animations: "disabled" });
    }
  }
  await page.setViewportSize(SIZES.desk);
}

/** From the link to the green smoke run, as a person goes; `look` is called on every page. */
async function setUp(page, server, look) {
  await page.goto(server.link());
  // What is in order already is not asked again.
  await expect(page.getByRole("heading", { name: "Read the SQL" })).toBeVisible();
  await page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: "Connect" }).click();
  await look("connect");
  await page.getByRole("link", { name: "Continue to rights" }).click();
  await expect(page.getByText("A hint comes back")).toBeVisible();
  await look("rights");
  await page.getByRole("link", { name: "Continue to the SQL" }).click();
  await expect(page.getByText("The database is empty")).toBeVisible();
  await page.getByRole("link", { name: "create roles and schema" }).click();
  await expect(page.getByRole("region", { name: "The text of one migration" })).toContainText("create schema if not exists runboard_internal");
  await look("sql");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Download as one file" }).click()]);
  expect(fs.readFileSync(await file.path(), "utf8")).toContain("insert into _sqlx_migrations");

  await page.getByRole("link", { name: "Continue to migrating" }).click();
  await look("migrate-before");
  await page.getByRole("button", { name: /Apply \d+ migrations/ }).click();
  // The page is fetched again by itself until all is applied.
  await expect(page.getByRole("link", { name: "Continue to the admin" })).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("list", { name: "Log" })).toContainText("create roles and schema");
  await look("migrate-after");
  await page.goBack();
  await page.goForward();
  await page.getByRole("link", { name: "Continue to the admin" }).click();

  await expect(page.getByRole("button", { name: "Create the admin" })).toBeVisible({ timeout: 20_000 });
  await look("admin");
  await page.getByLabel("E-mail").fill("ann@example.org");
  await page.getByLabel("Password").fill(ADMIN_PASSWORD);
  await page.getByRole("button", { name: "Create the admin" }).click();
  await expect(page.getByText("this browser is logged in")).toBeVisible();
  await look("admin-after");
  await page.getByRole("link", { name: "Continue to the smoke run" }).click();

  await page.getByRole("button", { name: "Start the smoke run" }).click();
  await expect(page.getByText("No worker is connected. Runs wait")).toBeVisible();
  await expect(page.getByText("runboard-worker --lanes A,B,C,D")).toBeVisible();
  await page.goto(`${server.url}/setup/smoke?still=1`);
  await look("smoke-waits");
  const worker = startWorker(server, "smoke", "A,B,C,D");
  servers.push(worker);
  await page.getByRole("link", { name: "Update" }).click();
  await expect(page.getByText("Every lane works. Runboard is set up.")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("list", { name: "Smoke runs" }).getByText("success")).toHaveCount(4);
  await look("smoke-green");
  await page.getByRole("link", { name: "Open the board" }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(page.getByRole("region", { name: "A", exact: true })).toContainText("Smoke run of lane A");
}

test("an empty database becomes a board with four green lanes", async ({ page }) => {
  test.setTimeout(300_000);
  const server = await fresh();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()) && message.location().url.includes("/setup")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));

  await setUp(page, server, (name) => inspect(page, name, server));
  expect(complaints).toEqual([]);
  const log = fs.readFileSync(server.log, "utf8");
  for (const secret of [PASSWORD, ADMIN_PASSWORD]) expect(log).not.toContain(secret);

  await page.goto(`${server.url}/setup/migrate`);
  await expect(page.getByText("The database has the shape this version needs.")).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("the same steps work", async ({ page }) => {
    test.setTimeout(180_000);
    await setUp(page, await fresh(), () => expectNoPassword(page));
  });
});

test("who has no link learns how to get it, and no page leads elsewhere", async ({ page, request }) => {
  const server = await fresh();
  await page.goto(`${server.url}/workers`);
  await expect(page).toHaveURL(`${server.url}/setup`);
  await expect(page.getByText("open the link that the server wrote on its console")).toBeVisible();
  await inspect(page, "key", server);
  expect((await request.get(`${server.url}/healthz`)).status()).toBe(200);
  const ready = await request.get(`${server.url}/readyz`);
  expect([ready.status(), (await ready.json()).code]).toEqual([503, "not_set_up"]);

  const used = server.link();
  await page.goto(used);
  await page.context().clearCookies();
  await page.goto(used);
  await expect(page.getByRole("alert")).toContainText("used already");
  expect(server.link(), "the server wrote another").not.toBe(used);
});

const FAILURES = {
  "a wrong password": { given: { login: "setup_app:wrong-horse" }, says: "refuses the password of setup_app", copy: /alter role "setup_app"/ },
  "a database that is not there": { given: { database: "no_such_board" }, says: "There is no database no_such_board", copy: /create database "no_such_board"/ },
  "a server that is down": { given: { port: 1, database: "any" }, says: "Nothing listens at 127.0.0.1, port 1", copy: /pg_isready/ },
};

for (const [what, { given, says, copy }] of Object.entries(FAILURES)) {
  test(`${what} is told with its fix`, async ({ page }) => {
    const server = await fresh(given);
    await page.goto(server.link());
    await expect(page.getByText(says)).toBeVisible();
    await expect(page.getByRole("group", { name: "To copy" }).first()).toHaveText(copy);
    expect(await page.content()).not.toContain("wrong-horse");
    await inspect(page, what.replaceAll(" ", "-"), server);
    expect(fs.readFileSync(server.log, "utf8")).not.toContain("wrong-horse");
  });
}

test("missing rights are told with their grants, and the grants suffice", async ({ page }) => {
  sql(postgres.owner(), `create role setup_limited login password '${PASSWORD}'`);
  const server = await fresh({ login: `setup_limited:${PASSWORD}` });
  await page.goto(server.link());
  await expect(page.getByRole("heading", { name: "Check rights" })).toBeVisible();
  await expect(page.getByRole("list", { name: "Rights" }).getByText("broken")).toHaveCount(3);
  await inspect(page, "rights-missing", server);
  const grants = await page.getByRole("group", { name: "To copy" }).last().innerText();
  sql(postgres.owner(server.database), grants);
  await page.getByRole("link", { name: "Check again" }).click();
  await expect(page.getByRole("link", { name: "Continue to the SQL" })).toBeVisible();
});

test("the command line says the same words", async ({ page }) => {
  const server = await fresh({ login: "setup_app:wrong-horse" });
  const said = (...words) => {
    try {
      return execFileSync(path.join(BINARIES, "runboard"), words, { env: server.env, cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      return `${error.stdout}${error.stderr}`;
    }
  };
  await page.goto(server.link());
  const sentence = /Postgres refuses the password of setup_app; it says the same when there is no login of that name\./;
  await expect(page.getByText(sentence)).toBeVisible();
  for (const words of [["doctor"], ["doctor", "--json"], ["migrate"]]) {
    const text = said(...words);
    expect(text).toMatch(sentence);
    expect(text).toMatch(/alter role/);
    expect(text).not.toContain("wrong-horse");
  }
});
