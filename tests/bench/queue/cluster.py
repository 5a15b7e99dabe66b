"""A private Postgres with durable commits, a fresh database per cell."""

import contextlib
import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import psycopg

# Everything else is Postgres's default. `jit` is off for all: it costs small queries most of their time.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "max_connections": "300",
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "track_functions": "none",
}


def binaries():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin") + glob.glob("/opt/homebrew/opt/postgresql@*/bin"))
    # The figures of the documents are those of 15.
    found.sort(key=lambda path: "15" not in path)
    if not found:
        initdb = shutil.which("initdb")
        if not initdb:
            raise SystemExit("error: no Postgres found; run script/bootstrap")
        return pathlib.Path(initdb).parent
    return pathlib.Path(found[0])


class Cluster:
    """Starts on entering, is gone on leaving."""

    def __enter__(self):
        self.bin = binaries()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="runboard-bench-pg-"))
        self.identity = {}
        if os.geteuid() == 0:
            owner = next(entry for entry in pwd.getpwall() if entry.pw_name in ("postgres", "_postgres", "nobody"))
            names = {entry.pw_name: entry for entry in pwd.getpwall()}
            owner = names.get("postgres") or names.get("_postgres") or owner
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            self.identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._run("initdb", "-D", str(self.folder / "data"), "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        options = [part for key, value in SETTINGS.items() for part in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-k", self.folder,
             "-h", "127.0.0.1", *options],
            cwd="/", stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "ab"), start_new_session=True,
            **self.identity,
        )
        for _ in range(300):
            with contextlib.suppress(psycopg.OperationalError):
                self.admin = psycopg.connect(self.url("postgres"), autocommit=True)
                return self
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError("Postgres did not start")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program, *words):
        subprocess.run([self.bin / program, *words], check=True, cwd="/", stdout=subprocess.DEVNULL, **self.identity)

    def url(self, database):
        return f"postgres://bench@127.0.0.1:{self.port}/{database}"

    @contextlib.contextmanager
    def database(self):
        """A database for one cell, dropped after it."""
        self.admin.execute("drop database if exists cell with (force)")
        self.admin.execute("create database cell")
        self.admin.execute("checkpoint")
        database = Database(self.url("cell"), self.url("postgres"))
        try:
            yield database
        finally:
            database.close()
            self.admin.execute("drop database if exists cell with (force)")

    def machine(self):
        version = self.admin.execute("show server_version").fetchone()[0]
        return f"{os.cpu_count()} cores; Postgres {version}, fsync and synchronous_commit on, jit off, same machine"


class Database:
    """What a cell asks Postgres for."""

    def __init__(self, url, admin_url):
        self.url = url
        self.admin_url = admin_url
        self.connections = []
        self.conn = self.connect()

    def connect(self, autocommit=True):
        conn = psycopg.connect(self.url, autocommit=autocommit)
        self.connections.append(conn)
        return conn

    def close(self):
        for conn in self.connections:
            conn.close()

    def value(self, sql, **values):
        return self.conn.execute(sql, values or None).fetchone()[0]

    def settle(self):
        """Statistics of Postgres are up to a second late."""
        time.sleep(1.5)

    def tidy(self):
        """The state in which every peer begins to work."""
        self.conn.execute("vacuum analyze")

    def commits(self):
        # Asked from outside, so that asking does not count.
        with psycopg.connect(self.admin_url, autocommit=True) as conn:
            return conn.execute("select xact_commit from pg_stat_database where datname = 'cell'").fetchone()[0]

    def wal(self):
        return self.value("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")

    def dead(self):
        return self.value("select coalesce(sum(n_dead_tup), 0)::bigint from pg_stat_user_tables")
