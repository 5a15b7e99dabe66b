"""D: 500 runs a second for some time; in the middle third somebody leaves a transaction open."""

import time

from adapter import Adapter, ask

RATE = 500


def measure(peer, database, options):
    third = options.seconds / 3
    ask(peer, database, "prepare")
    commits, wal = database.commits(), database.wal()
    idle = database.connect(autocommit=False)
    with Adapter(peer, database, "work", slots=peer.slots) as worker:
        worker.hear("ready")
        with Adapter(peer, database, "produce", rate=RATE, seconds=options.seconds) as producer:
            producer.hear("producing")
            began = time.time()
            time.sleep(third)
            # Reads once and goes to sleep: from now on nothing that dies can be cleared away.
            idle.execute("set transaction isolation level repeatable read")
            idle.execute("select txid_current()")
            time.sleep(third)
            dead = database.dead()
            idle.rollback()
            produced = producer.hear("result", timeout=third + 120)
        end = time.time() + third + 30
        while (open_after := database.value(peer.about["open"])) and time.time() < end:
            time.sleep(0.1)
        drained = time.time() - began - produced["seconds"]
        time.sleep(1.2)
        seconds = [word for word in worker.heard() if word["event"] == "second"]
        wal = database.wal() - wal
    database.settle()
    handled = sum(word["count"] for word in seconds)
    doubled = max((word["doubled"] for word in seconds), default=0)
    thirds = [[word for word in seconds if began + third * part <= word["at"] < began + third * (part + 1)] for part in range(3)]
    return {
        "produced": produced["count"] / produced["seconds"],
        "rates": [sum(word["count"] for word in part) / third for part in thirds],
        "p50s": [median([word["p50"] for word in part]) for part in thirds],
        "p99s": [max((word["p99"] for word in part), default=None) for part in thirds],
        "transactions": (database.commits() - commits) / max(1, handled),
        "wal": wal / max(1, handled),
        "dead": dead,
        "drained": max(0.0, drained),
        "left": open_after,
        # What is still open when patience ends is late, not lost.
        "lost": max(0, produced["count"] - handled + doubled - open_after),
        "doubled": doubled,
    }


def median(values):
    return sorted(values)[len(values) // 2] if values else None
