"""Who is measured, and how each is started."""

import dataclasses
import pathlib

from adapter import ask


@dataclasses.dataclass
class Peer:
    """One row of the table."""

    name: str
    command: list
    folder: pathlib.Path
    environment: dict = dataclasses.field(default_factory=dict)
    slots: int = 24
    cells: str = "ABCDEFG"
    # Runs of the burn-down and samples of the latency at most: some peers would need hours for all.
    most: int = 1_000_000
    most_samples: int = 1_000_000
    about: dict = dataclasses.field(default_factory=dict)

    def describe(self):
        self.about = ask(self, None, "describe", timeout=30)


def known(root, binaries):
    """All rows, Runboard's first."""
    tools = root / ".runboard/tools/bench-peers"
    runboard = [str(binaries / "bench-runboard")]

    def node(name):
        # The modules are installed beside the tools, so the adapters are run from a copy there.
        return ["node", str(tools / "adapters" / name / f"{name}.mjs")]

    def python(name):
        return [str(tools / "venv/bin/python"), str(root / "tests/bench/peers" / name / f"{name}_adapter.py")]

    batched = {"BATCHED": "1"}
    return [
        Peer("runboard", runboard, root),
        Peer("runboard (batched)", runboard, root, batched, slots=512, cells="ACD"),
        Peer("runboard-worker", runboard, root, {"RUNBOARD_WORKER": str(binaries / "runboard-worker")}, cells="A"),
        Peer("raw SQL", node("raw"), tools, cells="ABCD"),
        Peer("graphile-worker", node("graphile"), tools),
        Peer("graphile-worker (batched)", node("graphile"), tools, batched, cells="ACD"),
        # It polls twice a second for one job per worker: 500 runs a second are out of its reach.
        Peer("pg-boss", node("pg-boss"), tools, cells="ABCEFG", most=1_000, most_samples=100),
        Peer("pg-boss (batched)", node("pg-boss"), tools, batched, cells="ACD"),
        Peer("procrastinate", python("procrastinate"), root, most=5_000),
        Peer("awa", python("awa"), root),
        Peer("awa (256 slots)", python("awa"), root, slots=256, cells="AC"),
        Peer("pgqueuer", python("pgqueuer"), root),
    ]
