"""Measures what pages read when the ledger is large: `script/bench lists`."""

import argparse
import http.client
import json
import pathlib
import time

from serving import Server

import fill
from adapter import ask
from cluster import Cluster
from peers import known

ROOT = pathlib.Path(__file__).resolve().parents[3]
AIM_MS = 60


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench lists", description=__doc__)
    parser.add_argument("--finished", type=int, default=1_000_000)
    parser.add_argument("--queued", type=int, default=100_000)
    parser.add_argument("--samples", type=int, default=60, help="readings of each address")
    parser.add_argument("--target", default=str(ROOT / "target/release"))
    return parser.parse_args()


def addresses(database):
    """What people look at: name, address, and what is posted to it."""
    ended, deep, word = database.conn.execute(fill.LANDMARKS).fetchone()
    return [
        ("board, as a page", "/"),
        ("board, its numbers", "/api/stats"),
        ("lanes", "/api/lanes"),
        ("workers", "/api/workers"),
        ("list, newest 50", "/api/runs"),
        ("list, newest 200", "/api/runs?limit=200"),
        ("list, a page in the middle", f"/api/runs?cursor={deep}"),
        ("list as a page", "/runs"),
        ("queued", "/api/runs?status=queued"),
        ("queued in one lane", "/api/runs?status=queued&lane=C"),
        ("running", "/api/runs?status=running"),
        ("waiting", "/api/runs?status=waiting"),
        ("success", "/api/runs?status=success"),
        ("failed", "/api/runs?status=failed"),
        ("failed or canceled", "/api/runs?status=failed,canceled"),
        ("one lane", "/api/runs?lane=C"),
        ("failed in one lane", "/api/runs?status=failed&lane=C"),
        ("success in one lane", "/api/runs?status=success&lane=C"),
        ("a usual template", "/api/runs?template=noop"),
        ("a rare template", "/api/runs?template=skipped"),
        ("failed of a rare template", "/api/runs?status=failed&template=skipped"),
        ("a template nobody has", "/api/runs?template=none"),
        ("an action nobody has", "/api/runs?action=pm.none"),
        ("one day, a week ago", f"/api/runs?from={fill.DAY_FROM}&to={fill.DAY_TO}"),
        ("failed on one day, a week ago", f"/api/runs?status=failed&from={fill.DAY_FROM}&to={fill.DAY_TO}"),
        ("words that many have", "/api/runs?q=noop"),
        ("words that one has", f"/api/runs?q={word}"),
        ("words that nobody has", "/api/runs?q=nowhere"),
        ("an id", f"/api/runs?q={ended}"),
        ("one run", f"/api/runs/{ended}"),
        ("one run as a page", f"/runs/{ended}"),
        ("its steps", f"/api/runs/{ended}/steps"),
        ("its events", f"/api/runs/{ended}/events"),
        ("metrics", "/metrics"),
        ("health of the database", "/api/health/db"),
        ("preview of canceling what is queued in one lane", "/api/bulk/preview", {"verb": "cancel", "filter": {"status": "queued", "lane": "C"}}),
        ("preview of starting a day's failed runs again", "/api/bulk/preview", {
            "verb": "retry", "filter": {"status": "failed", "from": fill.DAY_FROM, "to": fill.DAY_TO}}),
        ("export, until it begins", "/api/runs/export?status=failed"),
    ]


def measure(server, path, body, samples):
    host, port = server.address.split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=60)
    is_page = path == "/" or path.startswith("/runs")
    headers = {
        "authorization": f"Bearer {server.token}",
        "accept": "text/html" if is_page else "application/json",
        "content-type": "application/json",
    }
    is_export = "/export" in path
    times, status, size = [], 0, 0
    for number in range(samples + 3):
        began = time.perf_counter()
        connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        # An export goes on for as long as there are runs.
        size = len(answer.read1(1) if is_export else answer.read())
        took = (time.perf_counter() - began) * 1000
        status = answer.status
        if is_export:
            connection.close()
        if number >= 3:
            times.append(took)
        if took > 2_000 and number >= 5:
            # So slow that five readings say it.
            break
    connection.close()
    times.sort()
    return times[len(times) // 2], times[int((len(times) - 1) * 0.95)], status, size


def main():
    options = arguments()
    binaries = pathlib.Path(options.target).resolve()
    runboard = known(ROOT, binaries)[0]
    runboard.describe()
    rows = []
    with Cluster() as cluster, cluster.database() as database:
        ask(runboard, database, "prepare")
        began = time.monotonic()
        fill.load(database, options.finished, options.queued)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        with Server(binaries, database) as server:
            for name, path, *body in addresses(database):
                p50, p95, status, size = measure(server, path, body[0] if body else None, options.samples)
                rows.append((name, p50, p95, status, size))
                print(f"{name}: p50 {p50:.1f}, p95 {p95:.1f} ms, {status}, {size} bytes", flush=True)
        machine = cluster.machine()
    text = report(options, machine, rows)
    folder = ROOT / "target/bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lists.md").write_text(text)
    print(f"\n{text}\nwritten to target/bench/lists.md")


def report(options, machine, rows):
    lines = [
        f"Machine: {machine}; binaries of `target/{pathlib.Path(options.target).name}`. {options.finished:,} finished and {options.queued:,} "
        f"queued runs, {options.samples} readings each over one connection, one after the other; aim p95 < {AIM_MS} ms.",
        "", "| what is read | p50 ms | p95 ms | bytes |", "| --- | --- | --- | --- |",
    ]
    for name, p50, p95, status, size in rows:
        note = "" if status == 200 else f" (answered {status})"
        over = " **over**" if p95 >= AIM_MS else ""
        lines.append(f"| {name}{note} | {p50:.1f} | {p95:.1f}{over} | {size:,} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
