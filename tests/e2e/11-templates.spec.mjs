// Templates: built by hand and by keyboard, text and form that follow each other, versions, and two people at once.
import { expect, test, untilTaken } from "./support/pages.mjs";
import { api } from "./support/scene.mjs";

const text = (page) => page.getByRole("textbox", { name: "YAML" });
const findings = (page) => page.locator("#editor-findings");
const form = (page) => page.locator("#editor-form");
const button = (page, name) => page.getByRole("button", { name, exact: true });

const COMMENTED = (slug) => `# Kept by the night shift.
version: 1
slug: ${slug}   # never changes
title: Commented
lane: B
params:
  type: object
  # What must be there.
  required: [url]
  properties:
    url: { type: string, title: Address }
steps:
  # Looks first.
  - id: look
    kind: shell
    with:
      script: |
        echo "looking"
  # Then waits.
  - id: nap
    kind: shell
    with:
      script: sleep 0 # not long
`;

async function saved(scene, slug, source = COMMENTED(slug)) {
  const response = await fetch(new URL(`/api/templates/${slug}`, scene.url), {
    method: "PUT",
    headers: { Authorization: `Bearer ${scene.known.RUNBOARD_TOKEN}`, "Content-Type": "application/yaml" },
    body: source,
  });
  expect(response.ok, await response.clone().text()).toBe(true);
}

