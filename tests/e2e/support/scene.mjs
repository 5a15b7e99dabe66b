// The running installation as the stories see it: address, tokens, command line, workers, SQL.
import { chromium } from "@playwright/test";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { readEnv, run, start, until, untilReady } from "../../../script/parts/processes.mjs";
import config from "../playwright.config.mjs";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const BINARIES = path.join(ROOT, process.env.RUNBOARD_TEST_BINARIES || "target/debug");

/** Starts a server on a free port with a Postgres of its own; resolves to the process and the scene. */
export async function startServer(directory) {
  const dataDir = path.join(directory, "data");
  const url = `http://127.0.0.1:${await freePort()}`;
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    LANG: "C.UTF-8",
    RUNBOARD_DATA_DIR: dataDir,
    RUNBOARD_LISTEN: url.slice("http://".length),
    // Webhooks of the stories listen on this machine.
    RUNBOARD_ALLOW_ADDRESS: "127.0.0.1",
    NO_COLOR: "1",
  };
  const server = start("server", path.join(BINARIES, "runboard"), ["serve", "--embedded"], { env, cwd: ROOT, log: path.join(directory, "server.log") });
  let known;
  try {
    await untilReady(server, url);
    // A server is ready a moment before it has written down its tokens.
    const devEnv = path.join(dataDir, "dev.env");
    known = await until("the server to write dev.env", () => fs.existsSync(devEnv) && readEnv(devEnv));
  } catch (error) {
    console.error(server.lastLines());
    await server.stop();
    throw error;
  }
  const scene = { directory, dataDir, url, env: { ...env, DATABASE_URL: known.DATABASE_URL }, known };
  return { server, scene };
}

/** Starts a worker of the scene; the caller stops it. */
export function startWorker({ directory, dataDir, env, url }, name, lanes, options = []) {
  const { PATH, HOME, LANG, DATABASE_URL } = env;
  const access = ["--allow-address", new URL(url).host, "--secret-key-file", path.join(dataDir, "secret.key"), "--data-dir", dataDir, "--grace-seconds", "1"];
  return start(`worker ${name}`, path.join(BINARIES, "runboard-worker"), ["--name", name, "--lanes", lanes, "--slots", "4", ...access, ...options], {
    env: { PATH, HOME, LANG, DATABASE_URL, NO_COLOR: "1" },
    cwd: ROOT,
    log: path.join(directory, `worker-${name}.log`),
  });
}

/** Runs a command of `runboard` against the scene. */
export function command({ env }, ...words) {
  return run(path.join(BINARIES, "runboard"), words, { env, cwd: ROOT });
}

/** The scene that `setup` left for the test processes. */
export function scene() {
  return JSON.parse(fs.readFileSync(process.env.RUNBOARD_TEST_SCENE, "utf8"));
}

/** A fresh one-time link for a person. */
export async function loginLink(scene, email = "admin@localhost") {
  const printed = await command(scene, "user", "link", "--email", email);
  const link = /https?:\/\/\S+/.exec(printed);
  if (!link) throw new Error(`no link in: ${printed}`);
  return link[0];
}

/** Logs in once and keeps the cookies in the file that `scene.signedIn` names. */
export async function signInState(scene) {
  const browser = await chromium.launch(config.use.launchOptions);
  const context = await browser.newContext();
  const page = await context.newPage();
  await followLink(page, await loginLink(scene));
  await context.storageState({ path: scene.signedIn });
  await browser.close();
}

/** Opens a one-time link as a person does, until the board is there. */
export async function followLink(page, link) {
  await page.goto(link);
  await page.waitForURL((url) => url.pathname === "/");
}

/** Calls the HTTP API with the admin's token unless another is named. */
export async function api({ url, known }, target, { method, body, token = known.RUNBOARD_TOKEN } = {}) {
  const response = await fetch(new URL(target, url), {
    method: method ?? (body ? "POST" : "GET"),
    headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target}: ${response.status} ${text}`);
  return text ? JSON.parse(text) : null;
}

/** Runs one SQL statement as an owner at a terminal would; answers the bare value. */
export function sql({ env }, statement) {
  return execFileSync(psql(), ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, env.DATABASE_URL], { encoding: "utf8" }).trim();
}

export function psql() {
  const versions = fs.existsSync("/usr/lib/postgresql") ? fs.readdirSync("/usr/lib/postgresql").sort((a, b) => b - a) : [];
  return versions.map((version) => `/usr/lib/postgresql/${version}/bin/psql`).find((file) => fs.existsSync(file)) ?? "psql";
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
