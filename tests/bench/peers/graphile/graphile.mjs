// graphile-worker, plain or (`graphile.mjs` with BATCHED=1) with its local queue and batched completion.
import { Logger, makeWorkerUtils, run as start } from "graphile-worker";
import pg from "pg";
import { run } from "../contract.mjs";

const batched = process.env.BATCHED === "1";
const quiet = new Logger(() => () => {});
let pool;
let utils;
await run({
  describe: {
    version: "0.17.3",
    keeps: "nothing: a finished job's row is deleted",
    settings: batched
      ? "24 concurrent jobs, localQueue.size 500, completions batched (0 ms)"
      : "24 concurrent jobs, otherwise as it comes",
    open: "select count(*) from graphile_worker._private_jobs",
    done: "select not exists(select from graphile_worker._private_jobs where (payload ->> 'n')::int = %(n)s)",
  },
  async prepare() {
    const made = await makeWorkerUtils({ connectionString: process.env.DATABASE_URL, logger: quiet });
    await made.migrate();
    await made.release();
  },
  async connect({ clients = 10 }) {
    pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Math.max(10, clients) });
    utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
  },
  insert: (jobs) =>
    jobs.length === 1
      ? utils.addJob("noop", jobs[0])
      : utils.addJobs(jobs.map((payload) => ({ identifier: "noop", payload }))),
  async work({ slots = 24 }, handle) {
    const worker = batched ? { localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 } : {};
    await start({
      pgPool: new pg.Pool({ connectionString: process.env.DATABASE_URL, max: slots + 2 }),
      logger: quiet,
      noHandleSignals: true,
      preset: { worker: { concurrentJobs: slots, pollInterval: 2000, ...worker } },
      taskList: { noop: (job) => handle(job) },
    });
  },
});
