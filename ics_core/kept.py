"""Results worked out once for all visitors: kept up to so many bytes, and never worked out twice at the same time."""

from __future__ import annotations

import functools
import gc
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import fields, is_dataclass
from functools import wraps
from threading import Event, Lock
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

Value = TypeVar("Value")
MEGABYTE = 1_000_000
_LEAST = 100  # bytes that even a result without arrays counts for


class Kept(Generic[Value]):
    """Results by key, those used last, together no more than ``most`` bytes.

    Whoever asks for a key that is being worked out waits for that one result (*single flight*). An error is
    not kept: it goes to the one who worked it out, and the next who waits tries anew.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0  # bytes
        self.made = 0  # results worked out so far
        self._found: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._under_way: dict[Hashable, Event] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The result of ``key``, from what is kept or from ``make``."""
        while True:
            with self._lock:
                if key in self._found:
                    self._found.move_to_end(key)
                    return self._found[key][0]
                under_way = self._under_way.get(key)
                if under_way is None:
                    done = self._under_way[key] = Event()
                    break
            under_way.wait()
        try:
            value = make()
            self.keep(key, value)
            return value
        finally:
            with self._lock:
                del self._under_way[key]
            done.set()

    def find(self, key: Hashable) -> Value | None:
        """The result of ``key`` where it is kept, without waiting for one that is being worked out."""
        with self._lock:
            if key not in self._found:
                return None
            self._found.move_to_end(key)
            return self._found[key][0]

    def keep(self, key: Hashable, value: Value) -> None:
        """Keep a result that was worked out without ``get``."""
        size = size_of(value)
        with self._lock:
            self.made += 1
            self.held += size - self._found.pop(key, (None, 0))[1]
            self._found[key] = value, size
            while self.held > self.most and self._found:
                self.held -= self._found.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._found.clear()
            self.held = 0


def kept(most: int) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Keep what a function returns by its positional arguments, in a ``Kept`` of its own (``.kept``)."""

    def decorate(function: Callable[..., Value]) -> Callable[..., Value]:
        results: Kept[Value] = Kept(most)

        @wraps(function)
        def ask(*given: Hashable) -> Value:
            return results.get(given, lambda: function(*given))

        ask.kept = results  # type: ignore[attr-defined]
        return ask

    return decorate


_OPEN = ("ics_core.workshop.store", "pages.components.served")  # a database, parts in the browser: not from the data


def forget() -> None:
    """Forget whatever functions of the project keep, because the data have changed under a running process."""
    for one in gc.get_objects():
        if isinstance(one, Kept):
            one.clear()
        elif isinstance(one, functools._lru_cache_wrapper):
            module = one.__module__ or ""
            if module.split(".")[0] in ("ics_core", "pages") and module not in _OPEN:
                one.cache_clear()


def size_of(value: Any) -> int:
    """Bytes of the arrays, tables, texts and files in a value, however they are packed.

    >>> size_of({"a": np.zeros(1000), "b": [np.zeros(500)]}) - size_of({"a": 0.0, "b": [0.0]})
    11800
    """
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, bytes | str):
        return max(_LEAST, len(value))
    if isinstance(value, pd.DataFrame):
        return int(value.memory_usage(deep=True).sum())
    if isinstance(value, pd.Series):
        return int(value.memory_usage(deep=True))
    if is_dataclass(value):
        return sum(size_of(getattr(value, field.name)) for field in fields(value))
    if isinstance(value, Mapping):
        return sum(map(size_of, value.values()))
    if isinstance(value, tuple | list):
        return sum(map(size_of, value))
    return _LEAST


def read_only(*arrays: np.ndarray) -> None:
    """Lock arrays that are kept, so that nobody who is handed them can spoil them."""
    for array in arrays:
        array.flags.writeable = False
