// Where the pages are measured: a server with a Postgres of its own, a signed-in Chromium, ways to make work.
import { chromium } from "@playwright/test";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import config from "../../e2e/playwright.config.mjs";
import { api, command, psql, signInState, sql, startServer, startWorker } from "../../e2e/support/scene.mjs";

/** Two hundred ended runs, some of them failed, so that board, chart and list show what they show on a usual day. */
const USUAL_DAY = `
  do $$
  declare i int; made text;
  begin
    for i in 1..200 loop
      made := (public.enqueue_run(jsonb_build_object('template', 'bench-quick', 'lane', substr('ABCD', 1 + i % 4, 1))) ->> 'run_id');
      perform public.cancel_run(made, 'made for measuring');
    end loop;
  end $$`;

export async function openStage() {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "runboard-web-"));
  fs.chmodSync(directory, 0o711);
  const { server, scene } = await startServer(directory);
  const stage = new Stage(directory, server, scene);
  try {
    scene.signedIn = path.join(directory, "signed-in.json");
    for (const template of ["quick", "lines", "chatter"]) await command(scene, "template", "apply", `tests/bench/web/templates/${template}.yaml`);
    await signInState(scene);
    sql(scene, USUAL_DAY);
    stage.browser = await chromium.launch(config.use.launchOptions);
    return stage;
  } catch (error) {
    await stage.close();
    throw error;
  }
}

class Stage {
  constructor(directory, server, scene) {
    Object.assign(this, { directory, server, scene });
  }

  /** A page of its own browser context. */
  async page(prepare = async () => {}) {
    const context = await this.browser.newContext({ storageState: this.scene.signedIn, viewport: { width: 1280, height: 800 }, baseURL: this.scene.url });
    const page = await context.newPage();
    await prepare(page);
    return page;
  }

  async leave(page) {
    await page.context().close();
  }

  /** Opens an address and waits until the page is alive. */
  async open(page, address) {
    await page.goto(address);
    await page.getByRole("button", { name: /Updates: Live/ }).waitFor();
  }

  worker(name, lanes) {
    return startWorker(this.scene, name, lanes);
  }

  api(target, options) {
    return api(this.scene, target, options);
  }

  sql(statement) {
    return sql(this.scene, statement);
  }

  /** Starts a statement that goes on; the answer resolves when it has ended. */
  async sqlBeside(statement) {
    const child = spawn(psql(), ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, this.scene.env.DATABASE_URL], { stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`psql ended with ${code}`);
  }

  /** Changes the state of runs so many times a second: half are new runs, half are ended ones. */
  change(perSecond, seconds) {
    const rounds = Math.round((perSecond / 2) * seconds);
    return this.sqlBeside(`
      do $$
      declare i int; made text; due timestamptz := clock_timestamp();
      begin
        for i in 1..${rounds} loop
          made := (public.enqueue_run(jsonb_build_object('template', 'bench-quick', 'lane', substr('ABCD', 1 + i % 4, 1))) ->> 'run_id');
          commit;
          perform public.cancel_run(made, 'made for measuring');
          commit;
          due := due + interval '${2 / perSecond} seconds';
          perform pg_sleep(greatest(0, extract(epoch from due - clock_timestamp())));
        end loop;
      end $$`);
  }

  async untilEnded(runId, timeoutMs = 120_000) {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const run = await this.api(`/api/runs/${runId}`);
      if (["success", "failed", "canceled"].includes(run.status)) return run;
      if (Date.now() > deadline) throw new Error(`${runId} is still ${run.status}`);
      await pause(200);
    }
  }

  async close() {
    await this.browser?.close();
    await this.server.stop();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
