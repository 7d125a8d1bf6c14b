"""Who may run a workshop in this browser, and how a new one is set up."""

from __future__ import annotations

import json

import streamlit as st

from ics_core import catalogue, words
from ics_core.errors import WorkshopError
from ics_core.workshop import codes, rehearsal, session, store
from ics_core.workshop.session import Question
from pages.components.frame import page
from pages.components.workshop import desk, way_in
from pages.figures.workshop import texts

RUN = "run"  # parameter of the address: the code of the workshop that is run
_HELD = "facilitator"
_OWN = "own"
# In the dark theme the accent is too pale for the white words that Streamlit puts on it.
STYLE = """<style>
.st-key-workshop-questions [data-tag] { background: none; color: inherit; border: 1px solid; }
.st-key-workshop-questions [data-tag] * { color: inherit !important; }
.st-key-workshop-first button :is(p, span) { color: var(--ground) !important; }
</style>"""
_made = codes.Limit(most=60, in_all=60, seconds=3600)


def secret(code: str) -> str:
    """The facilitator's secret of a workshop in this browser; empty where it has none, or a wrong one."""
    kept = st.session_state.get(_HELD, {}).get(code) or st.context.cookies.get(desk.cookie(code), "")
    return kept if kept and store.shared().is_facilitator(code, kept) else ""


def held() -> list[str]:
    """Codes of the workshops that this browser may run."""
    named = desk.cookie("")
    found = [*st.session_state.get(_HELD, {}), *(n.removeprefix(named) for n in st.context.cookies if named in n)]
    return [code for code in dict.fromkeys(found) if secret(code)]


def current(code: str) -> store.Workshop:
    """The workshop as it stands, for a part that runs by itself; once it is gone, the whole page runs and says so."""
    try:
        return store.shared().get(code)
    except WorkshopError:
        st.rerun()


def keep(code: str, kept: str) -> None:
    """Let this browser keep the secret beyond its visit, in a cookie that no script can read: a request sets it."""
    noted = st.session_state.setdefault("facilitator-kept", set())
    if code in noted or desk.cookie(code) in st.context.cookies:
        return
    noted.add(code)
    sent = {"path": f"{way_in.base()}/facilitate/{code}", "body": f"secret={kept}"}
    kind = '{"Content-Type": "application/x-www-form-urlencoded"}'
    st.html(
        f"<script>{{const sent = {json.dumps(sent)}; fetch(sent.path, {{method: 'POST', body: sent.body, "
        f"headers: {kind}, redirect: 'manual'}}).catch(() => {{}});}}</script>",
        unsafe_allow_javascript=True,
    )


def set_up() -> None:
    """The page that opens a workshop, goes on with one, and tells how to run it."""
    page.start("workshop")
    st.html(STYLE)
    for code in held():
        one = store.shared().get(code)
        st.button(
            f"Go on with {one.title} ({code})", icon=":material/play_arrow:", on_click=_go, args=(code,), key=code
        )
    with st.container(width=page.READING_WIDTH):
        ready = session.sessions()
        start = st.selectbox(
            texts()["start"],
            [*ready, _OWN],
            format_func=lambda key: f"{ready[key].title}, {ready[key].minutes} minutes" if key in ready else _own(),
            key="workshop-session",
        )
        if start in ready:
            st.caption(ready[start].purpose)
        known = _library()
        title = st.text_input(
            texts()["title"], ready[start].title if start in ready else "", session.LONGEST_TITLE, key=f"title-{start}"
        )
        place = st.text_input(texts()["place"], "", session.LONGEST_TITLE, placeholder="Cromer", key="workshop-place")
        with st.expander(texts()["choose"], icon=":material/format_list_numbered:", expanded=start == _OWN):
            with st.container(key="workshop-questions"):
                chosen = st.multiselect(
                    texts()["questions"],
                    list(known),
                    [q.id for q in ready[start].questions] if start in ready else [],
                    format_func=lambda key: f"{session.KINDS[known[key].kind]}: {known[key].text}",
                    key=f"questions-{start}",
                )
            days = st.segmented_control(
                texts()["delete_after"],
                list(store.CHOICES_OF_DAYS),
                default=store.KEPT_DAYS,
                required=True,
                format_func=lambda n: words.plural(n, "day"),
                key="workshop-days",
            )
            own = st.text_input(texts()["own_question"], "", 200, key="workshop-own")
            kinds = {
                "statement": "agree or disagree",
                "comment": "write a comment",
                "priorities": "share 100 points",
                "ranking": "put in order",
            }
            kind = st.segmented_control(
                "It asks to", list(kinds), default="statement", format_func=kinds.get, key="own-kind"
            )
        questions = [known[key] for key in chosen]
        st.caption(texts()["minutes"].format(minutes=session.total_minutes(questions)))
        with st.container(horizontal=True):
            given = (title, place, questions, own, kind or "statement", start if start in ready else "", days)
            st.button(
                texts()["open"],
                type="primary",
                icon=":material/groups:",
                on_click=_open,
                args=given,
                key="workshop-first",
            )
            st.button(
                texts()["rehearse"],
                icon=":material/theater_comedy:",
                help=texts()["rehearse_help"],
                on_click=_open,
                args=(*given, True),
            )
        if problem := st.session_state.pop("workshop-problem", ""):
            st.error(problem)
        st.markdown(catalogue.text("workshop_guide"))
        st.markdown(catalogue.text("workshop_privacy").format(days=words.spoken(store.KEPT_DAYS)))


def _own() -> str:
    return texts()["own_choice"]


def _library() -> dict[str, Question]:
    return {q.id: q for one in session.sessions().values() for q in one.questions}


def _go(code: str) -> None:
    st.query_params[RUN] = code


def _open(
    title: str,
    place: str,
    questions: list[Question],
    own: str,
    kind: str,
    session_id: str,
    days: int,
    practice: bool = False,
) -> None:
    try:
        if not _made.take(""):
            raise WorkshopError("Very many workshops were opened in the last hour. Please try again later.")
        asked = [*questions, *([session.own(kind, own)] if own.strip() else [])]
        made, kept = store.shared().create(title, place, asked, session_id, practice, days)
    except WorkshopError as problem:
        st.session_state["workshop-problem"] = str(problem)
        return
    st.session_state.setdefault(_HELD, {})[made.code] = kept
    if practice:
        rehearsal.fill(store.shared(), made.code, kept)
    _go(made.code)
