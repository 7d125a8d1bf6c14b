"""The big screen of a workshop: one question at a time, driven by buttons, keys or a presenter's clicker.

It is drawn anew from the store more than once a second, so whatever changed, here or in another window, is on it;
a browser that slept, reloaded or is another one shows where the workshop stands.
"""

from __future__ import annotations

import threading
from html import escape
from pathlib import Path

import pandas as pd
import streamlit as st

from ics_core import words
from ics_core.workshop import known, rehearsal, store, summary
from ics_core.workshop.session import Question
from ics_core.workshop.store import Given, Workshop
from pages.components.charts import theme
from pages.components.charts.picture import Html
from pages.components.frame import mode, problems
from pages.components.workshop import facilitator, way_in
from pages.figures import workshop as figures

_STYLE = Path(__file__).with_name("hall.css")
_EVERY = 0.6  # seconds: what was answered is on the screen within one
_AT_A_TIME = 3  # simulated residents who answer in that time
_PARTS = {
    "changes": "What changes",
    "time": "Over time",
    "drives": "What drives it",
    "groups": "By group",
    "undone": "Left undone",
}


def show(code: str, secret: str) -> None:
    """The screen of a workshop, which stands where its store says."""
    mode.take_the_stage(True)
    colours = theme.palette()
    st.html(
        f"<style>:root {{ --hall: {colours.ground}; --hall-ink: {colours.ink}; --hall-rule: {colours.rule}; "
        f"--hall-muted: {colours.muted}; --hall-accent: {colours.accent}; --hall-panel: {colours.panel}; }}</style>"
    )
    st.html(_STYLE)

    @st.fragment(run_every=_EVERY, key="workshop-screen")
    @problems.part
    def live() -> None:
        place, workshop = store.shared(), facilitator.current(code)
        if workshop.rehearsal and workshop.standing.stage == "open":
            rehearsal.answer_some(place, code, rehearsal.tokens(secret), _AT_A_TIME)
        with st.container(key="hall", gap=None):
            if st.session_state.get("hall-blank"):
                with st.container(key="hall-blank"):
                    st.button("Back to the screen", shortcut="B", on_click=_flip, args=("hall-blank",), key="unblank")
                return
            _head(workshop)
            with st.container(key="hall-body", height="stretch", gap="small"):
                if st.session_state.get("hall-future"):
                    _future(workshop)
                elif workshop.standing.over or workshop.current is None:
                    _between(workshop)
                else:
                    _question(workshop)
            _foot(workshop)

    live()


def _head(workshop: Workshop) -> None:
    at = workshop.standing.at
    where = f"Question {at + 1} of {len(workshop.questions)}" if workshop.current else ""
    place = f", {workshop.place}" if workshop.place else ""
    marked = f"<b>{escape(figures.texts()['simulated']['mark'])}</b>" if workshop.rehearsal else ""
    join = f"Join: {escape(way_in.for_phones().split('//')[1])} <b>{workshop.code}</b>"
    st.html(
        f'<div class="hall-head"><span>{escape(workshop.title + place)}</span>{marked}<span>{where}</span>'
        f"<span>{join}</span></div>"
    )


def _between(workshop: Workshop) -> None:
    """Before the first question: how to join. After the last: thanks."""
    joined = words.plural(store.shared().joined(workshop.code), "person", "people")
    if workshop.standing.over:
        st.html(f'<div class="hall-big"><h1>Thank you</h1><p>{joined} took part.</p></div>')
        return
    address = way_in.for_phones(workshop.code)
    st.html(
        f'<div class="hall-join"><img class="hall-qr" alt="QR code of {escape(address)}" src="{way_in.qr(address)}">'
        f"<div><h1>{escape(workshop.title)}</h1><p>Open the camera of your phone, or type</p>"
        f'<p class="hall-address">{escape(way_in.for_phones().split("//")[1])}</p><p>and the code</p>'
        f'<p class="hall-code">{workshop.code}</p><p>{joined} in the room so far</p></div></div>'
    )


