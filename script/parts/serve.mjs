// Runs the built installation for script/server: server, one worker, the demo, one login link; stops all of it in order.
import fs from "node:fs";
import path from "node:path";
import { readEnv, run, start, until, untilReady } from "./processes.mjs";

const DATA_DIR = process.env.RUNBOARD_DATA_DIR ?? ".runboard";
const BINARIES = process.argv.includes("--release") ? "target/release" : "target/debug";
const RUNBOARD = path.join(BINARIES, "runboard");
const LOGS = path.join(DATA_DIR, "log");
const DEV_ENV = path.join(DATA_DIR, "dev.env");
const embedded = !process.env.DATABASE_URL;

/** Logs go to files, which no terminal colours. */
const ENV = { ...process.env, NO_COLOR: "1" };

/** In the order of their start; stopped from the last to the first. */
const services = [];
let stopping = false;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(0));

try {
  await serve();
} catch (error) {
  if (!stopping) {
    console.error(`\nerror: ${error.message}`);
    for (const service of services.filter((each) => each.outcome)) console.error(`${service.name} said last:\n${service.lastLines()}`);
    await stop(1);
  }
}

async function serve() {
  fs.rmSync(LOGS, { recursive: true, force: true });
  const startedAt = Date.now();
  const server = launch("server", RUNBOARD, ["serve", "--embedded"], ENV);
  const known = await until("the server to write dev.env", () => freshDevEnv(server, startedAt), { timeoutMs: 90_000 });
  await untilReady(server, known.RUNBOARD_URL);

  const env = { ...ENV, ...known };
  launchWorker(known);
  await run(RUNBOARD, ["demo"], { env });
  const printed = await run(RUNBOARD, ["user", "link"], { env });
  const link = /https?:\/\/\S+/.exec(printed)?.[0] ?? printed;

  console.log(`
Runboard is up (${((Date.now() - startedAt) / 1000).toFixed(1)} s).

  Open    ${link}
          The link logs you in once; \`${RUNBOARD} user link\` makes another.
  Tokens  ${DEV_ENV}
  Logs    ${LOGS}/server.log, ${LOGS}/worker.log
  Data    ${embedded ? `a private Postgres in ${DATA_DIR}` : "the Postgres that DATABASE_URL names"}

Ctrl-C stops everything.`);
  for (;;) {
    const ended = await Promise.race(services.map((service) => service.ended.then(() => service)));
    if (stopping) break;
    // Who kills the worker wants to see its runs recovered. Who made it fail must be told.
    if (ended.name !== "worker" || !ended.outcome.signal) throw new Error(ended.obituary());
    console.log(`${ended.obituary()}; starting another.`);
    services.splice(services.indexOf(ended), 1);
    launchWorker(known);
  }
  await new Promise(() => {}); // stop() ends the process
}

/** All lanes; steps may reach this server, though it is on a private address; Ctrl-C is not kept waiting. */
function launchWorker({ DATABASE_URL, RUNBOARD_ALLOW_ADDRESS }) {
  const options = ["--lanes", "A,B,C,D", "--slots", "8", "--grace-seconds", "5", "--secret-key-file", path.join(DATA_DIR, "secret.key")];
  const allowed = [RUNBOARD_ALLOW_ADDRESS, process.env.RUNBOARD_ALLOW_ADDRESS].filter(Boolean).join(",");
  launch("worker", path.join(BINARIES, "runboard-worker"), options, { ...ENV, DATABASE_URL, RUNBOARD_ALLOW_ADDRESS: allowed });
}

function launch(name, command, args, env) {
  const log = path.join(LOGS, `${name}.log`);
  const service = start(name, command, args, { env, log });
  services.push(service);
  return service;
}

/** The server writes the file at each start, with the address it really got. */
function freshDevEnv(server, since) {
  if (server.outcome) throw Object.assign(new Error(server.obituary()), { final: true });
  return fs.existsSync(DEV_ENV) && fs.statSync(DEV_ENV).mtimeMs >= since - 1 && readEnv(DEV_ENV);
}

/** The worker first, so that it can hand back its runs; then the server, which stops its Postgres. */
async function stop(code) {
  if (stopping) return;
  stopping = true;
  if (code === 0) process.stdout.write("\nStopping… ");
  for (const service of [...services].reverse()) {
    if (!(await service.stop(40_000))) console.error(`${service.name} did not end in time and was killed.`);
  }
  if (code === 0) console.log("stopped.");
  process.exit(code);
}
