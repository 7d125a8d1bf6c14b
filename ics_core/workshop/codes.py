"""Join codes, secrets and how often one may try: nothing here keeps who tried."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable

from ics_core import words
from ics_core.errors import WorkshopError

ALPHABET = "34679CDFGHJKMNPRTWXY"  # nothing that looks like something else, no vowels, so no words
LENGTH = 6
_LOOKALIKES = "0O1IL2Z5S8B"


def new_code() -> str:
    """A join code of six characters that cannot be mistaken for each other."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_secret() -> str:
    """A secret that cannot be guessed: 192 random bits, safe in an address."""
    return secrets.token_urlsafe(24)


def hashed(secret: str) -> str:
    """What is kept of a secret. It has enough chance in it that a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(secret: str, kept: str) -> bool:
    """Whether a secret is the one of which ``kept`` was kept, in a time that tells nothing."""
    return hmac.compare_digest(hashed(secret), kept)


def tidy(typed: str) -> str:
    """A code as it was typed, in capitals without spaces or hyphens.

    Raises ``WorkshopError`` that says in plain words what cannot be right about it.
    """
    code = "".join(c for c in typed.upper() if c not in " -–.\t\n")[:40]
    if not code:
        raise WorkshopError("Please type the code that is on the screen.")
    wrong = [c for c in dict.fromkeys(code) if c not in ALPHABET]
    if looks := [c for c in wrong if c in _LOOKALIKES]:
        raise WorkshopError(
            f"The code cannot have {words.listed(looks)} in it. Codes never use O or 0, I, L or 1, S or 5, "
            "B or 8, Z or 2. Please look at the screen again."
        )
    if wrong or len(code) != LENGTH:
        raise WorkshopError(f"A code has {words.spoken(LENGTH)} letters and numbers. Please look at the screen again.")
    return code


class Limit:
    """At most ``most`` events in ``seconds`` for one source, and ``in_all`` for all together.

    A source is kept as a hash with a key that this process forgets when it ends, and only as long as it counts.
    """

    def __init__(self, most: int, in_all: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.in_all, self.seconds, self._clock = most, in_all, seconds, clock
        self._key = secrets.token_bytes(32)
        self._seen: dict[bytes, deque[float]] = {}
        self._all: deque[float] = deque()
        self._lock = threading.Lock()

    def spent(self, source: str) -> bool:
        """Whether nothing more is allowed just now."""
        with self._lock:
            self._forget()
            return len(self._all) >= self.in_all or len(self._seen.get(self._hash(source), ())) >= self.most

    def count(self, source: str) -> None:
        """Note one event."""
        with self._lock:
            now = self._clock()
            self._all.append(now)
            self._seen.setdefault(self._hash(source), deque()).append(now)

    def take(self, source: str) -> bool:
        """Note one event if it is allowed, and say whether it was."""
        if self.spent(source):
            return False
        self.count(source)
        return True

    def _hash(self, source: str) -> bytes:
        return hmac.digest(self._key, source.encode(), "sha256")

    def _forget(self) -> None:
        since = self._clock() - self.seconds
        while self._all and self._all[0] <= since:
            self._all.popleft()
        for source, times in list(self._seen.items()):
            while times and times[0] <= since:
                times.popleft()
            if not times:
                del self._seen[source]
