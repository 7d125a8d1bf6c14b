"""Colours of charts: words in the colour of a mark can be read in both themes."""

import pytest

from pages.components.charts import theme


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_words_in_the_colour_of_a_series_have_the_contrast_words_need(colours):
    for colour in (*colours.series, colours.muted, colours.ink):
        one, other = sorted([luminance(theme.for_words(colour, colours)), luminance(colours.ground)])
        assert (other + 0.05) / (one + 0.05) >= 4.5, colour
