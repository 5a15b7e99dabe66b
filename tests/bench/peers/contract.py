"""What every adapter in Python shares: its argument, its words, its count of what was handled."""

import asyncio
import json
import os
import sys
import threading
import time

DATABASE_URL = os.environ.get("DATABASE_URL", "")


def say(event, **more):
    sys.stdout.write(json.dumps({"event": event, **more}) + "\n")
    sys.stdout.flush()


class Tally:
    """Counts what a worker handles."""

    def __init__(self, expect=0, say=False, **_):
        self.expect, self.talks = expect, say
        self.seen, self.doubled, self.lags = set(), 0, []

    def begin(self, job):
        at = time.time()
        n = job["n"]
        if self.talks:
            say("start", n=n, at=at)
        if job.get("t"):
            self.lags.append((at - job["t"]) * 1000)
        if not self.seen:
            say("first", at=at)
        if n in self.seen:
            self.doubled += 1
        self.seen.add(n)
        if len(self.seen) == self.expect:
            say("handled", at=at, doubled=self.doubled)

    async def handle(self, job):
        """The whole handler: begins, holds as long as the job says, ends."""
        self.begin(job)
        if job.get("hold"):
            await asyncio.sleep(job["hold"])
            if self.talks:
                say("end", n=job["n"], at=time.time())

    async def keep_saying(self):
        while True:
            await asyncio.sleep(1)
            lags, self.lags = sorted(self.lags), []
            if lags:
                say("second", at=time.time(), count=len(lags), p50=lags[int((len(lags) - 1) * 0.5)],
                    p99=lags[int((len(lags) - 1) * 0.99)], doubled=self.doubled)


async def enqueue(insert, count, batch=1, clients=1, hold=None, **options):
    numbers = iter(range(options.get("from", 0), options.get("from", 0) + count))

    async def client():
        while True:
            jobs = [{"n": n, **({"hold": hold} if hold else {})} for _, n in zip(range(batch), numbers)]
            if not jobs:
                return
            await insert(jobs)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    say("result", count=count, seconds=time.perf_counter() - began)


async def produce(insert, rate, seconds, **_):
    began, n, pending = time.perf_counter(), 0, set()
    say("producing")
    while (passed := time.perf_counter() - began) < seconds:
        due = int(passed * rate)
        if n < due and len(pending) < 8:
            last, t = min(due, n + 50), time.time()
            call = asyncio.create_task(insert([{"n": number, "t": t} for number in range(n, last)]))
            pending.add(call)
            call.add_done_callback(pending.discard)
            n = last
        await asyncio.sleep(0.01)
    await asyncio.gather(*pending)
    say("result", count=n, seconds=time.perf_counter() - began)


async def latency(adapter, samples, **options):
    started = asyncio.Event()
    at = 0.0

    async def handle(_job):
        nonlocal at
        at = time.perf_counter()
        started.set()

    await adapter.work(options, handle)
    await asyncio.sleep(0.5)
    measured = []
    for n in range(samples + 20):
        started.clear()
        called = time.perf_counter()
        await adapter.insert([{"n": n}])
        await started.wait()
        if n >= 20:
            measured.append((at - called) * 1000)
        await asyncio.sleep(0.02)
    say("result", samples=measured)


async def work(adapter, options):
    tally = Tally(**options)
    await adapter.work(options, tally.handle)
    say("ready")
    await tally.keep_saying()


def run(adapter):
    """Runs the verb of the command line. `adapter` has describe, prepare, connect, insert and work."""
    verb = sys.argv[1]
    options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    if verb == "describe":
        return say("describe", **adapter.describe)

    def end_with_the_driver():
        sys.stdin.read()
        os._exit(0)

    threading.Thread(target=end_with_the_driver, daemon=True).start()

    async def go():
        if verb == "prepare":
            return await adapter.prepare()
        await adapter.connect(options)
        if verb == "enqueue":
            await enqueue(adapter.insert, **options)
        elif verb == "produce":
            await produce(adapter.insert, **options)
        elif verb == "latency":
            await latency(adapter, **options)
        elif verb == "work":
            await work(adapter, options)
        else:
            raise SystemExit(f"unknown verb {verb}")

    asyncio.run(go())
    sys.stdout.flush()
    # Some peers leave threads or connections that would keep the process.
    os._exit(0)
