"""awa through its Python package: the same engine as its Rust crate."""

import dataclasses
import pathlib
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

import awa  # noqa: E402
from contract import DATABASE_URL, run  # noqa: E402


@dataclasses.dataclass
class Noop:
    n: int
    hold: float | None = None
    t: float | None = None


async def nothing(_job):
    pass


class Adapter:
    describe = {
        "version": "0.6.9",
        "keeps": "its row for a day",
        "settings": "as it comes after migrate; 24 or 256 workers on one queue",
        "open": "select count(*) from awa.jobs where state not in ('completed', 'failed', 'cancelled')",
        "done": "select exists(select from awa.jobs where (args ->> 'n')::int = %(n)s and state in ('completed', 'failed', 'cancelled'))",
    }

    async def prepare(self):
        client = awa.AsyncClient(DATABASE_URL)
        await client.migrate()
        # Its storage takes bulk inserts only after a worker has been there once.
        client.task(Noop, kind="noop", queue="bench")(nothing)
        await client.start([("bench", 1)])
        await client.shutdown()
        await client.close()

    async def connect(self, options):
        self.client = awa.AsyncClient(DATABASE_URL, max_connections=20)

    async def insert(self, jobs):
        if len(jobs) == 1:
            await self.client.insert(Noop(**jobs[0]), kind="noop", queue="bench")
        else:
            await self.client.enqueue_many_copy([Noop(**job) for job in jobs], kind="noop", queue="bench")

    async def work(self, options, handle):
        @self.client.task(Noop, kind="noop", queue="bench")
        async def noop(job):
            await handle(dataclasses.asdict(job.args))

        lease = options.get("lease")
        beats = (
            {"heartbeat_interval_ms": int(lease * 250), "heartbeat_staleness_ms": int(lease * 1000),
             "heartbeat_rescue_interval_ms": 500, "leader_election_interval_ms": 500, "promote_interval_ms": 100}
            if lease
            else {}
        )
        await self.client.start([("bench", options.get("slots", 24))], **beats)


run(Adapter())
