"""What visits held is given back to the machine once they are given up.

Streamlit keeps a closed visit for two minutes, in case its browser comes back (``server.disconnectedSessionTTL``),
and looks for those that are over only when another one ends. What a visit held is freed by a full collection of
Python's garbage, which a busy server comes to late, and a quiet one never.

Such a collection looks through all that all visits hold, a quarter of a second with two hundred of them, and Python
makes one whenever a quarter more has come: ten per cent of the CPU of a crowd. Here it is made by the clock.
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
SELDOM = (10_000, 10, 100_000)  # for ``gc.set_threshold``: a full collection as good as never
MUCH = 5  # partial collections since the last full one, 100,000 new objects each


@asynccontextmanager
async def watched(app: st.App) -> AsyncIterator[None]:
    """While the server runs."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    watch = asyncio.create_task(_watch())
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def _watch() -> None:
    closed = 0
    while True:
        await asyncio.sleep(EVERY)
        before, closed = closed, seams.closed_visits()
        if closed < before or gc.get_count()[2] > MUCH:
            await asyncio.to_thread(give_back)


def give_back() -> None:
    """Collect what nothing refers to, and hand memory that is free back to the system, where that can be done."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # Windows, macOS and musl have no such function
        ctypes.CDLL(None).malloc_trim(0)
