// pg-boss: its workers as they come, or (BATCHED=1) fetch and complete in batches of 500.
import PgBoss from "pg-boss";
import { pause, run } from "../contract.mjs";

const batched = process.env.BATCHED === "1";
const BATCH = 500;
// pg-boss knows no heartbeat: a job has so long in all, whatever its worker does.
const LEASE = 2;
let boss;
await run({
  describe: {
    version: "10.4.2",
    keeps: "its row, moved to an archive later",
    settings: batched
      ? "fetch and complete in batches of 500, four loops, 50 ms of rest when there is nothing"
      : "24 workers of one job, polling every 0.5 s (its shortest)",
    open: "select count(*) from pgboss.job where state < 'completed'",
    done: "select exists(select from pgboss.job where (data ->> 'n')::int = %(n)s and state >= 'completed')",
  },
  async prepare() {
    const made = new PgBoss(process.env.DATABASE_URL);
    await made.start();
    await made.createQueue("noop", { name: "noop", policy: "standard" });
    await made.stop({ graceful: false });
  },
  async connect({ lease }) {
    boss = new PgBoss({
      connectionString: process.env.DATABASE_URL,
      max: 10,
      ...(lease && { maintenanceIntervalSeconds: 1, monitorStateIntervalSeconds: 1 }),
    });
    boss.on("error", () => {});
    await boss.start();
  },
  insert: (jobs) =>
    jobs.length === 1
      ? boss.send("noop", jobs[0], jobs[0].hold ? { expireInSeconds: LEASE, retryLimit: 3, retryDelay: 0 } : {})
      : boss.insert(jobs.map((data) => ({ name: "noop", data }))),
  async work({ slots = 24, lease }, handle) {
    if (batched && !lease) {
      const loop = async () => {
        for (;;) {
          const jobs = await boss.fetch("noop", { batchSize: BATCH });
          if (jobs.length === 0) {
            await pause(50);
            continue;
          }
          await Promise.all(jobs.map((job) => handle(job.data)));
          await boss.complete(
            "noop",
            jobs.map((job) => job.id),
          );
        }
      };
      for (let index = 0; index < 4; index += 1) loop();
      return;
    }
    for (let index = 0; index < slots; index += 1) {
      await boss.work("noop", { pollingIntervalSeconds: 0.5, batchSize: 1 }, ([job]) => handle(job.data));
    }
  },
});
