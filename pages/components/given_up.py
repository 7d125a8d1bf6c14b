"""What visits held is given back to the machine once they are given up.

Streamlit keeps a closed visit for two minutes, in case its browser comes back (``server.disconnectedSessionTTL``),
and looks for those that are over only when another one ends. What a visit held is freed by a full collection of
Python's garbage, which a busy server comes to late, and a quiet one never.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import streamlit as st

from pages.components import seams

EVERY = 30  # seconds between two looks


@asynccontextmanager
async def watched(app: st.App) -> AsyncIterator[None]:
    """While the server runs."""
    watch = asyncio.create_task(_watch())
    try:
        yield
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch() -> None:
    closed = 0
    while True:
        await asyncio.sleep(EVERY)
        before, closed = closed, seams.closed_visits()
        if closed < before:
            await asyncio.to_thread(give_back)


def give_back() -> None:
    """Collect what nothing refers to, and hand memory that is free back to the system, where that can be done."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # Windows, macOS and musl have no such function
        ctypes.CDLL(None).malloc_trim(0)
