// What every adapter in JavaScript shares: its argument, its words, its count of what was handled.
const precise = () => (performance.timeOrigin + performance.now()) / 1000;

export const say = (event, more = {}) => process.stdout.write(JSON.stringify({ event, ...more }) + "\n");
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Counts what a worker handles. */
export class Tally {
  constructor({ expect = 0, say: talks = false } = {}) {
    this.expect = expect;
    this.talks = talks;
    this.seen = new Set();
    this.doubled = 0;
    this.lags = [];
    this.timer = setInterval(() => this.second(), 1000);
    this.timer.unref();
  }

  begin({ n, t }) {
    const at = precise();
    if (this.talks) say("start", { n, at });
    if (t) this.lags.push((at - t) * 1000);
    if (this.seen.size === 0) say("first", { at });
    if (this.seen.has(n)) this.doubled += 1;
    this.seen.add(n);
    if (this.seen.size === this.expect) say("handled", { at, doubled: this.doubled });
  }

  /** The whole handler: begins, holds as long as the job says, ends. */
  async handle(job) {
    this.begin(job);
    if (job.hold) {
      await pause(job.hold * 1000);
      if (this.talks) say("end", { n: job.n, at: precise() });
    }
  }

  second() {
    if (this.lags.length === 0) return;
    const lags = this.lags.sort((a, b) => a - b);
    this.lags = [];
    const at = (share) => lags[Math.floor((lags.length - 1) * share)];
    say("second", { at: precise(), count: lags.length, p50: at(0.5), p99: at(0.99), doubled: this.doubled });
  }
}

/** Enqueues `count` jobs in calls of `batch` by `clients` at once; `insert` takes an array of jobs. */
async function enqueue({ from = 0, batch = 1, clients = 1, hold, ...options }, insert) {
  let next = from;
  const count = from + options.count;
  const began = precise();
  const client = async () => {
    while (next < count) {
      const jobs = [];
      while (jobs.length < batch && next < count) jobs.push(hold ? { n: next++, hold } : { n: next++ });
      await insert(jobs);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  say("result", { count: options.count, seconds: precise() - began });
}

async function produce({ rate, seconds }, insert) {
  const began = precise();
  say("producing");
  let n = 0;
  const pending = new Set();
  while (precise() - began < seconds) {
    const due = Math.floor((precise() - began) * rate);
    if (n < due && pending.size < 8) {
      const t = precise();
      const jobs = [];
      while (n < due && jobs.length < 50) jobs.push({ n: n++, t });
      const call = insert(jobs).finally(() => pending.delete(call));
      pending.add(call);
    }
    await pause(10);
  }
  await Promise.all(pending);
  say("result", { count: n, seconds: precise() - began });
}

/** `work(options, handle)` starts a worker; `insert(jobs, options)` enqueues. */
async function latency({ samples, ...options }, { work, insert }) {
  let started = () => {};
  await work(options, async () => started(performance.now()));
  await pause(500);
  const measured = [];
  for (let n = 0; n < samples + 20; n += 1) {
    const start = new Promise((resolve) => (started = resolve));
    const called = performance.now();
    await insert([{ n }]);
    const at = await start;
    if (n >= 20) measured.push(at - called);
    await pause(20);
  }
  say("result", { samples: measured });
}

/** Runs the verb of the command line. */
export async function run(adapter) {
  const [verb, text] = process.argv.slice(2);
  const options = JSON.parse(text ?? "{}");
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
  const { insert } = adapter;
  if (verb === "describe") say("describe", adapter.describe);
  else if (verb === "prepare") await adapter.prepare();
  else if (verb === "enqueue") {
    await adapter.connect(options);
    await enqueue(options, insert);
  } else if (verb === "produce") {
    await adapter.connect(options);
    await produce(options, insert);
  } else if (verb === "latency") {
    await adapter.connect(options);
    await latency(options, adapter);
  } else if (verb === "work") {
    await adapter.connect(options);
    const tally = new Tally(options);
    await adapter.work(options, (job) => tally.handle(job));
    say("ready");
    return;
  } else throw new Error(`unknown verb ${verb}`);
  process.exit(0);
}
