"""Workshop: a room full of people guesses, chooses and argues, and sees its own future form."""

import streamlit as st

from ics_core.errors import WorkshopError
from ics_core.workshop import store
from pages.components.frame import page
from pages.components.workshop import facilitator, screen, tools
from pages.figures.workshop import texts

code = st.query_params.get(facilitator.RUN, "")[:40]
secret = facilitator.secret(code) if code else ""
if not code:
    facilitator.set_up()
elif not secret:
    page.start("workshop")
    st.error(texts()["lost"].format(code=code))
    st.button("Start another workshop", on_click=st.query_params.clear)
else:
    facilitator.keep(code, secret)
    try:
        store.shared().get(code)
        if st.query_params.get("view") == "desk":
            tools.desk(code, secret)
        else:
            screen.show(code, secret)
    except WorkshopError as problem:
        st.error(str(problem))
