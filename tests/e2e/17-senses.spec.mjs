// What people asked their system for: no motion, and colours of their own.
import path from "node:path";
import { expect, lane, openBoard, test, untilLive, untilTaken } from "./support/pages.mjs";
import { ROOT, api, scene as currentScene, startWorker } from "./support/scene.mjs";

let worker;
let slow;

test.beforeAll(async () => {
  const scene = currentScene();
  worker = startWorker(scene, "senses", "D");
  slow = (await api(scene, "/runs.create", { body: { template: "e2e-slow", params: { ticks: 3000 } } })).run_id;
  for (const status of ["success", "failed"]) {
    const body = status === "failed" ? { template: "e2e-broken" } : { template: "healthcheck", params: { url: `${scene.url}/healthz` } };
    await api(scene, "/runs.create", { body });
  }
});

test.afterAll(async () => {
  await api(currentScene(), "/runs.cancel", { body: { run_id: slow } });
  await worker.stop();
});

/** Everything on the page that would move: what does, and what is told to. */
function moving(page) {
  return page.evaluate(() => {
    const found = document.getAnimations().map((animation) => `${animation.animationName ?? animation.transitionProperty} runs`);
    for (const element of document.querySelectorAll("*")) {
      for (const part of [undefined, "::before", "::after"]) {
        const style = getComputedStyle(element, part);
        const name = `${element.localName}.${[...element.classList].join(".")}${part ?? ""}`;
        if (style.animationName !== "none") found.push(`${name} has the animation ${style.animationName}`);
        if (/[1-9]/.test(style.transitionDuration)) found.push(`${name} has a transition of ${style.transitionDuration}`);
        if (style.scrollBehavior === "smooth") found.push(`${name} scrolls smoothly`);
      }
    }
    return [...new Set(found)];
  });
}

const card = (page) => lane(page, "D").getByRole("article").filter({ hasText: "Slow steps" }).first();

test("the heart beats for who did not ask for stillness", async ({ page }) => {
  await openBoard(page);
  await expect(card(page)).toBeVisible({ timeout: 20_000 });
  expect(await moving(page)).toContain("beat runs");
});

test("nothing moves for who asked for reduced motion", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openBoard(page);
  await expect(card(page)).toBeVisible({ timeout: 20_000 });
  expect(await moving(page)).toEqual([]);
  await card(page).hover();
  await card(page).getByRole("heading").getByRole("link").click();
  await expect(page.getByRole("complementary", { name: "Selected run" })).toBeVisible();
  expect(await moving(page)).toEqual([]);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Go to" })).toBeVisible();
  expect(await moving(page)).toEqual([]);
  for (const address of [`/runs/${slow}`, `/runs/${slow}?tab=timeline`, "/runs"]) {
    await page.goto(address);
    await untilLive(page);
    expect(await moving(page)).toEqual([]);
  }
  for (const address of ["/templates/healthcheck/edit", "/workers", "/alerts", "/settings"]) {
    await page.goto(address);
    await untilTaken(page);
    expect(await moving(page)).toEqual([]);
  }
});

test.describe("in forced colours", () => {
  for (const colorScheme of ["light", "dark"]) {
    test(`states are told by shape and word, ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ forcedColors: "active", colorScheme });
      await openBoard(page);
      await expect(card(page)).toBeVisible({ timeout: 20_000 });
      await page.screenshot({ path: path.join(ROOT, `target/e2e/forced-board-${colorScheme}.png`) });
      await expectSeen(page, ".rc .pulse", "backgroundColor");
      await expectSeen(page, ".rc .steps i", "backgroundColor");
      await expectSeen(page, ".chart .finished", "fill");

      await page.goto("/runs?status=success,failed,running");
      await untilLive(page);
      await page.screenshot({ path: path.join(ROOT, `target/e2e/forced-runs-${colorScheme}.png`) });
      const pills = await page.locator("tr[data-run] .pill").evaluateAll((all) => all.map((pill) => ({ word: pill.textContent.trim(), shape: pill.querySelector("use, path")?.outerHTML ?? "" })));
      const shapes = new Map(pills.map(({ word, shape }) => [word, shape]));
      for (const word of ["success", "failed", "running"]) expect([...shapes.keys()]).toContain(word);
      expect(new Set(shapes.values()).size, "each state has a shape of its own").toBe(shapes.size);
      expect([...shapes.values()]).not.toContain("");
      await expectSeen(page, "tr[data-run] .pill .icon", "stroke");
    });
  }

  test("the focus is seen wherever it goes, and so is where one is", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    for (const address of ["/", "/runs", `/runs/${slow}`]) {
      await page.goto(address);
      await untilLive(page);
      for (let pressed = 0; pressed < 30; pressed++) {
        await page.keyboard.press("Tab");
        const focus = await page.evaluate(() => {
          const element = document.activeElement;
          const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(element);
          return { name: `${element.localName} ${element.textContent.trim().slice(0, 30)}`, isSeen: element === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !/^rgba\(.*, 0\)$/.test(outlineColor)) };
        });
        expect(focus.isSeen, `${address}: ${focus.name}`).toBe(true);
      }
    }
    await page.goto("/runs");
    const here = page.getByRole("navigation", { name: "Main" }).locator("[aria-current=page]");
    expect(await here.evaluate((link) => getComputedStyle(link).outlineStyle)).not.toBe("none");
  });
});

/** Each of these differs from the ground it stands on. */
async function expectSeen(page, selector, property) {
  const unseen = await page.locator(selector).evaluateAll((all, property) => {
    const ground = (element) => {
      for (let at = element.parentElement; at; at = at.parentElement) {
        const color = getComputedStyle(at).backgroundColor;
        if (!/^rgba\(.*, 0\)$|transparent/.test(color)) return color;
      }
      return "Canvas";
    };
    const painted = (element) => {
      const style = getComputedStyle(element);
      return property === "backgroundColor" && parseFloat(style.borderTopWidth) > 0 ? style.borderTopColor : style[property];
    };
    return all.filter((element) => painted(element) === ground(element) || /^rgba\(.*, 0\)$|transparent/.test(painted(element))).map((element) => element.outerHTML);
  }, property);
  expect(await page.locator(selector).count()).toBeGreaterThan(0);
  expect(unseen).toEqual([]);
}
