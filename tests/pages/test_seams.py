"""Private calls of Streamlit and Folium stand in one module; each test says what on the screen breaks without it."""

import asyncio
import gc
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit import config
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.websocket_session_manager import WebsocketSessionManager
from streamlit.testing.v1 import AppTest

from pages.components import given_up, seams
from tests.load.server import finished

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = re.compile(
    r"streamlit\.(?:runtime|web|proto|elements)\b|from streamlit import config|_template = |_no_forward"
)


def test_private_calls_stand_in_the_seams_and_nowhere_else():
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in [ROOT / "app.py", *(ROOT / "pages").rglob("*.py")]
        if path.name != "seams.py"
        for line in path.read_text(encoding="utf-8").splitlines()
        if PRIVATE.search(line)
    ]
    assert not found, "An upgrade of Streamlit may break these unseen; move them to seams.py: " + "; ".join(found)


def test_no_file_in_pages_is_a_page_of_streamlits_own_making(monkeypatch):
    monkeypatch.setattr(PagesManager, "uses_pages_directory", True)
    seams.only_listed_pages()
    assert PagesManager.uses_pages_directory is False, (
        "Streamlit no longer asks PagesManager.uses_pages_directory: a first visit by a deep link shows the bare file."
    )


def test_the_size_of_files_can_be_raised_by_the_app():
    before = st.get_option("server.maxUploadSize")
    try:
        seams.take_files(77)
        assert st.get_option("server.maxUploadSize") == 77, "An official file of more than 1 MB cannot be brought in."
    finally:
        seams.take_files(before)


def test_the_theme_is_told_as_streamlit_tells_it_and_worked_out_once(monkeypatch):
    asked, populate = [], app_session._populate_theme_msg

    def counted(message, section="theme"):
        asked.append(section)
        populate(message, section)

    monkeypatch.setattr(app_session, "_populate_theme_msg", counted)
    monkeypatch.setattr(config, "on_config_parsed", lambda clear, **_: asked.append(clear))
    seams.say_the_theme_from_memory()
    for section, place in (
        ("theme", lambda m: m),
        ("theme.dark", lambda m: m.dark),
        ("theme.sidebar", lambda m: m.sidebar),
    ):
        ours, theirs = CustomThemeConfig(), CustomThemeConfig()
        populate(place(theirs), section)
        for _ in range(2):
            ours = CustomThemeConfig()
            app_session._populate_theme_msg(place(ours), section)
        assert ours == theirs, "The colours and type of the pages are not those of the configuration."
    clear, *sections = asked
    assert sections == ["theme", "theme.dark", "theme.sidebar"]
    clear()
    app_session._populate_theme_msg(CustomThemeConfig())
    assert asked[-1] == "theme", "A changed configuration would not be seen."


def test_with_no_visitor_the_screen_is_light():
    assert seams.dark() is False, "An instant answer outside a visit would ask for a theme and fail."


def test_a_parameter_is_forgotten_quietly_and_the_rest_stays():
    def page():
        import streamlit as st

        from pages.components import seams

        seams.forget_quietly(["gone", "never-there"])
        st.session_state["left"] = sorted(st.query_params)

    script = AppTest.from_function(page)
    script.query_params["gone"] = "1"
    script.query_params["kept"] = "2"
    script.run()
    assert not script.exception, (
        "Streamlit's query parameters cannot be dropped quietly any more: each lever moved is two steps back."
    )
    assert script.session_state["left"] == ["kept"], "A lever set back to its default stays in the address."


def test_the_scripts_of_a_map_come_from_this_server_alone():
    from pages.components.map import draw

    addresses = [address for _, address in (*draw._Base.default_js, *draw._Base.default_css)]
    assert addresses and all(address.startswith("../component") or address.startswith("../") for address in addresses)
    assert draw._Base.default_js != __import__("folium").Map.default_js, (
        "Folium no longer reads default_js of the class: the map would ask the internet for Leaflet and stay blank."
    )


@pytest.mark.parametrize("thing", [seams.BareMap(location=(52.6, 1.0), zoom_start=8, tiles=None), seams.BareGroup()])
def test_an_element_of_a_map_writes_its_script_and_no_page(thing):
    written = thing._template.module.script(thing, {})
    assert thing.get_name() in written, "Folium names its elements otherwise: areas.js does not find the map."
    assert thing.render() == "", "Folium would write a whole page at each run: a kilobyte a step."


def test_what_a_map_shows_is_told_in_a_script_that_ends_where_it_should():
    told = seams.Told({"caption": 'King\'s "Lynn"'})
    script = told._template.module.script(told, {})
    assert script.startswith("icsMap.show({'caption'") and script.endswith("});")
    assert "\\u0027" in script and "\\u0022" in script, "A quote in a name would end the script and blank the map."


def test_a_message_to_a_socket_of_another_make_is_left_to_the_length_of_its_text():
    assert seams.limit_message_size(object(), 10) is False  # type: ignore[arg-type]


def test_only_our_own_pages_may_ask():
    assert not seams.origin_allowed("https://elsewhere.example", "localhost:8501")
    assert seams.origin_allowed("http://localhost:8501", "localhost:8501"), "No answer at once on the reader's machine."
    assert st.get_option("server.enableCORS") in (True, False), "Streamlit has no such setting any more."


def test_visits_whose_browser_stayed_away_are_let_go_of_when_they_are_counted(monkeypatch):
    kept = MemorySessionStorage(ttl_seconds=0)
    kept.save(SimpleNamespace(session=SimpleNamespace(id="closed")))
    manager = WebsocketSessionManager(kept, None, None, None)
    monkeypatch.setattr(Runtime, "_instance", SimpleNamespace(_session_mgr=manager))
    assert kept._cache._data, "Streamlit lets go of closed visits by itself now: given_up.py can go."
    assert seams.closed_visits() == 0
    assert not kept._cache._data, "What a closed visit held stays in memory until another one ends."


@pytest.mark.parametrize(("new", "at"), [(0, [1]), (given_up.MUCH + 1, [4, 3, 2, 1, 0])], ids=["quiet", "busy"])
def test_memory_is_given_back_when_visits_were_given_up_or_much_is_new_and_only_then(new, at, monkeypatch):
    counts, given = [2, 2, 3, 1, 1], []
    monkeypatch.setattr(given_up.gc, "get_count", lambda: (0, 0, new))
    monkeypatch.setattr(given_up, "EVERY", 0)
    monkeypatch.setattr(seams, "closed_visits", lambda: counts.pop(0) if counts else 1)
    monkeypatch.setattr(given_up, "give_back", lambda: given.append(len(counts)))

    async def a_while() -> None:
        async with given_up.watched(None):
            assert gc.get_threshold() == given_up.SELDOM
            while counts:
                await asyncio.sleep(0.01)

    usual = gc.get_threshold()
    finished(a_while())
    assert given[: len(at)] == at and gc.get_threshold() == usual
