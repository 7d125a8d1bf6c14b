"""The app in a process of its own, and what it uses: for the programs that measure it under load (Linux)."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from tests.conftest import ROOT, free_port, wait_for

Given = TypeVar("Given")


def finished(doing: Coroutine[Any, Any, Given]) -> Given:
    """What a coroutine gives, in a thread of its own: Playwright keeps a loop running in that of a browser test."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, doing).result()


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share / 100))] if ordered else float("nan")


class Server:
    """The app on a free port, with ``settings`` in its environment and further ``options`` of Streamlit."""

    def __init__(self, settings: Mapping[str, str] | None = None, *options: str) -> None:
        self.settings, self.options = dict(settings or {}), options
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        options = ["--server.port", str(self.port), "--server.address", "127.0.0.1", "--server.fileWatcherType", "none"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", *options, *self.options],
            cwd=ROOT,
            env=os.environ | self.settings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_for(self.address)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def memory(self) -> int:
        """Bytes in memory (resident)."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        return cpu(self.process.pid)


def cpu(process: int) -> float:
    """Seconds of CPU the process has used, from Linux."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
