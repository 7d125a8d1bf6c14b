"""The facilitator's way in, and what a facilitator takes home: the record as a page to print and as CSV, and sheets.

The secret comes in the part of the link after ``#``, which no browser sends to a server or passes on to another
page; a form then hands it over once, and a cookie that scripts cannot read keeps it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ics_core import catalogue, money, words
from ics_core.area import AREA
from ics_core.errors import FigureError, WorkshopError
from ics_core.scenario import MODEL_VERSION, levers
from ics_core.workshop import codes, known, record, session, store, summary
from ics_core.workshop.session import Question
from ics_core.workshop.store import Given, Workshop
from pages.components import briefing
from pages.components.briefing.room import of_workshop
from pages.components.workshop import web

_wrong_secrets = codes.Limit(most=10, in_all=100, seconds=60)


def cookie(code: str) -> str:
    """The name of the cookie that holds a facilitator's secret."""
    return f"facilitator-{code}"


async def enter(request: Request) -> Response:
    code, base = request.path_params["code"][:40], request.url.path.rsplit("/", 2)[0]
    problem = ""
    if request.method == "POST":
        try:
            return await _with_secret(request, code, base)
        except WorkshopError as found:
            problem = str(found)
    return web.page("enter.html", 422 if problem else 200, base=f"{base}/facilitate", code=code, problem=problem)


async def _with_secret(request: Request, code: str, base: str) -> Response:
    secret = (await web.form(request)).get("secret", "").strip()
    if _wrong_secrets.spent(web.address(request)):
        raise WorkshopError("There were many wrong tries just now. Please wait a minute.")
    if not await run_in_threadpool(store.shared().is_facilitator, code, secret):
        _wrong_secrets.count(web.address(request))
        raise WorkshopError("This is not the facilitator's secret of this workshop, or the workshop has been deleted.")
    workshop = await run_in_threadpool(store.shared().get, code)
    answer = RedirectResponse(f"{base}/workshop?run={code}", 303)
    left = max(60, int(workshop.expires - time.time()))
    kept = {"max_age": left, "path": base or "/", "httponly": True, "samesite": "strict"}
    answer.set_cookie(cookie(code), secret, secure=web.is_secure(request), **kept)
    return answer


def _for_facilitators(make: Callable[[Request, Workshop, list[Given]], Response]) -> Callable:
    async def guarded(request: Request) -> Response:
        code = request.path_params["code"][:40]
        secret = request.cookies.get(cookie(code), "")
        try:
            if not await run_in_threadpool(store.shared().is_facilitator, code, secret):
                raise WorkshopError("This page needs the facilitator's link.")
            workshop = await run_in_threadpool(store.shared().get, code)
        except WorkshopError as problem:
            base = request.url.path.rsplit("/", 2)[0]
            return web.page("enter.html", 403, base=base, code=code, problem=str(problem))
        given = await run_in_threadpool(store.shared().given, code)
        return await run_in_threadpool(make, request, workshop, given)

    return guarded


def _csv(request: Request, workshop: Workshop, given: list[Given]) -> Response:
    named = {"Content-Disposition": f'attachment; filename="workshop-{workshop.code}.zip"', "Cache-Control": "no-store"}
    return Response(record.packed(workshop, given), media_type="application/zip", headers=named)


def _briefing(request: Request, workshop: Workshop, given: list[Given]) -> Response:
    """The record as slides, a document or a page to print."""
    kind = request.path_params["kind"]
    if kind not in briefing.KINDS:
        return Response("Not found", 404)
    try:
        content = briefing.file(of_workshop(workshop, given, date.today()), kind)
    except FigureError as problem:
        return Response(str(problem), 404, media_type="text/plain; charset=utf-8")
    named = {"Content-Disposition": f'attachment; filename="workshop-{workshop.code}.{kind}"'}
    return Response(content, media_type=briefing.KINDS[kind], headers=named | {"Cache-Control": "no-store"})


