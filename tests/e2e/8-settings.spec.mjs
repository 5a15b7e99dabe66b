// What administrators set: people, tokens, secrets, lanes, numbers; and what each person sets for themselves.
import AxeBuilder from "@axe-core/playwright";
import { expect, expectSameDocument, markDocument, test } from "./support/pages.mjs";
import { api, command, followLink, loginLink, sql } from "./support/scene.mjs";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PAGES = ["", "/users", "/tokens", "/secrets", "/lanes", "/system", "/connections"];

/** A row of a table of things. */
function row(page, name) {
  return page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
}

/** What is shown once. */
function shown(page) {
  return page.locator("#once-text");
}

/** Opens a dialog by its button. */
async function open(page, title) {
  await page.getByRole("button", { name: title, exact: true }).first().click();
  const dialog = page.getByRole("dialog", { name: title, exact: true });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** A browser of its own, logged in by a link. */
async function browserOf(browser, scene, link, options = {}) {
  const context = await browser.newContext({ baseURL: scene.url, storageState: undefined, ...options });
  const page = await context.newPage();
  await followLink(page, link);
  return page;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? "with scripts" : "without scripts", () => {
    test.use({ javaScriptEnabled });
    const suffix = javaScriptEnabled ? "live" : "plain";

    test("a person is invited, comes in by the link and gets another role", async ({ page, scene, browser }) => {
      const email = `nina-${suffix}@example.org`;
      await page.goto("/settings/users");
      const invite = await open(page, "Invite a person");
      await invite.getByLabel("E-mail address").fill(email);
      await invite.getByLabel("Role").selectOption("operator");
      await invite.getByRole("button", { name: "Invite" }).click();
      await expect(shown(page)).toHaveValue(/\/login\//);
      const link = await shown(page).inputValue();
      expect(page.url()).not.toContain("link");

      const nina = await browserOf(browser, scene, link);
      await nina.goto("/settings");
      await expect(nina.getByText(email)).toBeVisible();
      await page.goto("/settings/users");
      await expect(shown(page), "it is shown once").toHaveCount(0);

      const manage = await open(page, `Manage ${email}`);
      await manage.getByLabel("Role").selectOption("viewer");
      await manage.getByRole("button", { name: "Change role" }).click();
      await expect(row(page, email)).toContainText("viewer");
      await nina.goto("/settings/users");
      await expect(nina.getByText("This page is for the role admin")).toBeVisible();

      const again = await open(page, `Manage ${email}`);
      await again.getByRole("button", { name: "Shut out" }).click();
      await expect(row(page, email)).toContainText("shut out");
      await nina.goto("/runs");
      await expect(nina).toHaveURL(/\/login/);
      await nina.context().close();
    });

    test("a token is made, shown once, let in, and revoked", async ({ page, scene }) => {
      const name = `story ${suffix}`;
      await page.goto("/settings/tokens");
      const make = await open(page, "Make a token");
      await make.getByLabel("Name").fill(name);
      await make.getByLabel("Role").selectOption("operator");
      await make.getByRole("button", { name: "Make token" }).click();
      await expect(shown(page)).toHaveValue(/^rb_/);
      const token = await shown(page).inputValue();
      expect((await api(scene, "/api/lanes", { token })).items.length).toBeGreaterThan(3);
      await page.reload();
      await expect(shown(page)).toHaveCount(0);
      await expect(row(page, name)).toContainText("operator");

      const revoke = await open(page, `Revoke ${name}`);
      await revoke.getByRole("button", { name: "Revoke token" }).click();
      await expect(row(page, name)).toContainText("revoked");
      await expect(api(scene, "/api/lanes", { token })).rejects.toThrow(/401/);
    });
  });
}

test("a token for some actions says so, is rotated, and the copy button copies", async ({ page, context, scene }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: scene.url });
  await page.goto("/settings/tokens");
  const make = await open(page, "Make a token");
  await make.getByLabel("Name").fill("narrow");
  await make.getByLabel("Role").selectOption("planner");
  await make.getByText("Limit it").click();
  await make.getByLabel("template.run").check();
  await make.getByRole("button", { name: "Make token" }).click();
  await expect(row(page, "narrow")).toContainText("actions template.run");
  const first = await shown(page).inputValue();

  const rotate = await open(page, "Rotate narrow");
  await rotate.getByLabel(/stays good/).fill("0");
  await rotate.getByRole("button", { name: "Rotate token" }).click();
  await expect(shown(page)).not.toHaveValue(first);
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  const second = await page.evaluate(() => navigator.clipboard.readText());
  expect(second).toBe(await shown(page).inputValue());
  await api(scene, "/api/lanes", { token: second });
  await expect(api(scene, "/api/lanes", { token: first })).rejects.toThrow(/401/);
});