def _question(workshop: Workshop) -> None:
    question, stage = workshop.current, workshop.standing.stage
    place = store.shared()
    if stage != "shown":
        answered, joined = place.count(workshop.code, question.id), place.joined(workshop.code)
        of = f" of {joined}" if joined >= answered else ""
        said = {"waiting": "Opens in a moment", "closed": "Closed. The results come next"}.get(stage, "")
        said = "Paused" if workshop.standing.paused else said
        st.html(
            f'<div class="hall-ask"><h1>{escape(question.text)}</h1>'
            f'<p class="hall-count"><b>{answered}</b>{of} answered</p><p>{said}</p></div>'
        )
        return
    given = place.given(workshop.code, question.id)
    beside = figures.groups(workshop, question, given) if st.session_state.get("hall-groups") else None
    figure, picture = beside or figures.results(workshop, question, given)
    _draw(figure, picture, question.text)
    told = question.known()
    if told:
        st.html(f'<p class="hall-told">{escape(told.sentence)} <small>Source: {escape(told.credit)}.</small></p>')
    st.html(f'<p class="hall-small">{escape(_counted(question, given))}</p>')


def _counted(question: Question, given: list[Given]) -> str:
    """How many answered and how, in one line under the picture."""
    found = summary.spread(question, given)
    parts = [words.plural(found.people, "answer")]
    parts += [f"{found.by_hand} counted by hand"] if found.by_hand else []
    parts += [f"{found.late} given without signal and sent later"] if found.late else []
    parts += [f"{found.moved} moved it from no change"] if question.kind == "lever" else []
    return ", ".join(parts) + "."


def _draw(figure: figures.Figure, picture: object, above: str = "") -> None:
    """A figure as the room sees it: what was asked, what was found, the picture filling what is left."""
    asked = f'<p class="hall-asked">{escape(above)}</p>' if above else ""
    st.html(f"{asked}<h1 class='hall-finding'>{escape(figure.finding)}</h1>")
    with st.container(key=f"hall-{figure.id}", height="stretch"):
        if isinstance(picture, Html):
            st.html(picture.body)
            return
        spec = mode.enlarge(theme.dress(picture).to_dict())
        spec.pop("height", None)
        # The browser draws a chart anew when its key is new, and moves its marks when only its data are.
        st.vega_lite_chart(spec, width="stretch", height="stretch", alt=figure.alt, key=f"chart-{figure.id}")


def _future(workshop: Workshop) -> None:
    """The room's future, up to the question the room has come to, or an earlier one."""
    given = store.shared().given(workshop.code)
    asked = [n for n, q in enumerate(workshop.questions) if q.kind == "lever" and summary.of(given, q)]
    asked = [n for n in asked if workshop.standing.stages[n] == "shown"]
    if not asked:
        st.html(f'<div class="hall-big"><p>{escape(figures.texts()["no_future"])}</p></div>')
        return
    with st.container(horizontal=True, vertical_alignment="center", key="hall-choose"):
        part = st.segmented_control(
            "The room's future",
            list(_PARTS),
            default="changes",
            required=True,
            format_func=_PARTS.get,
            key="hall-part",
            label_visibility="collapsed",
        )
        upto = st.selectbox(
            "After",
            asked,
            index=len(asked) - 1,
            format_func=lambda n: f"After question {n + 1}",
            key=f"upto-{asked[-1]}",
            label_visibility="collapsed",
            width=170,
        )
        questions = summary.up_to(workshop.questions, upto)
        with st.spinner(figures.texts()["working_out"]):
            table = summary.future(questions, given)
        outcome = _outcome(table) if part in ("time", "drives", "groups") else ""
    if part == "time":
        _draw(*figures.over_time(workshop, questions, given, outcome))
    elif part == "drives":
        _draw(*figures.drives(workshop, questions, given, outcome))
    elif part == "groups":
        if beside := figures.future_of_groups(workshop, questions, given, outcome):
            _draw(*beside)
        else:
            st.html(f'<div class="hall-big"><p>{escape(figures.texts()["no_groups"])}</p></div>')
    elif part == "undone":
        lines = "".join(f"<li>{escape(line)}</li>" for line in summary.undone(table))
        st.html(f'<h1 class="hall-finding">What these choices leave undone</h1><ul class="said">{lines}</ul>')
    else:
        _draw(*figures.future(workshop, questions, given))
        if money := summary.money_finding(table):
            st.html(f'<p class="hall-told">{escape(money)}.</p>')


