"""Table of contents and server of the explorer: page config, navigation, routes, and the frame around every page."""

import gc
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pandas as pd
import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from threadpoolctl import threadpool_limits

from ics_core.errors import CatalogueError
from pages.components import given_up, seams, workshop
from pages.components.frame import headers, problems, version
from pages.components.workshop import way_in

# The models multiply small matrices for many visitors at once: threads within one product only wait for each other.
threadpool_limits(1, user_api="blas")


def visit() -> None:
    """What a visitor gets: the page of this address, with the frame around it."""
    with problems.in_words():
        # Here, because parts that serve files of their own can be declared only once the server runs, and because
        # without the data it has to run to say so.
        from ics_core.area import AREA
        from pages.components.frame import address, ambition_pages, mode, order, page, pages_by_path, stage

        address.tidy()
        mode.take_the_stage(False)
        HOME = st.Page("pages/home.py", title="Home", default=True)
        PAGES = {
            "": [HOME],
            "Explore": [
                st.Page("pages/places.py", title="Our places", url_path="places"),
                st.Page("pages/travel.py", title="Getting to hospital", url_path="travel"),
            ],
            "Look ahead": [
                st.Page("pages/population.py", title="Population", url_path="population"),
                st.Page("pages/demand.py", title="Demand", url_path="demand"),
                st.Page("pages/outlook_2018.py", title="The outlook of 2018", url_path="outlook_2018"),
                st.Page("pages/money.py", title="Money", url_path="money"),
            ],
            "Ambitions": [
                st.Page("pages/ambitions.py", title="All eight ambitions", url_path="ambitions"),
                *map(ambition_pages.entry, range(1, 9)),
                st.Page("pages/indicators.py", title="Every indicator", url_path="indicators"),
                st.Page("pages/promises.py", title="The promises of 2018", url_path="promises"),
            ],
            "Systems": [
                st.Page("pages/systems.py", title="The 42 systems", url_path="systems"),
                st.Page("pages/system_profile.py", title="One system", url_path="system"),
                st.Page("pages/nearest_systems.py", title="Nearest systems", url_path="nearest-systems"),
                st.Page("pages/reshaped.py", title="How the NHS was reshaped", url_path="reshaped"),
            ],
            "Story": [
                st.Page("pages/story.py", title="The story", url_path="story"),
                st.Page("pages/then_and_now.py", title="Then and now", url_path="then-and-now"),
            ],
            "Take part": [
                st.Page("pages/workshop.py", title="Workshop", url_path="workshop"),
                st.Page("pages/running_order.py", title="Running orders", url_path="running-order"),
            ],
            "About": [
                st.Page("pages/method.py", title="How the models work", url_path="method"),
                st.Page("pages/data.py", title="The data", url_path="data"),
            ],
        }

        contents = st.navigation(PAGES, position="hidden")
        title = AREA.title if contents is HOME else f"{contents.title} - {AREA.title}"
        st.set_page_config(page_title=title, page_icon=".streamlit/favicon.png", layout="wide")
        pages_by_path.know(PAGES)
        address.enter(contents.url_path)
        order.follow()
        page.style()
        if stage.alone(contents):
            return
        page.bar(PAGES, contents)
        if not (mode.presenting() and stage.in_room(contents)):
            contents.run()
        if not mode.staged():
            page.footer()


def figures_by_themselves(base: str) -> list[BaseRoute]:
    """The line for instant answers, and figures by address; none where the data are missing: each page says which."""
    try:
        from pages.components import by_address
        from pages.components.instant import channel
    except CatalogueError as problem:
        logging.getLogger(__name__).error("%s", problem)
        return []
    people = ("population",)
    moved = {"population": people, "demand": (*people, "trends", "prevention", "care"), "money": ("money",)}
    return [channel.route(base, moved | {"travel": (), "system": ()}), by_address.route(base)]


def previews() -> list[Middleware]:
    """What links to pages say of themselves; nothing where the data are missing."""
    try:
        from pages.components.frame.preview import Previews
    except CatalogueError:
        return []
    return [Middleware(Previews)]


if __name__ == "__main__":  # each run of a visitor's page
    visit()
else:  # the server, once
    BASE = st.get_option("server.baseUrlPath")
    seams.only_listed_pages()
    seams.ask_nobody_outside()
    seams.run_the_page_for_a_lost_part()
    seams.end_half_open(headers.SLOWEST)
    seams.keep_what_a_link_asks()
    seams.say_the_theme_from_memory()
    if headers.takes_files():
        seams.take_files(headers.LARGEST_FILE)
    way_in.announce()

    @asynccontextmanager
    async def lifespan(app: st.App) -> AsyncIterator[None]:
        # A step makes many small tables: with texts kept as Python's own, not as Arrow's, they take a fifth less time.
        with pd.option_context("mode.string_storage", "python"):
            async with workshop.lifespan(app), given_up.watched(app):
                yield

    app = st.App(
        __file__,
        routes=[
            *figures_by_themselves(BASE),
            *workshop.routes(BASE),
            version.route(BASE),
        ],
        middleware=[Middleware(headers.SafeAnswers), *previews()],
        lifespan=lifespan,
    )
    gc.freeze()  # what is imported stays: a collection in the middle of a step need not look through it
