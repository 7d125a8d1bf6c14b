"""A missing or damaged data file is said in words, in place of the page or the part of it that needs it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec
from uuid import uuid4

import streamlit as st

from ics_core.errors import CatalogueError

Given = ParamSpec("Given")
_LOG = logging.getLogger(__name__)


@contextmanager
def in_words(what: str = "page") -> Iterator[None]:
    """Say what is wrong with a data file, and how to mend it, in place of ``what`` is drawn within."""
    try:
        yield
    except CatalogueError as problem:
        _LOG.error("%s %s: %s", uuid4().hex[:8], what, problem)  # once, to standard error
        st.error(f"This {what} cannot be shown. {problem} The other {what}s still work.", icon=":material/error:")


def part(draw: Callable[Given, object]) -> Callable[Given, None]:
    """``draw`` for a fragment: what goes wrong there reaches no page around it, and later there is none around it."""

    @wraps(draw)
    def drawn(*given: Given.args, **named: Given.kwargs) -> None:
        with in_words("part"):
            draw(*given, **named)

    return drawn
