"""procrastinate, with the task for stalled jobs that its manual has every user write."""

import asyncio
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import procrastinate  # noqa: E402
from contract import DATABASE_URL, run  # noqa: E402


class Adapter:
    describe = {
        "version": procrastinate.__version__ if hasattr(procrastinate, "__version__") else "3.10.0",
        "keeps": "its row and an event per change",
        "settings": "24 concurrent jobs, otherwise as it comes; for recovery a loop of the adapter retries stalled jobs each second",
        "open": "select count(*) from procrastinate_jobs where status in ('todo', 'doing')",
        "done": "select exists(select from procrastinate_jobs where (args ->> 'n')::int = %(n)s and status not in ('todo', 'doing'))",
    }

    def __init__(self):
        self.handle = None
        self.app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=DATABASE_URL, min_size=2, max_size=12))

        @self.app.task(name="noop", queue="bench")
        async def noop(**job):
            await self.handle(job)

        self.noop = noop

    async def prepare(self):
        async with self.app.open_async():
            await self.app.schema_manager.apply_schema_async()

    async def connect(self, _options):
        await self.app.open_async()

    async def insert(self, jobs):
        if len(jobs) == 1:
            await self.noop.defer_async(**jobs[0])
        else:
            await self.noop.batch_defer_async(*jobs)

    async def work(self, options, handle):
        self.handle = handle
        lease = options.get("lease")
        beats = {"update_heartbeat_interval": lease / 4, "stalled_worker_timeout": lease, "fetch_job_polling_interval": 1} if lease else {}
        self.worker = asyncio.create_task(
            self.app.run_worker_async(queues=["bench"], concurrency=options.get("slots", 24), install_signal_handlers=False, **beats)
        )
        if lease:
            self.rescue = asyncio.create_task(self.keep_rescuing(lease))

    async def keep_rescuing(self, lease):
        while True:
            await asyncio.sleep(1)
            for job in await self.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=lease):
                await self.app.job_manager.retry_job(job)


run(Adapter())