test("a secret is stored, replaced and deleted, and its value is never shown", async ({ page }) => {
  await page.goto("/settings/secrets");
  await markDocument(page);
  const store = await open(page, "Store a secret");
  await store.getByLabel("Name").fill("STORY_TOKEN");
  await store.getByLabel("Value").fill("abc");
  await store.getByRole("button", { name: "Store secret" }).click();
  await expect(store.getByRole("alert")).toContainText("at least 4 characters");
  await store.getByLabel("Value").fill("hunter2 hunter2");
  await store.getByRole("button", { name: "Store secret" }).click();
  await expect(row(page, "STORY_TOKEN")).toContainText("admin@localhost");
  expect(await page.content()).not.toContain("hunter2");

  const replace = await open(page, "Replace STORY_TOKEN");
  await replace.getByLabel("Value").fill("another value");
  await replace.getByRole("button", { name: "Replace value" }).click();
  await expect(page.getByText("The secret is replaced.")).toBeVisible();
  const forget = await open(page, "Delete STORY_TOKEN");
  await forget.getByRole("button", { name: "Delete secret" }).click();
  await expect(row(page, "STORY_TOKEN")).toHaveCount(0);
  await expectSameDocument(page);
});

test("a lane is made, edited, paused and deleted; one with a history stays", async ({ page, scene }) => {
  await page.goto("/settings/lanes");
  const make = await open(page, "Make a lane");
  await make.getByLabel("Name").fill("STORY");
  await make.getByLabel("Title").fill("Stories");
  await make.getByLabel("Claims at most").fill("5");
  await make.getByRole("button", { name: "Make lane" }).click();
  await expect(make.getByRole("alert")).toContainText("give both or none");
  await make.getByLabel("in so many seconds").fill("60");
  await make.getByRole("button", { name: "Make lane" }).click();
  await expect(row(page, /^STORY/)).toContainText("5 per 60 s");

  const edit = await open(page, "Edit lane STORY");
  await edit.getByLabel("Runs at once").fill("3");
  await edit.getByRole("button", { name: "Save lane" }).click();
  await expect(page.getByText("The lane is saved.")).toBeVisible();
  expect(sql(scene, "select max_running || ' ' || rate_limit || ' ' || title from lanes where name = 'STORY'")).toBe("3 5 Stories");

  const pause = await open(page, "Pause lane STORY");
  await pause.getByLabel("Why").fill("for the story");
  await pause.getByRole("button", { name: "Pause lane" }).click();
  await expect(row(page, /^STORY/)).toContainText("for the story");
  await page.getByRole("button", { name: "Resume lane STORY" }).click();
  await expect(row(page, /^STORY/)).toContainText("open");

  const keep = await open(page, "Delete lane A");
  await keep.getByRole("button", { name: "Delete lane" }).click();
  await expect(keep.getByRole("alert")).toContainText("still has");
  await page.keyboard.press("Escape");
  const remove = await open(page, "Delete lane STORY");
  await remove.getByRole("button", { name: "Delete lane" }).click();
  await expect(row(page, /^STORY/)).toHaveCount(0);
});

test("a number outside its range is refused in place, one inside is kept; days of history too", async ({ page, scene }) => {
  await page.goto("/settings/system");
  const numbers = page.locator('form[action="/fn/save_settings"]');
  const crashes = numbers.getByLabel("max crashes");
  await crashes.evaluate((field) => field.removeAttribute("max"));
  await crashes.fill("5000");
  await numbers.getByRole("button", { name: "Save numbers" }).click();
  await expect(numbers.getByRole("alert")).toContainText("whole number from 1 to 100");
  await expect(crashes).toHaveAttribute("aria-invalid", "true");
  await expect(crashes).toBeFocused();
  await crashes.fill("4");
  await numbers.getByRole("button", { name: "Save numbers" }).click();
  await expect(page.getByText("The numbers are saved.")).toBeVisible();
  expect(sql(scene, "select value from runboard_internal.settings where key = 'max_crashes'")).toBe("4");
  sql(scene, "update runboard_internal.settings set value = 3 where key = 'max_crashes'");

  const history = page.locator('form[action="/fn/save_retention"]');
  await history.getByLabel("runs", { exact: true }).fill("30");
  await history.getByRole("button", { name: "Save days" }).click();
  await expect(history.getByRole("alert")).toContainText("cannot be kept longer than their runs");
  for (const kind of ["logs", "events"]) await history.getByLabel(kind, { exact: true }).fill("30");
  await history.getByRole("button", { name: "Save days" }).click();
  await expect(page.getByText("What is kept is saved.")).toBeVisible();
  const forget = await open(page, "Forget now what is too old");
  await forget.getByRole("button", { name: "Forget now" }).click();
  await expect(page).toHaveURL(/\/runs\/run_/);
  await api(scene, "/api/retention", { method: "PUT", body: {} });
});

