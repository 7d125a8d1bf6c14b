"""For figures not yet values: on its way out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import altair as alt
import pandas as pd
import streamlit as st

from ics_core import figure as values
from pages.components.charts.picture import Picture
from pages.components.frame import page
from pages.components.frame import show as frame

KINDS = values.KINDS


@dataclass(frozen=True)
class Figure:
    id: str
    title: str
    subtitle: str
    table: pd.DataFrame
    sources: tuple[str, ...]
    method: str
    code: str
    alt: str
    kind: str = "fact"
    columns: dict[str, str] = field(default_factory=dict)
    still: Callable[[], alt.TopLevelMixin] | None = None
    level: int = 2
    credit: str = ""

    def value(self) -> values.Figure:
        return values.Figure(
            self.id,
            self.title,
            self.subtitle,
            self.table,
            self.sources,
            self.method,
            self.code,
            self.alt,
            self.kind,
            self.columns,
            (),
            self.credit,
        )


def csv(figure: Figure) -> str:
    return values.csv(figure.value())


def show(figure: Figure, picture: object) -> object:
    value = figure.value()
    if not callable(picture) or isinstance(picture, alt.TopLevelMixin | Picture):
        return frame.show(value, picture, figure.level)
    page.heading(value.finding, figure.level)
    st.caption(f"{value.subtitle}. {frame.ICONS[value.kind]} {KINDS[value.kind]}.")
    result = picture()
    st.caption(value.source)
    frame.details(value, figure.still)
    return result
