"""Running orders: a meeting as a list of steps, ready-made or one's own, to play, keep and share."""

import streamlit as st

from ics_core import catalogue, running_order
from ics_core.errors import RegisterError
from ics_core.running_order import RunningOrder
from pages.components.frame import order, page, take_away

text = catalogue.toml("text/pages")["running_order"]
page.start("running_order")
order.from_address()


def listed(found: RunningOrder) -> None:
    """The steps, each with its question and where it leads."""
    rows = [
        f"{place}. {step.question or text['no_question']} "
        f"*({', '.join(filter(None, (step.page or 'home', step.figure)))})*"
        for place, step in enumerate(found.step, start=1)
    ]
    st.markdown("\n".join(rows))


def start(found: RunningOrder, key: str) -> None:
    if st.button(text["play"], icon=":material/play_arrow:", key=f"play-{key}", on_click=order.play, args=(found,)):
        st.rerun()


page.heading(text["ready"], 2)
for name, found in running_order.ready().items():
    with st.expander(f"{found.title}, about {found.minutes} minutes, {len(found.step)} steps"):
        listed(found)
        with st.container(horizontal=True):
            start(found, name)
            st.download_button(
                text["save"], found.to_toml(), f"{name}.toml", "application/toml", key=f"save-{name}", on_click="ignore"
            )
        take_away.order(found, name, ready=True)

page.heading(text["own"], 2)
mine = order.own()
if mine.step:
    listed(mine)
    with st.container(horizontal=True):
        start(mine, "own")
        st.download_button(
            text["save"], mine.to_toml(), "running-order.toml", "application/toml", key="save-own", on_click="ignore"
        )
        if st.button(text["drop"], icon=":material/delete:", key="order-drop"):
            order.take(RunningOrder(mine.title, mine.step[:-1]))
            st.rerun()
    take_away.order(mine, "own")
    st.markdown(text["link"])
    st.code(f"?{order.LINK}={mine.to_link()}", language=None, wrap_lines=True)
else:
    st.markdown(text["empty"])
file = st.file_uploader(text["open"], type="toml", key="order-file", max_upload_size=1)
if file is not None and st.session_state.get("order-file-read") != file.file_id:
    try:
        order.take(running_order.read(file.getvalue(), file.name))
        st.session_state["order-file-read"] = file.file_id
        st.rerun()
    except RegisterError as problem:
        st.error(f"{problem} Your running order stays as it was.", icon=":material/error:")
st.markdown(text["keys"])
