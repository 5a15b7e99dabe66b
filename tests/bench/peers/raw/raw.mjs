// The ceiling: one table, claimed and completed in batches of 50 by plain SQL.
import pg from "pg";
import { run } from "../contract.mjs";

const CLAIM = {
  name: "claim",
  text: `update job set state = 1, started_at = clock_timestamp()
         where id = any(array(select id from job where state = 0 order by id limit $1 for update skip locked))
         returning id, data`,
};
const COMPLETE = {
  name: "complete",
  text: "update job set state = 2, finished_at = clock_timestamp() where id = any($1::bigint[]) and state = 1",
};
const INSERT = {
  name: "insert",
  text: "insert into job (data) select value from jsonb_array_elements($1::jsonb)",
};
const BATCH = 50;

let pool;
await run({
  describe: {
    version: "hand-written SQL",
    keeps: "its row",
    settings: "claims and completes 50 at a time, two loops; LISTEN",
    open: "select count(*) from job where state < 2",
    done: "select exists(select from job where (data ->> 'n')::int = %(n)s and state = 2)",
  },
  async prepare() {
    const client = new pg.Client(process.env.DATABASE_URL);
    await client.connect();
    await client.query(`
      create table job (id bigint generated always as identity primary key, state smallint not null default 0,
        data jsonb not null, created_at timestamptz not null default clock_timestamp(), started_at timestamptz,
        finished_at timestamptz) with (fillfactor = 70);
      create index job_open on job (id) where state = 0;
      create function said() returns trigger language plpgsql as $$ begin notify job; return null; end $$;
      create trigger said after insert on job for each statement execute function said();`);
    await client.end();
  },
  async connect({ clients = 4 }) {
    pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Math.max(4, clients) });
  },
  insert: (jobs) => pool.query({ ...INSERT, values: [JSON.stringify(jobs)] }),
  async work(_options, handle) {
    let wake = () => {};
    const listener = new pg.Client(process.env.DATABASE_URL);
    await listener.connect();
    await listener.query("listen job");
    listener.on("notification", () => wake());
    const loop = async () => {
      for (;;) {
        const { rows } = await pool.query({ ...CLAIM, values: [BATCH] });
        if (rows.length === 0) {
          await new Promise((resolve) => {
            wake = resolve;
            setTimeout(resolve, 1000);
          });
          continue;
        }
        await Promise.all(rows.map((row) => handle(row.data)));
        await pool.query({ ...COMPLETE, values: [rows.map((row) => row.id)] });
      }
    };
    loop();
    loop();
  },
});
