"""A: how fast one worker process works off a full queue of runs that do nothing."""

import time

from adapter import Adapter, ask


def measure(peer, database, options):
    count = min(options.runs, peer.most)
    ask(peer, database, "prepare")
    ask(peer, database, "enqueue", count=count, batch=1000, clients=1)
    database.tidy()
    database.settle()
    commits, wal = database.commits(), database.wal()
    with Adapter(peer, database, "work", slots=peer.slots, expect=count) as worker:
        first = worker.hear("first")["at"]
        handled = worker.hear("handled", timeout=900)
        asked = time.time()
        while database.value(peer.about["open"]) and time.time() < handled["at"] + 60:
            # Asking takes at most a fifth of the time: it must not slow down what it waits for.
            time.sleep(max(0.005, 4 * (time.time() - asked)))
            asked = time.time()
        # A process that reads the end from the database has seen it before we do.
        end = max(handled["at"], time.time()) if "RUNBOARD_WORKER" not in peer.environment else handled["at"]
        wal = database.wal() - wal
        open_after = database.value(peer.about["open"])
        time.sleep(0.5)
        doubled = handled["doubled"] + sum(1 for word in worker.heard() if word.get("doubled", 0) > handled["doubled"])
    database.settle()
    return {
        "runs": count,
        "per_second": count / (end - first),
        "transactions": (database.commits() - commits) / count,
        "wal": wal / count,
        "dead": database.dead(),
        "lost": open_after,
        "doubled": doubled,
    }
