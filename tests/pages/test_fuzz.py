"""A cut of what ``python -m tests.fuzz`` tries by the thousand."""

import pytest

from tests import fuzz


@pytest.mark.parametrize(("kind", "many"), [("addresses", 120), ("files", 400), ("questions", 250)])
def test_whatever_is_sent_is_understood_or_refused_in_words(kind, many):
    tried = fuzz.KINDS[kind](many, seed=2)
    assert not tried.faults, "\n".join(tried.faults[:3])
    assert tried.many == many and len(tried.became) > 1  # some of either kind


def test_a_fault_is_found():
    def broken(one: int) -> str:
        if one == 3:
            raise ValueError("a fault of ours")
        return "understood"

    tried = fuzz.Tried().each(range(5), broken)
    assert tried.became == {"understood": 4, "fault": 1} and "a fault of ours" in tried.faults[0]
    with pytest.raises(AssertionError):
        fuzz._in_words("Traceback (most recent call last)")
