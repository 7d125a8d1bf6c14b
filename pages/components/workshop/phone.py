"""Taking part on a phone: pages made on the server, that work without JavaScript and live with it.

``/join`` asks for the code, ``/join/CODE`` shows one question at a time, ``/join/CODE/answer`` takes an answer,
``/join/CODE/now`` tells a page what has changed since it was made.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from ics_core.errors import WorkshopError
from ics_core.scenario import levers
from ics_core.workshop import codes, known, record, session, store, summary
from ics_core.workshop.session import Question
from ics_core.workshop.store import Workshop
from pages.components.workshop import web

_COOKIE = "me"
_LIVE = "x-live"  # header of our own script
_KEEP = "keep"  # its value where the phone keeps what stands on its page for a reload without a network
_FRESH = 0.3  # seconds for which all phones are told the same
_wrong_codes = codes.Limit(most=30, in_all=300, seconds=60)
_joins = codes.Limit(most=1200, in_all=3000, seconds=60)  # a whole hall may share one address
_answers = codes.Limit(most=90, in_all=100_000, seconds=60)  # by participant
_versions: dict[str, tuple[float, int]] = {}


# --------------------------------------------------------------------------------------------- joining


async def door(request: Request) -> Response:
    """The code is asked for, then the page of the workshop takes over."""
    base = request.url.path
    typed = request.query_params.get("code", "")
    try:
        if request.method == "POST":
            typed = (await web.form(request)).get("code", "")
        if not typed:
            return web.page("door.html", base=base, typed="", problem="")
        found = await _find(request, typed)
        return RedirectResponse(f"{base}/{found.code}", 303)
    except WorkshopError as problem:
        return web.page("door.html", 404, base=base, typed=typed[:20], problem=str(problem))


async def _find(request: Request, typed: str) -> Workshop:
    """The workshop of a code as typed; wrong ones are counted, so that nobody gets far by trying.

    Those who take part already go on, however many others try.
    """
    source = web.address(request)
    if _wrong_codes.spent(source) and not await _takes_part(request, typed):
        raise WorkshopError("There were many wrong codes just now. Please wait a minute, then try again.")
    code = codes.tidy(typed)
    try:
        return await run_in_threadpool(store.shared().get, code)
    except WorkshopError:
        _wrong_codes.count(source)
        raise


async def _takes_part(request: Request, code: str) -> bool:
    token = request.cookies.get(_COOKIE, "")
    return bool(token) and await run_in_threadpool(store.shared().has_joined, code, token)


async def seat(request: Request) -> Response:
    """The page of someone who takes part, or the way in."""
    code, base = request.path_params["code"], request.url.path.rpartition("/")[0]
    try:
        workshop = await _find(request, code)
    except WorkshopError as problem:
        return web.page("door.html", 404, base=base, typed=code[:20], problem=str(problem))
    if request.method == "POST":
        return await _join(request, workshop, base)
    if code != workshop.code:  # typed by hand; the cookie belongs to the one spelling
        return RedirectResponse(f"{base}/{workshop.code}", 303)
    if await _takes_part(request, workshop.code):
        return web.page("phone.html", base=base, **(await _view(workshop, request.cookies[_COOKIE])))
    return web.page(
        "join.html", base=base, workshop=workshop, expires=record.when(workshop.expires), problem="", letter=""
    )


async def _join(request: Request, workshop: Workshop, base: str) -> Response:
    fields: dict[str, str] = {}
    try:
        fields = await web.form(request)
        if not _joins.take(web.address(request)):
            raise WorkshopError("Very many people are joining just now. Please try again in a minute.")
        token = request.cookies.get(_COOKIE, "")
        if not await _takes_part(request, workshop.code):
            token = await run_in_threadpool(store.shared().join, workshop.code, fields.get("letter", ""))
    except WorkshopError as problem:
        said = {"problem": str(problem), "letter": fields.get("letter", "")[:3]}
        said["expires"] = record.when(workshop.expires)
        return web.page("join.html", 422, base=base, workshop=workshop, **said)
    path = f"{base}/{workshop.code}"
    inside = RedirectResponse(path, 303)
    left = max(60, int(workshop.expires - time.time()))
    secure = web.is_secure(request)
    inside.set_cookie(_COOKIE, token, max_age=left, path=path, secure=secure, httponly=True, samesite="lax")
    return inside


# ------------------------------------------------------------------------------------------- a question


@dataclass(frozen=True)
class Ask:
    """What the template needs to ask a question."""

    question: Question
    options: Mapping[Any, str]
    least: float
    most: float
    step: float
    start: str
    range: str
    levels: tuple[tuple[str, str, str], ...] = ()
    purpose: str = ""
    effects: tuple[str, ...] = ()
    curve: str = ""
    said: str = ""

    @property
    def field(self) -> str:
        """What the fields of a question about each ambition begin with."""
        return session.FIELDS.get(self.question.kind, "")


def _ask(question: Question) -> Ask:
    if question.kind == "lever":
        return _ask_lever(question)
    options: dict[Any, str] = dict(session.priorities()) if question.kind in session.FIELDS else {}
    if question.kind == "statement":
        options = dict(enumerate(session.STEPS, 1))
    return Ask(question, options, question.low, question.high, question.step, "", _range(question))


def _range(question: Question) -> str:
    if question.kind not in ("guess", "lever"):
        return ""
    return question.between(*summary.limits(question))


def _ask_lever(question: Question) -> Ask:
    lever, outcome = levers()[question.lever], known.outcomes()[question.outcome]
    curve = known.response(question.lever, question.outcome)
    year = known.year_words(question.outcome)
    ends = (curve[0], (lever.default, known.at_end(question.outcome)[1]), curve[-1])
    effects = dict.fromkeys(f"{lever.show(value)}: {outcome.words(end)} in {year}" for value, end in ends)
    said = f"By {year}: {outcome.said}"
    return Ask(
        question,
        {},
        lever.low,
        lever.high,
        lever.step,
        f"{lever.default:g}",
        _range(question),
        tuple((word, f"{value:g}", lever.show(value)) for word, value in lever.levels),
        lever.purpose,
        tuple(effects),
        json.dumps([[value, round(end, 1)] for value, end in curve], separators=(",", ":")),
        said,
    )


async def _view(workshop: Workshop, token: str, typed: Mapping[str, str] | None = None, problem: str = "") -> dict:
    """What the page shows: the question as it stands, with this person's answer, or what they had typed."""
    question, standing = workshop.current, workshop.standing
    view: dict[str, Any] = {"workshop": workshop, "stage": standing.stage, "problem": problem, "typed": typed or {}}
    if question is None:
        return view | {"stage": "over" if standing.over else "lobby"}
    mine = (await run_in_threadpool(store.shared().own, workshop.code, token)).get(question.id)
    view |= {"mine": mine, "mine_said": "" if mine is None else question.in_words(mine)}
    if standing.stage == "shown" and question.kind == "guess":
        view["truth"] = (await run_in_threadpool(question.known)).sentence
    if standing.paused and standing.stage == "open":
        return view | {"stage": "paused"}
    if standing.stage == "open":
        view["ask"] = await run_in_threadpool(_ask, question)
        view["value"] = _value(question, mine, typed)
    return view


