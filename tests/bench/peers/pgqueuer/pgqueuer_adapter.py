"""pgqueuer on asyncpg, batches of 10 as its own benchmark takes them."""

import asyncio
import datetime
import json
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import asyncpg  # noqa: E402
import uvloop  # noqa: E402
from contract import DATABASE_URL, run  # noqa: E402

import pgqueuer  # noqa: E402

asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())


class Adapter:
    describe = {
        "version": "1.6.0",
        "keeps": "a line per change in its log table; the job's row is deleted",
        "settings": "asyncpg and uvloop, batch_size 50, no limit of concurrent jobs",
        "open": "select count(*) from pgqueuer",
        "done": "select not exists(select from pgqueuer where convert_from(payload, 'UTF8')::jsonb @> jsonb_build_object('n', %(n)s::int))",
    }

    async def prepare(self):
        conn = await asyncpg.connect(DATABASE_URL)
        await pgqueuer.Queries(pgqueuer.AsyncpgDriver(conn)).install()
        await conn.close()

    async def connect(self, options):
        self.pool = await asyncpg.create_pool(DATABASE_URL, min_size=2, max_size=max(2, options.get("clients", 8)))
        self.queries = pgqueuer.Queries(pgqueuer.AsyncpgPoolDriver(self.pool))

    async def insert(self, jobs):
        if len(jobs) == 1:
            await self.queries.enqueue("noop", json.dumps(jobs[0]).encode())
        else:
            await self.queries.enqueue(["noop"] * len(jobs), [json.dumps(job).encode() for job in jobs], [0] * len(jobs))

    async def work(self, options, handle):
        conn = await asyncpg.connect(DATABASE_URL)
        queue = pgqueuer.PgQueuer(pgqueuer.AsyncpgDriver(conn))

        @queue.entrypoint("noop")
        async def noop(job: pgqueuer.Job) -> None:
            await handle(json.loads(job.payload))

        limits = {"batch_size": 50}
        if lease := options.get("lease"):
            slots = options["slots"]
            limits = {
                "batch_size": slots // 2,
                "max_concurrent_tasks": slots,
                "heartbeat_timeout": datetime.timedelta(seconds=lease),
                "dequeue_timeout": datetime.timedelta(seconds=1),
            }
        self.running = asyncio.create_task(queue.qm.run(**limits))


run(Adapter())
