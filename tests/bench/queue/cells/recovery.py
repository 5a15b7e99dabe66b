"""E: a worker is killed in the middle of its run; how soon does another begin it again?"""

import signal
import time

from adapter import Adapter, ask

LEASE = 2
PATIENCE = 45
HOLD = 300


def measure(peer, database, options):
    ask(peer, database, "prepare")
    with Adapter(peer, database, "work", slots=4, lease=LEASE, say=True) as doomed:
        doomed.hear("ready")
        ask(peer, database, "enqueue", count=1, batch=1, clients=1, hold=HOLD)
        doomed.hear("start", timeout=30)
        with Adapter(peer, database, "work", slots=4, lease=LEASE, say=True) as heir:
            heir.hear("ready")
            killed = time.time()
            doomed.signal(signal.SIGKILL)
            try:
                began = heir.hear("start", timeout=PATIENCE)["at"]
            except TimeoutError:
                return {"seconds": None, "robbed": None}
            return {"seconds": began - killed, "robbed": robs(peer, database, heir)}


def robs(peer, database, heir):
    """Whether the run is taken from a worker that lives and works on it."""
    with Adapter(peer, database, "work", slots=4, lease=LEASE, say=True) as third:
        third.hear("ready")
        time.sleep(4 * LEASE)
        return any(word["event"] == "start" for word in third.heard() + heir.heard())
