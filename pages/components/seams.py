"""Every private call of Streamlit or Folium, in one place: what an upgrade may break, each with a test that says so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import folium
import streamlit as st
from branca.element import MacroElement
from folium.template import Template
from starlette.websockets import WebSocket
from streamlit import config, net_util
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import Runtime, app_session
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.runtime.state.query_params import QueryParams
from streamlit.runtime.state.session_state_proxy import get_session_state
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed
from uvicorn.protocols.http.h11_impl import H11Protocol


def only_listed_pages() -> None:
    """Let no file in ``pages/`` be a page of Streamlit's own making before ``st.navigation`` has run once.

    Else the first visit to a fresh server shows the list of files, and a deep link a page without its frame.
    """
    PagesManager.uses_pages_directory = False


def ask_nobody_outside() -> None:
    """Let Streamlit never ask the internet for this machine's address.

    It would at start and on each connection from an origin it does not know, unless ``browser.serverAddress`` is
    set and fits; a name no origin can have is as good an answer.
    """
    net_util.get_external_ip = lambda: None


def run_the_page_for_a_lost_part() -> None:
    """Run the whole page where a browser asks for a part of it that the server does not know (any more).

    After the server has started again, or a line was cut for so long that the visit was given up, the browser comes
    back by itself with a page the server has never run; Streamlit drops what is moved there, for good. A part of
    another page, or one that asks by the clock on a page that has run since, is dropped as before.
    """
    if getattr(AppSession.request_rerun, "whole", False):
        return
    request_rerun = AppSession.request_rerun

    def request(session: AppSession, client_state: ClientState | None) -> None:
        if client_state and client_state.fragment_id and not session.has_fragment(client_state.fragment_id):
            known = session.page_script_hash
            if not known or (known == client_state.page_script_hash and not client_state.is_auto_rerun):
                client_state.ClearField("fragment_id")
                client_state.is_auto_rerun = False
        request_rerun(session, client_state)

    request.whole = True  # type: ignore[attr-defined]
    AppSession.request_rerun = request  # type: ignore[method-assign]


def keep_what_a_link_asks() -> None:
    """Let a link from page to page keep all that it asks for, also what a control of the page before holds.

    The browser sends the parameters of that page's controls before those of the link, and Streamlit drops both, so
    that nothing of one page leaks into the next. What the page before held is dropped here, too, but no more.
    """
    if getattr(QueryParams.populate_from_query_string, "whole", False):
        return
    populate = QueryParams.populate_from_query_string

    def keep(parameters: QueryParams, query: str, valid_script_hashes: set[str] | None = None) -> None:
        gone = [
            binding
            for binding in parameters._bindings_by_widget.values()
            if valid_script_hashes is not None and binding.script_hash not in valid_script_hashes
        ]
        asked = parse_qs(query, keep_blank_values=True)
        for binding in gone:
            key = binding.param_key
            held = parameters.get_all(key)
            if key in asked and asked[key][: len(held)] == held:
                asked[key] = asked[key][len(held) :]
            parameters.unbind_widget(binding.widget_id)
        populate(parameters, urlencode(asked, doseq=True) if gone else query, valid_script_hashes)
        if gone:
            parameters._send_query_param_msg()

    keep.whole = True  # type: ignore[attr-defined]
    QueryParams.populate_from_query_string = keep  # type: ignore[method-assign]


def say_the_theme_from_memory() -> None:
    """Work the theme's message out once for each of its sections, until a configuration file changes.

    Streamlit works it out of all its options at each run of a page or of a part of it, six sections each time.
    """
    populate = app_session._populate_theme_msg
    if getattr(populate, "whole", False):
        return
    known: dict[str, CustomThemeConfig] = {}

    def remembered(message: CustomThemeConfig, section: str = "theme") -> None:
        if section not in known:
            made = CustomThemeConfig()
            populate(made, section)
            known[section] = made
        if known[section].ByteSize():  # else the message would say that it has such a section
            message.MergeFrom(known[section])

    remembered.whole = True  # type: ignore[attr-defined]
    app_session._populate_theme_msg = remembered
    config.on_config_parsed(known.clear, force_connect=True)


def take_files(megabytes: int) -> None:
    """Let files of that size in; each place for a file names its own smaller limit.

    The server's limit is read for each file, and there is no public way to set it where the app itself decides.
    """
    config.set_option("server.maxUploadSize", megabytes)


def end_half_open(seconds: float) -> None:
    """Close a connection whose request has not come as a whole, head and all, within so many seconds.

    The server has such a limit only for the pause between two requests; begun ones would stay open for good.
    """
    if getattr(H11Protocol.data_received, "timed", False):
        return
    connection_made, data_received = H11Protocol.connection_made, H11Protocol.data_received

    def end(protocol: H11Protocol) -> None:
        if protocol.transport.get_protocol() is protocol:  # else it has become a stream of its own
            protocol.transport.close()

    def wait(protocol: H11Protocol) -> None:
        if getattr(protocol, "half_open", None) is None:
            protocol.half_open = protocol.loop.call_later(seconds, end, protocol)  # type: ignore[attr-defined]

    def made(protocol: H11Protocol, transport: asyncio.Transport) -> None:
        connection_made(protocol, transport)
        wait(protocol)

    def received(protocol: H11Protocol, data: bytes) -> None:
        known = protocol.cycle
        data_received(protocol, data)
        if protocol.cycle is not known or (known is not None and not known.response_complete):
            protocol.half_open = protocol.half_open and protocol.half_open.cancel()  # type: ignore[attr-defined]
        else:
            wait(protocol)

    received.timed = True  # type: ignore[attr-defined]
    H11Protocol.connection_made, H11Protocol.data_received = made, received  # type: ignore[method-assign]


def closed_visits() -> int:
    """How many visits are kept whose browser is gone but may come back; those kept for long enough are let go of."""
    if not Runtime.exists():
        return 0
    kept = Runtime.instance()._session_mgr._session_storage._cache  # type: ignore[attr-defined]
    return len(kept)  # counting lets go of what is over: nothing else does until the next visit ends


def dark() -> bool:
    """Whether the reader's screen is dark; with no visitor (an answer at once, a test) it is taken to be light."""
    return get_script_run_ctx(suppress_warning=True) is not None and st.context.theme.type == "dark"