def _value(question: Question, mine: Any, typed: Mapping[str, str] | None) -> Any:
    """What stands in the fields: what was typed just now, or the answer that was received."""
    if typed is not None:
        if field := session.FIELDS.get(question.kind):
            return {number: typed.get(f"{field}-{number}", "") for number in session.priorities()}
        return typed.get("value", "")
    if question.kind in ("guess", "lever") and mine is not None:
        return f"{mine:g}"
    return mine


async def answer(request: Request) -> Response:
    """Take an answer: once this says received, it is on disk."""
    code, base = request.path_params["code"], request.url.path.rsplit("/", 2)[0]
    token, live = request.cookies.get(_COOKIE, ""), _LIVE in request.headers
    fields: dict[str, str] = {}
    try:
        fields = await web.form(request)
        if not token:
            raise WorkshopError("This phone has not joined the workshop. Please join again with the code.")
        if not _answers.take(token):
            raise WorkshopError("That was very often in a short time. Please wait a moment, then send it again.")
        value: Any = fields.get("value", "")
        for field in session.FIELDS.values():
            if any(name.startswith(f"{field}-") for name in fields):
                value = {n: fields.get(f"{field}-{n}", "") for n in session.priorities()}
        sent = (fields.get("question", ""), value, fields.get("id", ""), fields.get("late") == "1")
        await run_in_threadpool(store.shared().answer, code, token, *sent)
    except WorkshopError as problem:
        if live:
            return JSONResponse({"problem": str(problem)}, 422)
        return await _refused(request, code, base, token, fields, str(problem))
    if not live:
        return RedirectResponse(f"{base}/{code}", 303)
    received: dict[str, Any] = {"received": True}
    if request.headers[_LIVE] == _KEEP:
        received["part"] = await _part(await run_in_threadpool(store.shared().get, code), base, token)
    return JSONResponse(received)


async def _refused(
    request: Request, code: str, base: str, token: str, fields: Mapping[str, str], problem: str
) -> Response:
    """The page again with what was typed, and why it was not taken."""
    try:
        workshop = await _find(request, code)
    except WorkshopError as gone:
        return web.page("door.html", 404, base=base, typed=code[:20], problem=str(gone))
    if not await _takes_part(request, code):
        said = {"problem": problem, "letter": "", "expires": record.when(workshop.expires)}
        return web.page("join.html", 422, base=base, workshop=workshop, **said)
    same = workshop.current is not None and fields.get("question") == workshop.current.id
    view = await _view(workshop, token, fields if same else None, problem)
    return web.page("phone.html", 422, base=base, **view)


async def now(request: Request) -> Response:
    """Nothing (204) if the page that asks is up to date, else the part of it that changed."""
    code, token = request.path_params["code"], request.cookies.get(_COOKIE, "")
    at, version = _versions.get(code, (0.0, 0))
    if token and time.monotonic() - at < _FRESH and request.query_params.get("seen") == str(version):
        return Response(status_code=204)
    try:
        workshop = await _find(request, code)
    except WorkshopError as problem:
        return JSONResponse({"problem": str(problem)}, 410)
    if len(_versions) > 1000:
        _versions.clear()
    _versions[workshop.code] = (time.monotonic(), workshop.version)
    if request.query_params.get("seen") == str(workshop.version):
        return Response(status_code=204)
    if not await _takes_part(request, code):
        return JSONResponse({"problem": "This phone has not joined the workshop."}, 403)
    base = request.url.path.rsplit("/", 2)[0]
    return web.part(await _part(workshop, base, token))


async def _part(workshop: Workshop, base: str, token: str) -> str:
    """What stands on the page of someone who takes part."""
    return web.fragment("question.html", base=base, **(await _view(workshop, token)))
