// Child processes as script/server, the browser tests and the benchmark run them: own process group, own log file,
// stopped by process id and waited for.
import { execFile, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** A started program. `ended` resolves to `{ code, signal }`. */
export class Service {
  constructor(name, child, log) {
    this.name = name;
    this.child = child;
    this.log = log;
    this.outcome = null;
    this.ended = new Promise((resolve) => {
      child.once("error", (error) => resolve((this.outcome = { code: null, signal: null, error })));
      child.once("exit", (code, signal) => resolve((this.outcome = { code, signal })));
    });
  }

  get pid() {
    return this.child.pid;
  }

  /** Sends a signal to the program itself, not to what it started. */
  signal(name) {
    if (!this.outcome) this.child.kill(name);
  }

  /** Asks it to end, waits, and kills it when it does not end in time. Resolves to whether it ended by itself. */
  async stop(graceMs = 20_000) {
    this.signal("SIGTERM");
    const inTime = await Promise.race([this.ended.then(() => true), pause(graceMs, false, { ref: false })]);
    if (!inTime) {
      this.signal("SIGKILL");
      await this.ended;
    }
    return inTime;
  }

  /** The last lines it printed. */
  lastLines(count = 20) {
    const text = fs.existsSync(this.log) ? fs.readFileSync(this.log, "utf8") : "";
    return text.trimEnd().split("\n").slice(-count).join("\n");
  }

  /** Why it ended, in words; null while it lives. */
  obituary() {
    if (!this.outcome) return null;
    const { code, signal, error } = this.outcome;
    return `${this.name} ${error ? `did not start: ${error.message}` : signal ? `was ended by ${signal}` : `ended with code ${code}`}`;
  }
}

/** Starts a program in a session of its own, so that Ctrl-C in the terminal reaches only the caller. */
export function start(name, command, args, { env = process.env, log, cwd }) {
  fs.mkdirSync(path.dirname(log), { recursive: true });
  const output = fs.openSync(log, "a", 0o600);
  const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", output, output] });
  fs.closeSync(output);
  return new Service(name, child, log);
}

/** Runs a program to its end and resolves to what it printed; rejects with what it complained about. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { maxBuffer: 16 << 20, ...options }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${path.basename(command)} ${args.join(" ")}: ${stderr.trim() || error.message}`));
      else resolve(stdout.trim());
    });
  });
}

/** Asks again and again until `ask` answers something truthy; says `what` was missing when time is up. */
export async function until(what, ask, { timeoutMs = 30_000, everyMs = 100 } = {}) {
  const deadline = Date.now() + timeoutMs;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      if (error.final) throw error;
      last = error;
    }
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms${last ? ` (${last.message})` : ""}`);
    await pause(everyMs);
  }
}

/** Waits until the server says that it can serve; gives up at once when the process ended. */
export async function untilReady(service, url, timeoutMs = 90_000) {
  await until(`${service.name} to be ready`, async () => {
    if (service.outcome) throw Object.assign(new Error(service.obituary()), { final: true });
    return (await fetch(new URL("/readyz", url), { signal: AbortSignal.timeout(2_000) })).ok;
  }, { timeoutMs });
}

/** `NAME=value` lines, values optionally quoted. */
export function readEnv(file) {
  const values = {};
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    const match = /^(?:export )?([A-Z0-9_]+)=(.*)$/.exec(line.trim());
    if (match) values[match[1]] = match[2].replace(/^(['"])(.*)\1$/, "$2");
  }
  return values;
}
