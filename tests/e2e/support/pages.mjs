// What people find on the pages, named once.
import { test as base, expect } from "@playwright/test";
import { scene } from "./scene.mjs";

/** A test with the scene, logged in as the admin. */
export const test = base.extend({
  scene: async ({}, use) => use(scene()),
  storageState: async ({ scene }, use) => use(scene.signedIn),
  baseURL: async ({ scene }, use) => use(scene.url),
});

export { expect };

/** Opens the board and waits until the live stream is open. */
export async function openBoard(page, address = "/") {
  await page.goto(address);
  await untilLive(page);
}

export async function untilLive(page) {
  await expect(page.getByRole("button", { name: /Updates: Live/ })).toBeVisible();
}

/** Waits until a page that the server drew has come alive: then its component has taken it over. */
export async function untilTaken(page) {
  await expect(page.locator(".served:not([data-drawn])")).toBeVisible();
}

/** A lane of the board. */
export function lane(page, name) {
  return page.getByRole("region", { name, exact: true });
}

/** A run on the board, whatever its form: card, waiting line, ended line. */
export function runIn(where, runId) {
  return where.locator(`a[href*="${runId}"]`).first();
}

/** Opens one of the parts of a run's page. */
export async function openTab(page, name) {
  await page.getByRole("navigation", { name: "Parts of the run" }).getByRole("link", { name: new RegExp(`^${name}`) }).click();
}

/** The head of a run's page. */
export function runHead(page) {
  return page.getByRole("region", { name: "This run" });
}

/** Marks the document; a reload would take the mark away. */
export async function markDocument(page) {
  await page.evaluate(() => (window.stillTheSamePage = true));
}

export async function expectSameDocument(page) {
  expect(await page.evaluate(() => window.stillTheSamePage === true), "the page was not reloaded").toBe(true);
}
