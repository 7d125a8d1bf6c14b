"""The scenario bar: which scenario this is, what it changes, and how to keep, share and compare it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from ics_core.scenario import BASES, Preset, Saved, Scenario, ScenarioError, levers, presets, read_file
from pages.components.frame import order, problems, take_away
from pages.components.scenario import store

OWN = "own"
_OPENED = "scenario-opened"  # the file that was opened last
_CHOSEN = "scenario-chosen"  # another scenario was chosen in a part of the page: all of it has to follow


@dataclass(frozen=True)
class Bar:
    """The scenario as the figures of a page need it, read afresh each time.

    ``scenario`` is the one in play, ``pinned`` the one kept as A for comparison, or None. ``groups`` are the
    groups of levers that belong to the page.
    """

    groups: tuple[str, ...] | None = None

    @property
    def scenario(self) -> Scenario:
        return store.current()

    @property
    def pinned(self) -> Scenario | None:
        kept = store.pinned()
        return None if kept == store.current() else kept

    def moved(self) -> dict[str, Any]:
        """The part of a view that levers move (``registry.Moved``), read afresh."""
        return {"scenario": self.scenario, "kept": self.pinned}


def show(groups: tuple[str, ...] | None = None) -> Bar:
    """Open the scenario bar, in the body of a page before its figures, and return the scenario to draw.

    What could not be used from a link is said here; the bar itself stands around the levers
    (``present.figures``), on a phone after the first figure: the answer before the controls.
    """
    store.visit()
    for note in store.notes():
        st.info(note, icon=":material/info:")
    return Bar(groups)


def chosen() -> tuple[str, str]:
    """The id of the ready-made scenario this is, else ``OWN``, and its name."""
    scenario = store.current()
    preset = _preset_of(scenario)
    return preset.id if preset else OWN, scenario.name


def choose() -> None:
    """Which scenario this is, to choose a ready-made one."""
    known = {preset.id: preset for preset in presets()}
    match, name = chosen()
    st.session_state["scenario-preset"] = match
    st.selectbox(
        "Scenario",
        list(known) if match != OWN else [OWN, *known],
        format_func=lambda key: known[key].label if key in known else name or "Your own scenario",
        key="scenario-preset",
        label_visibility="collapsed",
        width=230,
        on_change=_take_preset,
    )
    if st.session_state.pop(_CHOSEN, False):
        st.rerun()  # the whole page, not this part of it alone


def _take_preset() -> None:
    found = next((preset for preset in presets() if preset.id == st.session_state["scenario-preset"]), None)
    if found:
        store.choose(found.scenario)
        st.session_state[_CHOSEN] = True


def said(groups: tuple[str, ...] | None) -> None:
    """What the scenario changes, and what of it no lever on the screen says."""
    scenario = store.current()
    st.text(changes(scenario, groups))
    shown = {lever.label for lever in levers().values() if groups is None or lever.group in groups}
    for warning in scenario.warnings():
        if warning.partition(":")[0] not in shown:  # a lever on the screen says so itself
            st.caption(f":material/warning: {warning}")


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
        said.append(f"Compared with A, {kept.label}: {'; '.join(kept.changes()) or 'no lever moved'}.")
    return " ".join(filter(None, said))


def share() -> None:
    """The link to this page as it is, and the scenario's name and file; made only when it is opened."""

    @st.fragment(key="share")
    @problems.part
    def box() -> None:
        opened = st.popover("Share", icon=":material/share:", type="tertiary", on_change="rerun", key="share-box")
        if not opened.open:
            return
        scenario = store.current()
        with opened:
            st.markdown("**Link to this page as it is now**")
            st.code(store.link(), language=None, wrap_lines=True)
            order.add_this_view()
            take_away.this_page()
            st.session_state["scenario-name"] = scenario.name
            st.text_input("Name of this scenario", key="scenario-name", max_chars=80, on_change=_name)
            if st.session_state.pop(_CHOSEN, False):
                st.rerun()
            st.download_button(
                "Save the scenario as a file",
                partial(_to_file, scenario),  # with its key results, which take a while to work out
                "scenario.json",
                "application/json",
                icon=":material/download:",
                on_click="ignore",
                key="scenario-save",
            )
            file = st.file_uploader("Open a saved file", type="json", key="scenario-file", max_upload_size=1)
            if file is not None and st.session_state.get("scenario-file-read") != file.file_id:
                st.session_state["scenario-file-read"] = file.file_id
                _open(file.getvalue())
            if problem := st.session_state.get("scenario-problem"):
                st.error(f"{problem} Your scenario stays as it was.", icon=":material/error:")
            elif (found := st.session_state.get(_OPENED)) and found.scenario == scenario:
                _then_and_today(found)

    box()


def _name() -> None:
    store.choose(store.current().replace(name=st.session_state["scenario-name"]))
    st.session_state[_CHOSEN] = True


def _open(content: bytes) -> None:
    try:
        found = read_file(content)
        store.choose(found.scenario)
        st.session_state["scenario-problem"], st.session_state[_OPENED] = "", found
    except ScenarioError as problem:
        st.session_state["scenario-problem"] = str(problem)
    else:
        st.rerun()


def _to_file(scenario: Scenario) -> str:
    from ics_core import results  # the models, which a page to read does without

    return results.to_file(scenario)


def _then_and_today(found: Saved) -> None:
    """What has changed since a file was saved, and its key results then beside those of today."""
    from ics_core import results

    for line in (*found.notes, results.finding(found)):
        st.caption(line)
    if found.results:
        st.table(results.worded(found), hide_index=True, alt=results.finding(found))