def _record(request: Request, workshop: Workshop, given: list[Given]) -> Response:
    scenario = summary.room(workshop.questions, given)
    base = request.url.path.rsplit("/", 3)[0]
    return web.page(
        "record.html",
        base=f"{base}/facilitate",
        app=base,
        workshop=workshop,
        day=record.when(workshop.created),
        expires=record.when(workshop.expires),
        results=[_result(question, given) for question in workshop.questions],
        people=len({one.participant for one in given if one.participant is not None}),
        scenario=scenario,
        query="&".join(f"{key}={value}" for key, value in scenario.replace(name="").to_query().items()),
        future=_future(workshop, given),
        undone=summary.undone(summary.future(workshop.questions, given)) if scenario.moved else [],
        now=catalogue.release(),
        model=MODEL_VERSION,
        rehearsal=record.REHEARSAL,
        explorer=AREA.title,
    )


def _result(question: Question, given: list[Given]) -> dict:
    """One question of the record: what was asked and said, as rows to print."""
    found = summary.spread(question, given)
    rows: list[tuple[str, str]] = []
    if question.kind in ("guess", "lever") and found.people:
        rows = [
            ("Middle answer (median)", question.said(found.median)),
            ("Middle half", question.between(found.low, found.high)),
            ("Lowest and highest", question.between(found.least, found.most)),
        ]
    if question.kind == "lever":
        rows.append(("Moved from no change", f"{found.moved} of {found.people}"))
    if question.kind == "statement":
        rows = [(row.answer, str(row.people)) for row in summary.agreement(question, given).itertuples()]
    if question.kind in session.FIELDS and found.people:
        said = "place {a.mean:.1f} on average, first for {a.people}"
        said = said if question.kind == "ranking" else "{a.mean:.1f} points on average, some from {a.people}"
        rows = [(a.ambition, said.format(a=a)) for a in summary.weighed(question, given).itertuples()]
    groups = summary.groups(question, given)
    for g in groups.itertuples():
        said = words.listed(g[3:]) if question.kind in session.FIELDS else f"median {_plain(question, g.median)}"
        rows.append((f"Group {g.letter}, {g.people} people", said))
    truth = question.known()
    return {
        "question": question,
        "found": found,
        "finding": summary.finding(question, given),
        "rows": rows,
        "truth": truth,
        "comments": [one.value for one in summary.comments(question, given)] if question.kind == "comment" else [],
    }


def _plain(question: Question, value: float) -> str:
    return f"{value:g} of 5" if question.kind == "statement" else question.said(value)


def _future(workshop: Workshop, given: list[Given]) -> list[tuple[str, str, str, str, str]]:
    rows = []
    for row in summary.future(workshop.questions, given).itertuples():
        if abs(row.difference) > 1e-9:
            said = money.pounds if row.outcome_id == "gap" else words.about
            ends = f"{said(row.low)} to {said(row.high)}" if row.low == row.low else "fewer than five people"
            unit = "" if row.outcome_id == "gap" else f", {row.unit}"
            year = known.year_words(row.outcome_id)
            rows.append((row.outcome + unit, year, said(row.no_change), said(row.room), ends))
    return rows


def _sheets(request: Request, workshop: Workshop, _: list[Given]) -> Response:
    """A sheet of paper for each question, for a hall without phones or signal."""
    printed = []
    for question in workshop.questions:
        choices: list[str] = []
        if question.kind == "lever":
            lever = levers()[question.lever]
            choices = [f"{word.capitalize()} ({lever.show(value)})" for word, value in lever.levels]
        elif question.kind == "statement":
            choices = list(session.STEPS)
        elif question.kind in session.FIELDS:
            choices = list(session.priorities().values())
        scale = question.between(*summary.limits(question)) if question.kind in ("guess", "lever") else ""
        printed.append({"question": question, "choices": choices, "scale": scale})
    base = request.url.path.rsplit("/", 2)[0]
    return web.page("sheets.html", base=base, workshop=workshop, sheets=printed)


record_page = _for_facilitators(_record)
briefing_file = _for_facilitators(_briefing)
record_csv = _for_facilitators(_csv)
sheets = _for_facilitators(_sheets)
