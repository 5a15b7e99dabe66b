"""Measures Runboard and its peers on one private Postgres and writes the table: `script/bench queue`."""

import argparse
import datetime
import json
import pathlib
import random
import signal
import sys
import time
import traceback

import report
from cells import burn_down, enqueue, latency, recovery, steady, zombie
from cluster import Cluster
from peers import known

ROOT = pathlib.Path(__file__).resolve().parents[3]
CELLS = {
    "A": burn_down.measure,
    "B": enqueue.measure,
    "C": latency.measure,
    "D": steady.measure,
    "E": recovery.measure,
    "F": zombie.freeze_the_leader,
    "G": zombie.freeze_another,
}
REPEATED = "ABC"


def arguments():
    parser = argparse.ArgumentParser(prog="script/bench queue", description=__doc__)
    parser.add_argument("--cells", default="".join(CELLS), help="which of A burn-down, B enqueue, C latency, D steady, E recovery, F and G zombies")
    parser.add_argument("--peers", default="", help="names, comma-separated; all when absent")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions of A, B and C")
    parser.add_argument("--runs", type=int, default=20_000, help="runs of A, and of B in bulk")
    parser.add_argument("--singles", type=int, default=4_000, help="runs of B one by one")
    parser.add_argument("--samples", type=int, default=500, help="samples of C")
    parser.add_argument("--long", action="store_true", help="D for six minutes instead of 30 seconds")
    parser.add_argument("--seed", type=int, default=1, help="order of the cells")
    parser.add_argument("--target", default=str(ROOT / "target/release"), help="where the binaries of Runboard are")
    return parser.parse_args()


def plan(options, peers):
    """Every repetition in an order of its own, so that a slow minute does not hit one peer alone."""
    chance = random.Random(options.seed)
    rounds = options.repeat if set(options.cells) & set(REPEATED) else 1
    for number in range(rounds):
        cells = [
            (cell, peer)
            for cell in options.cells
            for peer in peers
            if cell in peer.cells and (number == 0 or cell in REPEATED)
        ]
        chance.shuffle(cells)
        yield from cells


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options.seconds = 360 if options.long else 30
    chosen = {name for name in options.peers.split(",") if name}
    peers = [peer for peer in known(ROOT, pathlib.Path(options.target).resolve()) if not chosen or peer.name in chosen]
    unknown = chosen - {peer.name for peer in peers}
    if unknown:
        sys.exit(f"error: unknown peers {', '.join(sorted(unknown))}")
    results = []
    began = time.monotonic()
    with Cluster() as cluster:
        for peer in peers:
            peer.describe()
        work = list(plan(options, peers))
        for number, (cell, peer) in enumerate(work, 1):
            print(f"[{number}/{len(work)}] {cell} {peer.name}", end=" ", flush=True)
            try:
                with cluster.database() as database:
                    figures = CELLS[cell](peer, database, options)
            except Exception as error:  # one peer that breaks must not cost the others their figures
                figures = {"error": str(error).splitlines()[0] if str(error) else type(error).__name__}
                traceback.print_exc(limit=3)
            print(report.brief(figures), flush=True)
            results.append({"cell": cell, "peer": peer.name, **figures})
        machine = cluster.machine()
    folder = ROOT / "target/bench"
    folder.mkdir(parents=True, exist_ok=True)
    meta = {
        "machine": machine,
        "binaries": pathlib.Path(options.target).name,
        "minutes": round((time.monotonic() - began) / 60),
        "options": {key: getattr(options, key) for key in ("repeat", "runs", "singles", "samples", "seconds")},
    }
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%d-%H%M%S")
    (folder / f"queue-{stamp}.json").write_text(json.dumps({"meta": meta, "results": results}, indent=1))
    text = report.markdown(meta, peers, results)
    (folder / "queue.md").write_text(text)
    print(f"\n{text}\nwritten to target/bench/queue.md")
    if any("error" in result for result in results):
        sys.exit(1)


if __name__ == "__main__":
    main()
