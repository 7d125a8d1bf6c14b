"""How phones find a workshop: the address of this machine on the local network, and its QR code."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import segno
import streamlit as st

_HERE = ("localhost", "127.0.0.1", "::1", "")


def own_address() -> str:
    """This machine's address on its network; empty where it has none. Nothing is sent to find it."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # reserved for documentation: only the way there is looked up
            return probe.getsockname()[0]
    except OSError:
        return ""


def base() -> str:
    """The path the app is served from, without a slash at its end."""
    path = st.get_option("server.baseUrlPath").strip("/")
    return f"/{path}" if path else ""


def server() -> str:
    """The address of this server as phones reach it, without a path."""
    here = urlsplit(st.context.url or "http://localhost:8501")
    host = here.hostname or ""
    if host not in _HERE:
        return f"{here.scheme}://{here.netloc}"
    return f"{here.scheme}://{own_address() or host}{f':{here.port}' if here.port else ''}"


def is_reachable() -> bool:
    """Whether the server answers anybody but this machine."""
    return st.get_option("server.address") not in ("localhost", "127.0.0.1", "::1")


def announce() -> None:
    """Print the address to type on a phone, and what it opens, where the server answers others than this machine."""
    if not is_reachable():
        return
    root = f"http://{own_address() or 'the-name-of-this-machine'}:{st.get_option('server.port')}{base()}"
    print(
        f"\n  Phones on the same network: {root}/join opens the way into a workshop.\n"
        f"  {root} opens the whole app, for everybody on this network. To end that, stop the server and\n"
        "  start it without --server.address.\n",
        flush=True,
    )


def for_phones(code: str = "") -> str:
    """The address that phones open; with the code of a workshop, straight into it."""
    return f"{server()}{base()}/join{f'/{code}' if code else ''}"


def for_facilitator(code: str, secret: str) -> str:
    """The facilitator's link. What follows # never reaches a server or another page."""
    return f"{server()}{base()}/facilitate/{code}#{secret}"


def qr(address: str) -> str:
    """The address as a QR code in the address of an image (SVG), always dark on white, with a quiet zone."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff")
