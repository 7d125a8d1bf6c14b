"""The scenario bar: which scenario this is, what it changes, and how to keep, share and compare it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from ics_core.population import DRAWS, DRAWS_WHILE_MOVING
from ics_core.scenario import BASES, Preset, Scenario, ScenarioError, levers, presets
from pages.components.frame import presenting
from pages.components.scenario import store

OWN = "own"


@dataclass(frozen=True)
class Bar:
    """The scenario as the figures of a page need it, read afresh each time.

    ``scenario`` is the one in play, ``pinned`` the one kept as A for comparison, or None. ``draws``
    is how many draws a band is worth now: fewer while a lever moves. ``groups`` are the groups of
    levers that belong to the page.
    """

    groups: tuple[str, ...] | None = None

    @property
    def scenario(self) -> Scenario:
        return store.current()

    @property
    def pinned(self) -> Scenario | None:
        kept = store.pinned()
        return None if kept == store.current() else kept

    @property
    def draws(self) -> int:
        return DRAWS_WHILE_MOVING if store.moving() else DRAWS

    @property
    def settled(self) -> Scenario | None:
        """While a lever is on its way, the scenario it set out from: its band will do until it rests."""
        return store.settled() if store.moving() else None

    @property
    def label(self) -> str:
        """Name of the scenario in play, for legends."""
        return label(self.scenario)

    @property
    def pinned_label(self) -> str:
        """Name of the scenario kept as A, for legends."""
        return f"A: {label(self.pinned)}" if self.pinned else ""


def label(scenario: Scenario) -> str:
    """What to call a scenario in legends and sentences: its name without signs that Markdown would act on."""
    plain = " ".join(re.sub(r"[^\w\s.,;'’&%-]|_", " ", scenario.name).split())
    return plain or ("Official projection" if not (scenario.moved or scenario.ranges) else "This scenario")


def show(groups: tuple[str, ...] | None = None) -> Bar:
    """Open the scenario bar, in the body of a page before its figures, and return the scenario to draw.

    What could not be used from a link is said here; the bar itself stands around the levers
    (``present.figures``), on a phone after the first figure: the answer before the controls.
    """
    store.visit()
    for note in store.notes():
        st.info(note, icon=":material/info:")
    return Bar(groups)


def choose(groups: tuple[str, ...] | None) -> None:
    """The upper part of the bar: which scenario, and what it changes."""
    scenario = store.current()
    _preset(scenario)
    st.text(changes(scenario, groups))
    shown = {lever.label for lever in levers().values() if groups is None or lever.group in groups}
    for warning in scenario.warnings():
        if warning.partition(":")[0] not in shown:  # a lever on the screen says so itself
            st.caption(f":material/warning: {warning}")


def keep() -> None:
    """The lower part: name, link, file, comparison, present mode."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _share(store.current())
        _compare()
        presenting.switch()


def _preset(scenario: Scenario) -> None:
    known = {preset.id: preset for preset in presets()}
    preset = _preset_of(scenario)
    match = preset.id if preset else OWN
    st.session_state["scenario-preset"] = match
    st.selectbox(
        "Scenario",
        list(known) if match != OWN else [OWN, *known],
        format_func=lambda key: known[key].label if key in known else scenario.name or "Your own scenario",
        key="scenario-preset",
        on_change=lambda: (
            store.choose(known[st.session_state["scenario-preset"]].scenario)
            if st.session_state["scenario-preset"] in known
            else None
        ),
    )


def _preset_of(scenario: Scenario) -> Preset | None:
    """The ready-made scenario this is, unless it has been given a name of its own."""
    return next(
        (
            p
            for p in presets()
            if p.scenario.replace(name="") == scenario.replace(name="") and scenario.name in ("", p.label)
        ),
        None,
    )


def changes(scenario: Scenario, groups: tuple[str, ...] | None = None) -> str:
    """What differs from the official projection, in words; plain text, as a name may hold anything."""
    preset = _preset_of(scenario)
    moved = scenario.changes()
    said = [preset.sentence if preset else f"{scenario.name}." if scenario.name else ""]
    said.append(f"Changed: {'; '.join(moved)}." if moved else "" if preset else "No lever moved.")
    if groups is not None and "population" not in groups:  # there, the levers say so
        said.append(f"Starts from the {BASES[scenario.basis]}.")
    kept = store.pinned()
    if kept is not None:
        said.append(f"Compared with A, {label(kept)}: {'; '.join(kept.changes()) or 'no lever moved'}.")
    return " ".join(filter(None, said))


def _share(scenario: Scenario) -> None:
    with st.popover("Share or save", icon=":material/share:"):
        st.session_state["scenario-name"] = scenario.name
        st.text_input(
            "Name of this scenario",
            key="scenario-name",
            max_chars=80,
            on_change=lambda: store.choose(store.current().replace(name=st.session_state["scenario-name"])),
        )
        st.markdown("**Link to this page with this scenario**")
        st.code(store.link(), language=None, wrap_lines=True)
        st.download_button(
            "Save as a file",
            scenario.to_json(),
            "scenario.json",
            "application/json",
            icon=":material/download:",
            on_click="ignore",
            key="scenario-save",
        )
        st.file_uploader("Open a saved file", type="json", key="scenario-file", on_change=_open, max_upload_size=1)
        if problem := st.session_state.get("scenario-problem"):
            st.error(f"{problem} Your scenario stays as it was.", icon=":material/error:")


def _open() -> None:
    file = st.session_state["scenario-file"]
    st.session_state["scenario-problem"] = ""
    if file is None:
        return
    try:
        store.choose(Scenario.from_json(file.getvalue()))
    except ScenarioError as problem:
        st.session_state["scenario-problem"] = str(problem)


def _compare() -> None:
    if store.pinned() is None:
        st.button(
            "Keep as A",
            icon=":material/push_pin:",
            on_click=store.pin,
            key="scenario-pin",
            help="To compare: every chart then shows both this scenario, A, and the one you make next, with the difference.",
        )
    else:
        st.button("Stop comparing", icon=":material/close:", on_click=store.unpin, key="scenario-unpin")