/** Goes on with Tab until this has the focus. */
async function tabTo(page, target) {
  for (let pressed = 0; pressed < 150; pressed++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error("Tab never came there");
}

async function openEditor(page, slug) {
  await page.goto(slug ? `/templates/${slug}/edit` : "/templates/new");
  await untilTaken(page);
}

/** What the text says now, once the server has answered. */
async function expectText(page, expected) {
  await expect(async () => expect(await text(page).inputValue()).toMatch(expected)).toPass({ timeout: 10_000 });
}

test("a template is built with the keyboard alone, in the form alone, and runs to green", async ({ page, scene }) => {
  await page.goto("/templates");
  await untilTaken(page);
  await tabTo(page, page.getByRole("link", { name: "New template" }));
  await page.keyboard.press("Enter");
  const type = async (label, words) => {
    const field = form(page).getByLabel(label, { exact: true }).first();
    await tabTo(page, field);
    await page.keyboard.press("Control+a");
    await page.keyboard.type(words);
    await page.keyboard.press("Tab");
    await expectText(page, new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  };
  await expect(form(page)).toBeVisible();
  await type("Title", "By keyboard");
  await type("Slug", "by-keyboard");
  await tabTo(page, button(page, "Add parameter"));
  await page.keyboard.press("Enter");
  await expect(form(page).locator("[id='name:/params/properties/param_1']")).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("word");
  await page.keyboard.press("Tab");
  await expectText(page, /properties:\n {4}word:/);
  await tabTo(page, page.locator("#new-kind"));
  await page.keyboard.type("shell");
  await tabTo(page, button(page, "Add step"));
  await page.keyboard.press("Enter");
  await expectText(page, /id: step-2\n {4}kind: shell/);
  await tabTo(page, button(page, "Remove step 1"));
  await page.keyboard.press("Enter");
  await expectText(page, /steps:\n {2}- id: step-2/);
  await expect(findings(page)).toContainText("Nothing is wrong with it.");
  await page.locator("#main").focus();
  await tabTo(page, button(page, "Save and test"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/templates\/by-keyboard\/run$/);
  await tabTo(page, page.getByLabel("Word"));
  await page.keyboard.type("hello");
  await tabTo(page, button(page, "Start run"));
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/run_/);
  await expect(page.getByRole("region", { name: "This run" })).toContainText("success", { timeout: 30_000 });
  const { definition } = await api(scene, "/api/templates/by-keyboard");
  expect(definition.steps.map(({ id }) => id)).toEqual(["step-2"]);
});

test("the form follows the text, the text follows the form, and comments stay", async ({ page, scene }) => {
  await saved(scene, "both-sides");
  await openEditor(page, "both-sides");
  const [numbers, area] = await Promise.all([page.locator("#source-lines").boundingBox(), text(page).boundingBox()]);
  expect(area.y, "the text stands beside its line numbers").toBe(numbers.y);
  expect(area.x).toBe(numbers.x + numbers.width);
  expect(numbers.width).toBeLessThan(80);
  await text(page).fill((await text(page).inputValue()).replace("title: Commented", "title: By text"));
  await expect(form(page).getByLabel("Title", { exact: true }).first()).toHaveValue("By text");

  const description = form(page).getByLabel("Description", { exact: true });
  await description.fill("By form");
  await description.press("Tab");
  await expectText(page, /title: By text\ndescription: By form\n/);
  await button(page, "Move up step 2").click();
  await expectText(page, /# Then waits\.\n {2}- id: nap[\s\S]*# Looks first\.\n {2}- id: look/);
  await expect(button(page, "Move down step 1")).toBeVisible();
  const now = await text(page).inputValue();
  for (const comment of ["# Kept by the night shift.", "# never changes", "# What must be there.", "# Looks first.", "# not long"]) {
    expect(now).toContain(comment);
  }
});

test("what is wrong stands at its line while it is typed, and leads there", async ({ page, scene }) => {
  await saved(scene, "while-typing");
  await openEditor(page, "while-typing");
  const source = await text(page).inputValue();
  await text(page).fill(source.replace("kind: shell\n    with:\n      script: sleep", "kind: rocket\n    with:\n      script: sleep"));
  const line = source.slice(0, source.indexOf("id: nap")).split("\n").length + 1;
  await expect(page.locator(`#line-${line}`)).toBeVisible();
  await findings(page).getByRole("link", { name: new RegExp(`^Line ${line}, column`) }).first().click();
  await expect(text(page)).toBeFocused();
  const caret = await text(page).evaluate((area) => area.value.slice(0, area.selectionStart).split("\n").length);
  expect(caret).toBe(line);
  await text(page).fill(source);
  await expect(findings(page)).toContainText("Nothing is wrong with it.");
  await expect(page.locator(".mark")).toHaveCount(0);

  await text(page).fill("version: [1\n");
  await expect(page.locator("#editor-unread")).toContainText("cannot be read");
  await expect(form(page).getByLabel("Title", { exact: true }).first()).toHaveValue("Commented");
});

test("parameters are built with the start form beside them", async ({ page, scene }) => {
  await saved(scene, "built");
  await openEditor(page, "built");
  await button(page, "Add parameter").click();
  const id = (key) => page.locator(`[id='set:/params/properties/param_1/${key}']`);
  await id("title").waitFor();
  await id("type").selectOption("integer");
  await expectText(page, /param_1:\n {6}type: integer/);
  await id("title").fill("How often");
  await id("title").press("Tab");
  const preview = page.locator("#preview");
  await expect(preview.getByLabel("How often")).toBeVisible();
  await page.locator("#param-param_1-more summary").click();
  await id("minimum").fill("two");
  await id("minimum").press("Tab");
  await expect(form(page).getByText("Enter a whole number.")).toBeVisible();
  await expect(id("minimum")).toHaveValue("two");
  await id("minimum").fill("2");
  await id("minimum").press("Tab");
  await expect(preview.getByText("At least 2.")).toBeVisible();

  await page.locator("#paste summary").click();
  await page.getByLabel("Schema, as JSON or YAML").fill('{"type": "object", "properties": {"word": {"type": "string", "x-own": true}}}');
  await button(page, "Replace the parameters").click();
  await expectText(page, /x-own: true/);
  await expect(preview.getByLabel("Word")).toBeVisible();
  await expect(form(page).getByText("Also in the text, and kept: x-own.")).toHaveCount(1);
});

test("recent runs that would be refused now are counted", async ({ page, scene }) => {
  await saved(scene, "strict");
  await api(scene, "/runs.create", { body: { template: "strict", params: { url: "x" } } });
  await openEditor(page, "strict");
  await text(page).fill((await text(page).inputValue()).replace("type: string, title", "type: integer, title"));
  await expect(page.locator(".misfit")).toContainText("1 of the last 1 different parameters would be refused now.");
});

test("each save is a version, and any two can be compared", async ({ page, scene }) => {
  await saved(scene, "versions");
  await openEditor(page, "versions");
  const title = form(page).getByLabel("Title", { exact: true }).first();
  await title.fill("Renamed");
  await title.press("Tab");
  await expectText(page, /title: Renamed/);
  await button(page, "Save version 2").click();
  await expect(page).toHaveURL(/\/templates\/versions$/);
  await page.getByRole("link", { name: "Changes of version 2" }).click();
  await expect(page.locator(".diff .gone")).toHaveText("−title: Commented");
  await expect(page.locator(".diff .came")).toHaveText("+title: Renamed");
  await page.getByLabel("shown").selectOption("split");
  await button(page, "Compare").click();
  await expect(page.locator(".diff .split .came")).toHaveText("+title: Renamed");
  await page.getByRole("link", { name: "Version 1", exact: true }).click();
  await button(page, "Restore as version 3").click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Commented");

  await button(page, "Archive").click();
  await button(page, "Archive template").click();
  await expect(page.getByText("It starts no more runs. Restoring")).toBeVisible();
  await page.goto("/templates");
  await page.getByText(/^Archived \(/).click();
  await button(page, "Restore Commented").click();
  await expect(page).toHaveURL(/\/templates\/versions$/);
});

test("nobody's version is overwritten unseen", async ({ page, scene }) => {
  await saved(scene, "overtaken");
  await openEditor(page, "overtaken");
  const title = form(page).getByLabel("Title", { exact: true }).first();
  await title.fill("Mine");
  await title.press("Tab");
  await expectText(page, /title: Mine/);
  await saved(scene, "overtaken", COMMENTED("overtaken").replace("title: Commented", "title: Theirs"));
  await button(page, "Save version 2").click();
  await expect(page.getByRole("alert").filter({ hasText: "saved version 2 in the meantime" })).toBeVisible();
  await expect(page.locator(".diff .gone")).toHaveText("−title: Theirs");
  await expect(page.locator(".diff .came")).toHaveText("+title: Mine");
  expect(await text(page).inputValue()).toContain("title: Mine");
  await button(page, "Save yours as version 3").click();
  await expect(page).toHaveURL(/\/templates\/overtaken$/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mine");
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("a template is built, checked and saved", async ({ page, scene }) => {
    await page.goto("/templates/new");
    const title = form(page).getByLabel("Title", { exact: true }).first();
    await title.fill("Plain");
    await form(page).getByLabel("Slug", { exact: true }).fill("Plain words");
    await button(page, "Check").last().click();
    await expect(text(page)).toHaveValue(/title: Plain/);
    await expect(findings(page)).toContainText("slug");
    await form(page).getByLabel("Slug", { exact: true }).fill("plain-words");
    await button(page, "Add parameter").click();
    await expect(text(page)).toHaveValue(/param_1/);
    await button(page, "Save template").click();
    await expect(page).toHaveURL(/\/templates\/plain-words$/);
    const { source } = await api(scene, "/api/templates/plain-words");
    expect(source).not.toContain("\r");
    expect(source).toContain("title: Plain\n");
  });
});

test("a template is found by its name", async ({ page }) => {
  await page.goto("/templates");
  await untilTaken(page);
  await page.getByLabel("Search templates").fill("health");
  await page.getByLabel("Search templates").press("Enter");
  await expect(page).toHaveURL(/\?q=health$/);
  await expect(page.getByRole("link", { name: "Health check", exact: true })).toBeVisible();
  await page.getByLabel("Search templates").fill("no such template");
  await page.getByLabel("Search templates").press("Enter");
  await expect(page.getByText("No template fits.")).toBeVisible();
});
