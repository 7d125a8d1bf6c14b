"""The pages of the eight ambitions: one file, eight addresses."""

import re
from pathlib import Path

import streamlit as st

from ics_core import ambitions

FILE = Path(__file__).parents[2] / "ambition.py"


def entry(number: int) -> st.Page:
    """The page of one ambition, for the list of pages and for links."""
    return st.Page(FILE, title=f"{number}. {ambitions.ambition(number)['short_name']}", url_path=ambitions.slug(number))


def number() -> int:
    """Which ambition the address asks for; the first where it does not say."""
    found = re.search(r"/ambition-([1-8])-", st.context.url or "")
    return int(found[1]) if found else 1


def anchor(number: int) -> str:
    """The anchor of an ambition on the overview."""
    return ambitions.slug(number)
