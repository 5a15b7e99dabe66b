"""Measures the live stream with many listeners: `script/bench live`."""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import threading
import time
import urllib.error

from serving import Server, cpu

from adapter import Adapter, ask
from cluster import Cluster
from peers import known

ROOT = pathlib.Path(__file__).resolve().parents[3]
CHANGES_PER_RUN = 3  # queued, running, ended


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench live", description=__doc__)
    parser.add_argument("--listeners", type=int, default=2_000)
    parser.add_argument("--idle", type=int, default=10_000, help="streams of the idle part; 0 leaves it out")
    parser.add_argument("--changes", type=int, default=200, help="changes of runs per second")
    parser.add_argument("--seconds", type=int, default=30, help="length of each steady part")
    parser.add_argument("--runs", type=int, default=10_000, help="runs of each burn-down")
    parser.add_argument("--repeat", type=int, default=3, help="burn-downs with and without listeners")
    parser.add_argument("--target", default=str(ROOT / "target/release"))
    return parser.parse_args()


class Listeners:
    """`bench-live`: many streams in one process."""

    def __init__(self, binaries, server, count):
        self.count = count
        self.process = subprocess.Popen(
            [binaries / "bench-live", server.address, server.token, str(count)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self.lags, self.last, self.connected = [], {}, threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        for line in self.process.stdout:
            word = json.loads(line)
            if word["event"] == "connected":
                self.connected.set()
            else:
                self.lags += word.pop("lags")
                self.last = word

    def __enter__(self):
        if not self.connected.wait(120):
            self.__exit__()
            raise RuntimeError("the listeners did not connect within 120 s")
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def percentile(values, share):
    values = sorted(values)
    return values[int((len(values) - 1) * share)] if values else float("nan")


def steady(runboard, database, options, server, listeners):
    """A steady stream of short runs: how late is everybody told, and how late do runs start?"""
    with Adapter(runboard, database, "work", slots=24) as worker:
        worker.hear("ready")
        before = (server.cpu(), cpu(listeners.process.pid) if listeners else 0, dict(listeners.last) if listeners else {})
        if listeners:
            listeners.lags.clear()
        began = time.monotonic()
        ask(runboard, database, "produce", rate=options.changes / CHANGES_PER_RUN, seconds=options.seconds)
        time.sleep(2)
        took = time.monotonic() - began
        seconds = [word for word in worker.heard() if word["event"] == "second"]
    figures = {
        "start_p50": statistics.median(word["p50"] for word in seconds),
        "start_p99": max(word["p99"] for word in seconds),
        "server_cpu": (server.cpu() - before[0]) / took,
        "server_mib": server.memory() / 2**20,
    }
    if listeners:
        figures |= {
            "p50": percentile(listeners.lags, 0.5), "p95": percentile(listeners.lags, 0.95), "max": percentile(listeners.lags, 1.0),
            "measured": len(listeners.lags),
            "listeners_cpu": (cpu(listeners.process.pid) - before[1]) / took,
            "events": (listeners.last["events"] - before[2].get("events", 0)) / took / listeners.count,
            "mbytes": (listeners.last["bytes"] - before[2].get("bytes", 0)) / took / 1e6,
            "gaps": listeners.last["gaps"], "holes": listeners.last["holes"], "ended": listeners.last["ended"],
        }
    return figures


def burn_down(runboard, database, options):
    """Runs per second of one worker on a full queue."""
    ask(runboard, database, "enqueue", count=options.runs, batch=1000, clients=1)
    with Adapter(runboard, database, "work", slots=24, expect=options.runs) as worker:
        first = worker.hear("first")["at"]
        handled = worker.hear("handled", timeout=600)["at"]
        while database.value(runboard.about["open"]):
            time.sleep(0.05)
    return options.runs / (handled - first)


def idle(binaries, server, count):
    before = server.memory()
    with Listeners(binaries, server, count) as listeners:
        time.sleep(5)
        after, busy = server.memory(), server.cpu()
        answers = []
        for _ in range(50):
            began = time.monotonic()
            server.get("/readyz")
            answers.append((time.monotonic() - began) * 1000)
        time.sleep(5)
        busy = (server.cpu() - busy) / 5
        connected = count - listeners.last["ended"]
    return {"connected": connected, "kib": (after - before) / 1024 / max(1, connected), "mib": after / 2**20,
            "answer_p95": percentile(answers, 0.95), "cpu": busy}


def main():
    options = arguments()
    binaries = pathlib.Path(options.target).resolve()
    runboard = known(ROOT, binaries)[0]
    runboard.describe()
    with Cluster() as cluster, cluster.database() as database:
        ask(runboard, database, "prepare")
        with Server(binaries, database) as server:
            quiet = steady(runboard, database, options, server, None)
            print("without listeners:", quiet, flush=True)
            with Listeners(binaries, server, options.listeners) as listeners:
                busy = steady(runboard, database, options, server, listeners)
            print("with listeners:", busy, flush=True)
            without, with_them = [], []
            for _ in range(options.repeat):
                without.append(burn_down(runboard, database, options))
                with Listeners(binaries, server, options.listeners):
                    with_them.append(burn_down(runboard, database, options))
                print("burn-down without, with:", without[-1], with_them[-1], flush=True)
        with Server(binaries, database) as server:
            still = idle(binaries, server, options.idle) if options.idle else None
        machine = cluster.machine()
    text = report(options, machine, quiet, busy, without, with_them, still)
    folder = ROOT / "target/bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "live.md").write_text(text)
    print(f"\n{text}\nwritten to target/bench/live.md")


def report(options, machine, quiet, busy, without, with_them, still):
    loss = 100 * (1 - statistics.median(with_them) / statistics.median(without)) if without else float("nan")
    rows = [
        ("lag of a change, p50 / p95 / max", f"{busy['p50']:.0f} / {busy['p95']:.0f} / {busy['max']:.0f} ms ({busy['measured']:,} measured)"),
        ("gaps said, numbers missing, streams ended", f"{busy['gaps']}, {busy['holes']}, {busy['ended']}"),
        ("events per second and listener; all of them together", f"{busy['events']:.1f}; {busy['mbytes']:.1f} MB/s"),
        ("server: processor, memory", f"{100 * busy['server_cpu']:.0f} % of a core, {busy['server_mib']:.0f} MiB"),
        ("… without listeners", f"{100 * quiet['server_cpu']:.0f} % of a core, {quiet['server_mib']:.0f} MiB"),
        ("the listeners' own process", f"{100 * busy['listeners_cpu']:.0f} % of a core"),
        ("enqueue → start at this load, p50 / worst second's p99", f"{busy['start_p50']:.1f} / {busy['start_p99']:.1f} ms"),
        ("… without listeners", f"{quiet['start_p50']:.1f} / {quiet['start_p99']:.1f} ms"),
    ]
    if without:
        rows.append((f"burn-down of {options.runs:,} runs with listeners, median of {options.repeat}", f"{statistics.median(with_them):,.0f} runs/s"))
        rows.append(("… without listeners", f"{statistics.median(without):,.0f} runs/s ({loss:+.0f} % lost)"))
    if still:
        rows.append((f"{still['connected']:,} idle streams", f"{still['kib']:.1f} KiB each, {still['mib']:.0f} MiB in all, {100 * still['cpu']:.0f} % of a core"))
        rows.append(("… and another request meanwhile, p95", f"{still['answer_p95']:.0f} ms"))
    lines = [
        f"Machine: {machine}; binaries of `target/{pathlib.Path(options.target).name}`; server, worker, listeners and Postgres share it. "
        f"{options.listeners:,} listeners of the board, {options.changes} changes of runs a second.",
        "", "| what | figure |", "| --- | --- |", *(f"| {name} | {figure} |" for name, figure in rows),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    try:
        main()
    except urllib.error.HTTPError as error:
        sys.exit(f"error: the server answered {error.code} to {error.url}")
