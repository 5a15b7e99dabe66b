// What a step left behind, drawn by what its bytes are: a story for each way, with the earlier run, without a script.
// Nothing of it ever runs.
import { leaveArtifacts } from "./support/artifacts.mjs";
import { expect, test } from "./support/pages.mjs";
import { api, scene as currentScene } from "./support/scene.mjs";

let earlier;
let latest;

test.beforeAll(async () => {
  earlier = await leaveArtifacts(currentScene(), { slug: "e2e-artifacts", total: 41, color: [200, 30, 30] });
  latest = await leaveArtifacts(currentScene(), { slug: "e2e-artifacts", total: 42, color: [30, 30, 200] });
});

const address = (name, query = "") => `/artifacts/${latest.ids[name]}${query}`;
const region = (page, name) => page.getByRole("region", { name, exact: true });

async function expectNothingRan(page) {
  expect(await page.evaluate(() => window.ran === undefined), "nothing of the artifact ran").toBe(true);
  expect(await page.title()).not.toBe("ran");
}

test("markdown is a document, its source is beside it, and nothing in it runs or loads", async ({ page }) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(address("report.md"));
  const text = region(page, "Document, rendered");
  await expect(text.getByRole("heading", { name: "Report" })).toBeVisible();
  await expect(text.getByRole("cell", { name: "42" })).toBeVisible();
  await expect(text.getByText("☑ read")).toBeVisible();
  await expect(text.locator("pre b.k").first()).toHaveText(/select/i);
  await expect(text.getByRole("link", { name: "outside" })).toHaveAttribute("rel", /noopener/);
  await expect(text.getByText("inside")).toBeVisible();
  await expect(text.getByRole("link", { name: "inside" })).toHaveCount(0);
  await expect(page.getByText(/2 images and relative links were left out/)).toBeVisible();
  await expect(text.locator("script, img")).toHaveCount(0);
  await expectNothingRan(page);
  expect(asked.filter((url) => url.includes("example.com"))).toEqual([]);
  await page.getByRole("link", { name: "Source" }).click();
  await expect(region(page, "Lines")).toContainText("<script>window.ran = true</script>");
  await expectNothingRan(page);
});

