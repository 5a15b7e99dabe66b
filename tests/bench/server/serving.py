"""A real server on a database of the benchmark."""

import contextlib
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "queue"))

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """`runboard serve`, with a token that may read."""

    def __init__(self, binaries, database, log=None):
        self.binaries = binaries
        self.folder = tempfile.TemporaryDirectory(prefix="runboard-bench-server-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{probe.getsockname()[1]}"
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("RUNBOARD_")},
            "DATABASE_URL": database.url,
            "RUNBOARD_LISTEN": self.address,
            "RUNBOARD_DATA_DIR": self.folder.name,
            "RUNBOARD_LOG": "warn",
        }
        self.log = open(log or os.devnull, "ab")

    def __enter__(self):
        self.process = subprocess.Popen(
            [self.binaries / "runboard", "serve"], env=self.environment, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, cwd=self.folder.name,
        )
        for _ in range(300):
            with contextlib.suppress(OSError):
                self.get("/healthz")
                break
            if self.process.poll() is not None:
                raise RuntimeError("the server ended by itself")
            time.sleep(0.1)
        said = subprocess.run(
            [self.binaries / "runboard", "token", "create", "--name", "bench", "--role", "admin"],
            env=self.environment, check=True, capture_output=True, text=True, cwd=self.folder.name,
        ).stdout
        self.token = next(word for word in said.split() if len(word) > 24)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
        self.log.close()
        self.folder.cleanup()

    def get(self, path, token=None):
        headers = {"authorization": f"Bearer {token}"} if token else {}
        with urllib.request.urlopen(urllib.request.Request(f"http://{self.address}{path}", headers=headers), timeout=30) as answer:
            return answer.read()

    def memory(self):
        """Resident bytes."""
        return int(pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE

    def cpu(self):
        """Seconds of processor time so far."""
        return cpu(self.process.pid)


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