def origin_allowed(origin: str | None, host: str | None) -> bool:
    """Whether a page of ``origin`` may open a connection to us, reached as ``host``: as for Streamlit's own stream.

    The same settings count: ``server.allowedHosts``, ``server.enableCORS``, ``server.corsAllowedOrigins`` and
    ``browser.serverAddress``. Unlike Streamlit, we do not ask the internet which address we have.
    """
    if not is_host_allowed(host):
        return False
    if origin is None or not config.get_option("server.enableCORS"):
        return True
    try:
        asked = urlsplit(origin)
        name = asked.hostname
    except ValueError:
        return False
    if asked.netloc == host:
        return True
    known = [urlsplit(one.strip()).hostname for one in config.get_option("server.corsAllowedOrigins")]
    own = config.get_option("browser.serverAddress") if config.is_manually_set("browser.serverAddress") else None
    return name is not None and name in {"localhost", "0.0.0.0", "127.0.0.1", own, *known}  # noqa: S104


def limit_message_size(socket: WebSocket, most: int) -> bool:
    """Refuse a message of more than ``most`` bytes by the length it announces, before it is read.

    The server's limit is one for all connections, and Streamlit's own needs a large one. Returns whether it could
    be done: not without a server around, as in tests of the endpoint alone.
    """
    protocol = getattr(getattr(socket, "_receive", None), "__self__", None)
    parser = getattr(protocol, "conn", None)
    if parser is None or not hasattr(parser, "max_message_size"):
        return False
    parser.max_message_size = most
    return True


def release_address() -> tuple[str, ...]:
    """Let go of the widgets bound to the address, so that it can be set as a whole; the parameters they held.

    Streamlit refuses to set a parameter that a widget on the page before holds, even on the way to another view.
    """
    with get_session_state().query_params() as parameters:
        held = tuple(parameters._bindings_by_param)
        parameters._bindings_by_param.clear()
        parameters._bindings_by_widget.clear()
    return held


def forget_quietly(keys: Iterable[str]) -> None:
    """Drop ``keys`` from the address with no step back for the browser; the next change of the address tells it."""
    with get_session_state().query_params() as parameters:
        for key in keys:
            parameters.discard_param_no_forward_msg(key)


# ------------------------------------------------------------------------------ Folium in a frame


class _Unrendered:
    """st_folium writes an element's script itself; the page Folium would write besides only costs time."""

    def render(self, **kwargs: object) -> str:
        return ""


class BareMap(_Unrendered, folium.Map):
    """A Folium map that only opens ours (``areas.js``): its own template sends a kilobyte of page head with each run.

    A subclass names its scripts and styles, ``default_js`` and ``default_css``, so that none comes from elsewhere.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }}=icsMap.open("
        "{{ this.get_name()|tojson }},{{ this.location|tojson }},{{ this.options['zoom'] }});{% endmacro %}"
    )


class BareGroup(_Unrendered, folium.FeatureGroup):
    """The group st_folium adds to a map at each run without building the map anew."""

    _template = Template("{% macro script(this, kwargs) %}var {{ this.get_name() }}=L.layerGroup();{% endmacro %}")


class Told(_Unrendered, MacroElement):
    """What the map is to show, told to ``areas.js`` in as few bytes as can be."""

    _template = Template("{% macro script(this, kwargs) %}icsMap.show({{ this.json }});{% endmacro %}")

    def __init__(self, description: Mapping[str, object]) -> None:
        super().__init__()
        text = json.dumps(description, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        # In single quotes, because Streamlit sends this inside JSON, where each double one costs a backslash.
        self.json = text.replace('\\"', "\\u0022").replace("'", "\\u0027").replace('"', "'")


def write_address(key: str, words: str | list[str]) -> None:
    """Bring a parameter that a control holds in step with what was chosen without that control: by a key, say.

    Streamlit writes such a parameter only when the control itself is used, and refuses to set it otherwise.
    """
    with get_session_state().query_params() as parameters:
        if words:
            parameters.set_with_no_forward_msg(key, words)
            parameters._send_query_param_msg()
        else:
            parameters.remove_param(key)