test("JSON is a tree that keeps every digit, is searched, sliced, and tells paths", async ({ page }) => {
  await page.goto(address("data.json"));
  const values = region(page, "Values");
  await expect(values).toContainText("12345678901234567890123");
  await expect(values).toContainText("0 to 199 of 450");
  await values.getByRole("link", { name: "Next 200" }).click();
  await expect(values).toContainText("200 to 399 of 450");

  await page.getByRole("searchbox", { name: "Name or value" }).fill("needle");
  await page.getByRole("button", { name: "Find" }).click();
  await expect(page.getByText("1 place found; only what leads to it is shown.")).toBeVisible();
  await expect(values.locator("mark")).toHaveText("needle");
  await values.getByRole("link", { name: "Path of /items/300/name" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator("#json-path")).toHaveText("$.items[300].name");
});

test("text has colours, numbers that link, and pages; a log keeps the colours of its terminal", async ({ page }) => {
  await page.goto(address("query.sql"));
  await expect(region(page, "Lines").locator("b.k").first()).toHaveText(/select/i);
  await region(page, "Lines").getByRole("link", { name: "2", exact: true }).click();
  await expect(page).toHaveURL(/#L2$/);

  await page.goto(address("console.log"));
  await expect(region(page, "Lines").locator(".a1")).toHaveText("red words");
  await expect(page.getByText("Lines 1–2000 of 5000").first()).toBeVisible();
  await page.getByRole("link", { name: "Later lines" }).first().click();
  await expect(page.getByText("Lines 2001–4000 of 5000").first()).toBeVisible();
  await expect(page.locator("#L2001")).toContainText("line 2001");
});

test("a difference with the earlier run is one click away, in one column and in two", async ({ page }) => {
  await page.goto(address("notes.txt"));
  await page.getByRole("link", { name: "Compare" }).click();
  const lines = region(page, "Lines that differ");
  await expect(lines.locator("mark").first()).toHaveText("41");
  await expect(lines.locator("mark").nth(1)).toHaveText("42");
  await expect(page.getByText("1 line came, 1 went.")).toBeVisible();
  await page.getByLabel("Layout").selectOption("Two columns");
  await page.getByRole("button", { name: "Compare" }).click();
  await expect(lines.locator("table.split tr").nth(2)).toContainText("total is 41 rows");

  await page.goto(address("data.json", "?view=diff"));
  await expect(lines).toContainText('"total": 42');
  await expect(page.getByText(/Compared by values/)).toBeVisible();
  await page.goto(`/artifacts/${earlier.ids["notes.txt"]}?view=diff`);
  await expect(page.getByText(/No earlier run of this template left an artifact of this name/)).toBeVisible();
});

test("an image is zoomed without a script of its own, and lies over what an earlier run left", async ({ page }) => {
  await page.goto(address("screenshot.png"));
  const image = page.getByRole("img", { name: "Content of screenshot.png" });
  await expect(image).toHaveAttribute("width", "640");
  await expect(image).toHaveAttribute("height", "360");
  await expect(page.getByText("640 × 360 pixels")).toBeVisible();
  await page.getByLabel("Fit").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByLabel("200 %")).toBeChecked();
  await expect.poll(async () => (await image.boundingBox()).width).toBe(1280);

  await page.getByRole("link", { name: "Before and after" }).click();
  await expect(page.getByRole("img", { name: "Before: screenshot.png" })).toBeVisible();
  await page.getByLabel("Layout").selectOption("Over each other");
  await page.getByRole("button", { name: "Compare" }).click();
  await page.getByLabel("25 %", { exact: true }).check();
  await expect(page.locator(".after")).toHaveCSS("clip-path", "inset(0px 75% 0px 0px)");
});

test("a table, an archive and bytes of no kind", async ({ page }) => {
  await page.goto(address("rows.csv"));
  await expect(region(page, "Rows").getByRole("columnheader", { name: "count" })).toBeVisible();
  await expect(page.getByText("The first 500 rows; the download has all of them.")).toBeVisible();

  await page.goto(address("bundle.zip"));
  const entries = region(page, "Entries");
  await expect(entries.getByRole("row", { name: /outside\.txt.*leads outside its directory/ })).toBeVisible();
  await expect(entries.getByRole("row", { name: /zeros\.txt.*grows a lot/ })).toBeVisible();
  await entries.getByRole("link", { name: "readme.txt" }).click();
  await expect(region(page, "Lines")).toContainText("hello from inside");

  await page.goto(address("blob.bin"));
  await expect(page.getByText("There is no way to show these bytes here.")).toBeVisible();
});

test("pages, drawings and bytes under a false name are shown as what they are and run nothing", async ({ page, scene }) => {
  for (const [name, words] of [
    ["page.html", /HTML is shown as its text/],
    ["drawing.svg", /SVG drawing is shown as its text/],
    ["liar.png", /its bytes are HTML/],
  ]) {
    await page.goto(address(name));
    await expect(page.getByText(words)).toBeVisible();
    await expect(region(page, "Lines")).toContainText("window.ran = true");
    await expectNothingRan(page);
    const raw = await page.request.get(`/api/artifacts/${latest.ids[name]}/content`);
    expect(raw.headers()).toMatchObject({ "content-disposition": expect.stringMatching(/^attachment/), "x-content-type-options": "nosniff", "content-security-policy": expect.stringContaining("sandbox") });
  }
  const image = await page.request.get(`/api/artifacts/${latest.ids["screenshot.png"]}/content`);
  expect(image.headers()["content-type"]).toBe("image/png");
  expect((await api(scene, `/api/artifacts/${latest.ids["liar.png"]}`)).name).toBe("liar.png");
});

test("neighbours are one click away, and an artifact that is gone says so", async ({ page }) => {
  await page.goto(address("notes.txt"));
  await page.getByRole("link", { name: /^Next: / }).click();
  await expect(page.getByRole("heading", { level: 1 })).not.toHaveText("notes.txt");
  await page.getByRole("link", { name: "Previous: notes.txt" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("notes.txt");
  await page.goto("/artifacts/00000000-0000-4000-8000-000000000000");
  await expect(page.getByText("There is no such artifact.")).toBeVisible();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("every way to draw can be read and asked", async ({ page }) => {
    await page.goto(address("data.json"));
    await page.getByRole("searchbox", { name: "Name or value" }).fill("needle");
    await page.getByRole("button", { name: "Find" }).click();
    await expect(page.getByText("1 place found; only what leads to it is shown.")).toBeVisible();
    await page.goto(address("screenshot.png"));
    await page.getByLabel("400 %").check();
    expect((await page.getByRole("img", { name: "Content of screenshot.png" }).boundingBox()).width).toBe(2560);
    await page.goto(address("notes.txt", "?view=diff&layout=split"));
    await expect(region(page, "Lines that differ")).toContainText("total is 41 rows");
  });
});
