"""The facilitator's desk: comments to let through, counts by hand, links, the record, comparison, deletion."""

from __future__ import annotations

import streamlit as st

from ics_core import words
from ics_core.errors import WorkshopError
from ics_core.workshop import session, store, summary
from ics_core.workshop.session import Question
from ics_core.workshop.store import Workshop
from pages.components.frame import page, problems, show
from pages.components.workshop import facilitator, way_in
from pages.figures import workshop as figures


def desk(code: str, secret: str) -> None:
    """The whole desk; for a second window or device, so that the room does not see it."""
    workshop = store.shared().get(code)
    st.html(facilitator.STYLE)
    page.heading(f"{workshop.title}: the desk", 1)
    to = {"icon": ":material/present_to_all:", "type": "primary", "key": "workshop-first"}
    st.button("To the big screen", on_click=_screen, **to)
    if workshop.rehearsal:
        st.info(figures.texts()["simulated"]["mark"] + ".", icon=":material/theater_comedy:")
    _now(code)
    comments, by_hand, links, record, delete = st.tabs(["Comments", "By hand", "Links", "Record", "Delete"])
    with comments:
        _comments(workshop)
    with by_hand:
        _by_hand(workshop)
    with links:
        _links(workshop, secret)
    with record:
        _record(workshop)
        _compare(workshop)
    with delete:
        _delete(workshop)


def _now(code: str) -> None:
    """Where the workshop stands, and the button that leads it on: another device may have led it on meanwhile."""

    @st.fragment(run_every="2s")
    @problems.part
    def live() -> None:
        workshop = facilitator.current(code)
        on = {"args": (code, workshop.version), "disabled": workshop.standing.over, "key": "desk-forward"}
        st.button(workshop.standing.forward_words, on_click=_act, **on)
        _note(workshop)

    live()


def _note(workshop: Workshop) -> None:
    question = workshop.current
    if question is None:
        return
    at = workshop.standing.at + 1
    st.markdown(f"**Question {at} of {len(workshop.questions)}** ({workshop.standing.stage}): {_plain(question.text)}")
    answered = store.shared().count(workshop.code, question.id)
    joined = store.shared().joined(workshop.code)
    st.caption(f"{answered} answered, {joined} joined. {question.note}")


def _comments(workshop: Workshop) -> None:
    asked = [question for question in workshop.questions if question.kind == "comment"]
    if not asked:
        st.markdown("No question of this workshop asks for a comment.")
        return

    @st.fragment(run_every="3s")
    @problems.part
    def waiting() -> None:
        facilitator.current(workshop.code)
        for question in asked:
            st.markdown(f"**{_plain(question.text)}**")
            given = store.shared().given(workshop.code, question.id)
            if not given:
                st.caption("No comment yet.")
            for one in given:
                with st.container(horizontal=True, vertical_alignment="center", key=f"comment-{one.id}"):
                    st.text(str(one.value))
                    st.button(
                        "Hide" if one.approved else "Show to the room",
                        on_click=store.shared().approve,
                        args=(workshop.code, one.id, not one.approved),
                        key=f"approve-{one.id}",
                    )

    waiting()


def _by_hand(workshop: Workshop) -> None:
    st.markdown("Count hands or sheets of paper and type the counts in. They count the same, and the results say so.")
    asked = {q.id: q for q in workshop.questions if q.kind != "comment"}
    if not asked:
        return
    now = workshop.current.id if workshop.current and workshop.current.id in asked else next(iter(asked))
    chosen = st.selectbox(
        "Question", list(asked), index=list(asked).index(now), format_func=lambda i: asked[i].text, key=f"by-hand-{now}"
    )
    question = asked[chosen]
    value = _value(question)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        people = _number("How many people", 1, store.MOST_BY_HAND, 1, "by-hand-people")
        given = (workshop.code, question, value, int(people or 0))
        st.button("Add", on_click=_add, args=given, key="by-hand-add")
    if problem := st.session_state.pop("by-hand-problem", ""):
        st.error(problem)
    for one in store.shared().tallies(workshop.code):
        with st.container(horizontal=True, vertical_alignment="center"):
            asked_of = workshop.question(one.question_id)
            said = f"{words.plural(one.people, 'person', 'people')}: {asked_of.in_words(one.value)}"
            st.markdown(_plain(f"{asked_of.text} {said}"))
            remove = (workshop.code, one.id)
            st.button("Remove", on_click=store.shared().untally, args=remove, key=f"untally-{one.id}", type="tertiary")


def _value(question: Question) -> object:
    """The widget for one answer of this kind."""
    if question.kind == "statement":
        steps = dict(enumerate(session.STEPS, 1))
        return st.selectbox("Answer", list(steps), format_func=steps.get, key=f"hand-{question.id}")
    if question.kind in session.FIELDS:
        return _by_ambition(question)
    low, high = summary.limits(question)
    start = question.default if question.default is not None else low
    return _number("Answer", low, high, start, f"hand-{question.id}", question.decimals)


