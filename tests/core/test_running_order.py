"""Running orders: ready ones lead somewhere, files and links come back as they were, bad ones are named."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ics_core import running_order
from ics_core.errors import RegisterError
from ics_core.running_order import RunningOrder, Step

TEXT = st.text(max_size=40)
STEPS = st.lists(
    st.builds(Step, st.from_regex(r"[a-z0-9_-]{1,20}", fullmatch=True), TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=4
)


def test_there_are_three_ready_ones_that_ask_and_fit_an_evening():
    ready = running_order.ready()
    assert len(ready) == 3
    for order in ready.values():
        assert 5 <= len(order.step) <= 12 and 15 <= order.minutes <= 60
        assert all(step.question.endswith("?") for step in order.step)


@settings(max_examples=60, deadline=None)
@given(TEXT, STEPS)
def test_a_saved_file_comes_back_as_it_was(title, steps):
    order = RunningOrder(title, tuple(steps), 12)
    assert running_order.read(order.to_toml()) == order


def test_a_link_brings_back_pages_figures_and_choices():
    order = RunningOrder("", (Step("demand", "drivers", "service=bed_days&place=E07000147"), Step("money", "gap")))
    assert running_order.from_link(order.to_link()).step == order.step


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_link_can_break_it(text):
    assert all(step.page or step.choices or step.figure for step in running_order.from_link(text).step)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "title"),
        ("title = 'x'", "no [[step]]"),
        ("title = 'x'\n[[step]]\npage = 'demand'\nfigur = 'x'", "Did you mean figure"),
        ("title = 'x'\n[[step]]\npage = '../etc'", "step 1"),
        ("title = 'x'\n[[step]]\npage = 3", "should be text"),
        ("[[", "not a running order"),
        (b"\xff\xfe", "not a running order"),
        ("title = 'x'\n" + "[[step]]\npage = 'demand'\n" * 41, "41 steps"),
        ("#" * 70_000, "70,000 characters"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(text, named):
    with pytest.raises(RegisterError, match=named.replace("[", r"\[")):
        running_order.read(text, "mine.toml")


def test_a_full_one_takes_no_more():
    full = RunningOrder("x", (Step("demand"),) * running_order.MOST_STEPS)
    with pytest.raises(RegisterError, match="at most"):
        full.with_step(Step("money"))