def _outcome(table: pd.DataFrame) -> str:
    """The outcome to look at: of those that have steps, the one that changes most comes first."""
    table = table[table["outcome_id"].isin(known.demand.measures())].sort_values("percent", key=abs, ascending=False)
    names = dict(zip(table["outcome_id"], table["outcome"], strict=True))
    return st.selectbox(
        "Outcome", list(names), format_func=names.get, key="hall-outcome", label_visibility="collapsed", width=240
    )


def _foot(workshop: Workshop) -> None:
    """Every action by a button, a key or a clicker: PageDown goes on, PageUp goes back, B blanks the screen."""
    standing, future = workshop.standing, bool(st.session_state.get("hall-future"))
    with st.container(horizontal=True, vertical_alignment="center", key="hall-foot"):
        st.button(
            standing.forward_words,
            type="primary",
            shortcut="PageDown",
            disabled=standing.over,
            on_click=_act,
            args=(workshop.code, "forward"),
            key="hall-forward",
        )
        act = {"on_click": _act}
        st.button("Previous", shortcut="PageUp", disabled=standing.at < 0, args=(workshop.code, "previous"), **act)
        if standing.stage == "open":
            st.button("Close", shortcut="X", args=(workshop.code, "close"), **act)
        if standing.stage == "closed":
            st.button("Open again", shortcut="O", args=(workshop.code, "open"), **act)
        if standing.stage == "open":
            paused = standing.paused
            word = "Go on" if paused else "Pause"
            st.button(word, shortcut="P", args=(workshop.code, "resume" if paused else "pause"), **act)
        st.button("Next", shortcut="N", disabled=standing.over, args=(workshop.code, "next"), **act)
        st.button("Blank", shortcut="B", on_click=_flip, args=("hall-blank",), key="hall-blanks")
        if standing.stage == "shown" and not future and _has_groups(workshop):
            word = "The whole room" if st.session_state.get("hall-groups") else "Groups"
            st.button(word, shortcut="G", on_click=_flip, args=("hall-groups",), key="hall-side")
        if any(question.kind == "lever" for question in workshop.questions):
            word = "Back to the question" if future else "Future"
            st.button(word, shortcut="F", on_click=_flip, args=("hall-future",), key="hall-future-button")
        if st.button("Desk", icon=":material/table_restaurant:", key="hall-desk", help=_HELP):
            st.query_params["view"] = "desk"
            st.rerun()  # the whole page, not the screen alone


def _has_groups(workshop: Workshop) -> bool:
    given = store.shared().given(workshop.code, workshop.current.id)
    return len(summary.groups(workshop.current, given)) > 1


_HELP = (
    "Comments, counts by hand, the record. Open the facilitator's link on a second device to keep this off the screen."
)


def _act(code: str, action: str) -> None:
    st.session_state["hall-future"] = False
    st.session_state["hall-groups"] = False
    workshop = store.shared().act(code, action)
    if workshop.standing.stage == "shown" and workshop.current.kind == "lever":
        threading.Thread(target=_work_out, args=(workshop,), daemon=True).start()


def _work_out(workshop: Workshop) -> None:
    """The room's future before anybody asks for it: the models keep what they have worked out."""
    summary.future(workshop.questions, store.shared().given(workshop.code), pause=0.005)


def _flip(key: str) -> None:
    st.session_state[key] = not st.session_state.get(key)