test("connections say what answers and no secret", async ({ page, scene }) => {
  await page.goto("/settings/connections");
  await expect(row(page, "Database")).toContainText("in order");
  await expect(row(page, "Artifacts")).toContainText("takes and gives back");
  await expect(row(page, "Language model")).toContainText("not set");
  const password = decodeURIComponent(new URL(scene.known.DATABASE_URL).password);
  if (password) expect(await page.content()).not.toContain(password);
});

test("theme, rows and keys change at once and stay", async ({ page }) => {
  await page.goto("/settings");
  await markDocument(page);
  const looks = () => page.evaluate(() => ({ ...document.documentElement.dataset }));
  await expect(async () => {
    await page.getByRole("button", { name: "Dark" }).click();
    expect((await looks()).theme).toBe("dark");
    await expectSameDocument(page);
  }).toPass();
  await expect(page.getByRole("button", { name: "Dark" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Compact" }).click();
  await page.getByRole("button", { name: "Off" }).click();
  await expect(page.getByRole("button", { name: "Off" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeHidden();
  await expectSameDocument(page);
  await page.reload();
  expect(await looks()).toMatchObject({ theme: "dark", density: "compact", keys: "off" });
  await page.getByRole("button", { name: "On", exact: true }).click();
  await expect.poll(async () => (await looks()).keys).toBe("on");
  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
});

test("a viewer finds their own settings and none of the others", async ({ scene, browser }) => {
  const email = "vito@localhost";
  await command(scene, "user", "add", "--email", email, "--role", "viewer").catch(() => {});
  const viewer = await browserOf(browser, scene, await loginLink(scene, email));
  await viewer.goto("/settings");
  await expect(viewer.getByRole("heading", { name: "Password" })).toBeVisible();
  await expect(viewer.getByRole("navigation", { name: "Settings" })).toHaveCount(0);
  for (const page of PAGES.slice(1)) {
    const response = await viewer.goto(`/settings${page}`);
    expect(response.status(), page).toBe(403);
    await expect(viewer.getByText(/This page is for the role/)).toBeVisible();
  }
  const refused = await viewer.request.post("/fn/create_token", { form: { name: "mine", role: "admin" }, headers: { origin: scene.url, accept: "application/json" } });
  expect(refused.status()).toBe(403);
  await viewer.context().close();
});

test("the dialogs of the settings are in order, and the keyboard opens and leaves them", async ({ page }) => {
  for (const size of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(size);
    for (const [address, button] of [["users", "Invite a person"], ["tokens", "Make a token"], ["secrets", "Store a secret"], ["lanes", "Edit lane A"]]) {
      await page.goto(`/settings/${address}`);
      await page.getByRole("button", { name: button, exact: true }).focus();
      await page.keyboard.press("Enter");
      await expect(page.getByRole("dialog", { name: button })).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
      expect(violations.map((violation) => violation.id), `${address} at ${size.width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog", { name: button })).toBeHidden();
    }
  }
});

test("an audit row leads to what it was about, and a question narrows the list", async ({ page, scene }) => {
  await api(scene, "/api/lanes/C/pause", { body: { reason: "for the audit" } });
  await api(scene, "/api/lanes/C/resume", { method: "POST" });
  await page.goto("/audit");
  await page.getByLabel("Did what").fill("pause lane");
  await page.getByLabel("To what kind").selectOption("lane");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page).toHaveURL(/verb=pause/);
  const act = page.getByRole("row").filter({ hasText: "pause lane" }).first();
  await act.getByRole("link", { name: "C", exact: true }).click();
  await expect(page).toHaveURL(/\/settings\/lanes/);
});

test("on a phone the rail keeps every page within reach", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/settings");
  const rail = page.getByRole("navigation", { name: "Main" });
  await rail.getByRole("button", { name: "More" }).click();
  await rail.getByRole("link", { name: "Workers" }).click();
  await expect(page).toHaveURL(/\/workers/);
  await expect(rail.getByRole("link", { name: "Workers" })).toBeHidden();
  await expect(rail.getByRole("link", { name: "Runboard" }).last()).toBeVisible();
});