def _number(label: str, low: float, high: float, start: float | None, key: str, decimals: int = 0) -> float | None:
    """A box for a number as people write it, read as the levers read it ("1,5", "−500"); what it took stands under it.

    None where it holds no number from ``low`` to ``high``.
    """
    with st.container(width=180, gap="xxsmall"):
        typed = st.text_input(
            label, "" if start is None else words.number(start, decimals), key=key, max_chars=20
        ).strip()
        value = words.read(typed)
        taken = None if value is None else round(value, decimals or None)
        if taken is None or not low <= taken <= high:
            refused = f"“{_plain(typed)}” is not taken. " if typed else ""
            limits = f"{words.number(low, decimals)} to {words.number(high, decimals)}"
            st.caption(f"{refused}Type a number from {limits}.")
            return None
        if taken != value or not words.number(taken, decimals).startswith(typed):
            st.caption(f"Taken as {words.number(taken, decimals)}.")
        return taken


def _by_ambition(question: Question) -> object:
    """Hands counted for what comes first, or a whole sheet of paper."""
    names, ranking = session.priorities(), question.kind == "ranking"
    ways = {"hands": "Hands, for what comes first", "sheet": "A sheet of paper"}
    way = st.segmented_control(
        "What is counted", list(ways), default="hands", required=True, format_func=ways.get, key=f"way-{question.id}"
    )
    if way == "hands":
        counted = "the others share the places left" if ranking else f"counted as all {session.POINTS} points"
        first = st.selectbox(f"First ({counted})", list(names), format_func=names.get, key=f"hand-{question.id}")
        return {first: 1 if ranking else session.POINTS}
    low, high, start = (1, len(names), None) if ranking else (0, session.POINTS, 0)
    columns = st.columns(2)
    found = {}
    for at, (number, name) in enumerate(names.items()):
        with columns[at % 2]:
            taken = _number(name, low, high, start, f"hand-{question.id}-{number}")
            found[number] = "" if taken is None else taken
    return found


def _add(code: str, question: Question, value: object, people: int) -> None:
    try:
        store.shared().tally(code, question.id, value, people)
    except WorkshopError as problem:
        st.session_state["by-hand-problem"] = str(problem)


def _links(workshop: Workshop, secret: str) -> None:
    texts = figures.texts()
    st.markdown(f"For phones. {texts['way_in']['local'] if way_in.is_reachable() else texts['way_in']['only_here']}")
    st.code(way_in.for_phones(workshop.code), language=None)
    with st.expander("If phones do not reach the page", icon=":material/wifi_off:"):
        st.markdown(texts["way_in"]["hidden"])
    st.markdown(f"For you. {texts['save_link']}")
    with st.expander("Facilitator's link", icon=":material/key:"):
        st.code(way_in.for_facilitator(workshop.code, secret), language=None)


def _record(workshop: Workshop) -> None:
    desk_path = f"{way_in.base()}/facilitate/{workshop.code}"
    names = {
        "record": "Record, to read and print",
        "record.zip": "Record as CSV",
        "briefing.pptx": "Briefing for PowerPoint",
        "briefing.docx": "Briefing for Word",
        "briefing.html": "Briefing to print",
        "sheets": "Sheets of paper, to print",
    }
    st.html(
        '<p class="links">'
        + " &nbsp; ".join(f'<a href="{desk_path}/{page}" target="_blank">{name}</a>' for page, name in names.items())
        + "</p>"
    )


def _compare(workshop: Workshop) -> None:
    known = {code: store.shared().get(code) for code in facilitator.held() if code != workshop.code}
    others = [code for code, one in known.items() if one.rehearsal == workshop.rehearsal]
    if not others:
        return
    page.heading("Beside another workshop", 2)
    chosen = st.multiselect(
        "Workshops that this browser may run", others, format_func=lambda code: _name(known[code]), key="compare"
    )
    if chosen:
        rooms = [workshop, *(known[code] for code in chosen)]
        made = figures.rooms(
            {_name(one): (one.questions, store.shared().given(one.code)) for one in rooms}, workshop.rehearsal
        )
        if made:
            show.show(*made, level=3)
        else:
            st.markdown("They share no question that five people have answered in each.")


def _name(one: Workshop) -> str:
    return f"{one.place or one.title} ({one.code})"


def _delete(workshop: Workshop) -> None:
    sure = st.checkbox("Delete this workshop with all its answers, for good", key="delete-sure")
    st.button("Delete", disabled=not sure, on_click=_gone, args=(workshop.code,), key="delete-now")


def _gone(code: str) -> None:
    store.shared().delete(code)
    st.session_state.get("facilitator", {}).pop(code, None)
    for name in (facilitator.RUN, "view"):
        st.query_params.pop(name, None)


def _screen() -> None:
    st.query_params.pop("view", None)


def _act(code: str, seen: int) -> None:
    store.shared().act(code, "forward", seen)


def _plain(text: str) -> str:
    """Text of people or files with what Markdown would take for its own made harmless."""
    return "".join("\\" + c if c in "\\`*_{}[]<>()#+-.!|$~:" else c for c in text)
