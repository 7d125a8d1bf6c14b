"""A PostgreSQL of the tests' own on this machine, from Debian's packages."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.conftest import free_port, from_debian


def _initdb() -> Path | None:
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)), None)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory) -> Iterator[Callable[[], str]]:
    """Makes an empty database at each call and gives its address."""
    programs, folder = from_debian(_initdb, "postgresql").parent, Path(tmp_path_factory.mktemp("postgresql"))
    port = free_port()
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root; Debian's package makes a user for it
        for one in (folder, *folder.parents):
            if one == Path("/tmp") or one == Path("/"):
                break
            one.chmod(0o755)
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    data = folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "cwd": folder}
    subprocess.run([*as_user, programs / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-N"], **quiet)
    server = subprocess.Popen(
        [*as_user, programs / "postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1"]
        + ["-c", "fsync=off", "-c", f"unix_socket_directories={folder}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    address = ["-h", "127.0.0.1", "-p", str(port), "-U", "tests"]
    for _ in range(100):
        if subprocess.run([programs / "pg_isready", *address], stdout=subprocess.DEVNULL).returncode == 0:
            break
        time.sleep(0.1)
    numbers = count()

    def fresh() -> str:
        name = f"workshops{next(numbers)}"
        subprocess.run([programs / "createdb", *address, name], **quiet)
        return f"postgresql+psycopg://tests@127.0.0.1:{port}/{name}"

    yield fresh
    server.send_signal(signal.SIGINT)  # does not wait for those who are still connected
    server.wait(timeout=20)
