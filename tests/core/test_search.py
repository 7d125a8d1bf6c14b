"""One search: names with slips, codes, postcodes, old names and questions; never a fault, whatever is typed."""

import doctest
import re
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ics_core import catalogue, geography, search
from ics_core.area import AREA
from ics_core.errors import GeographyError
from ics_core.geography import gazetteer
from ics_core.search.entries import PLACES, entries, pages
from ics_core.search.index import MOST_CHARACTERS

APP = Path(__file__).resolve().parents[2] / "app.py"
WORDS = sorted({word for entry in entries() for name in entry.names for word in name.split() if len(word) > 4})


def first(text: str) -> search.Hit:
    return search.find(text, n=1)[0]


def test_the_examples_in_the_docstrings_are_true():
    rooms = [module for name, module in sys.modules.items() if name.startswith("ics_core.search")]
    rooms.append(gazetteer)
    examined = [doctest.testmod(room) for room in rooms]
    assert sum(found.attempted for found in examined) >= 3 and not any(found.failed for found in examined)


@pytest.mark.parametrize(
    "village", ["Cley", "Methwold", "Hickling", "Horsey", "Salhouse", "Winterton", "Northrepps", "Foulsham"]
)
def test_a_village_is_found_by_the_beginning_of_its_name(village):
    hit = first(village)
    assert hit.kind == "town or village" and hit.name.startswith(village)
    assert hit.path == "places" and geography.place(hit.query["place"])["code"] == hit.query["place"]


def test_every_town_and_village_is_found_by_its_name():
    for one in gazetteer.villages().itertuples():
        found = search.find(one.name)
        assert ("town or village", one.name) in {(hit.kind, hit.name) for hit in found}, one.name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("norwhich", "Norwich"),
        ("sherringham", "Sheringham"),
        ("great yarmoth", "Great Yarmouth"),
        ("kings lynn", "King's Lynn"),
        ("wells next the sea", "Wells-next-the-Sea"),
        ("WYMONDAHM", "Wymondham"),
        ("lowestof", "Lowestoft"),
        ("dereham", "East Dereham"),
        ("yarmouth", "Great Yarmouth"),
        ("holt medical practise", "Holt Medical Practice"),
    ],
)
def test_slips_and_short_names_are_forgiven(typed, name):
    assert first(typed).name == name


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(WORDS), st.data())
def test_a_word_with_one_letter_left_out_swapped_or_changed_still_finds_a_name_with_that_word(word, data):
    if not word.isalpha():
        return
    place = data.draw(st.integers(1, len(word) - 2))
    slip = data.draw(st.sampled_from(["left out", "swapped", "changed"]))
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    typed = {
        "left out": word[:place] + word[place + 1 :],
        "swapped": swapped,
        "changed": word[:place] + "q" + word[place + 1 :],
    }[slip]
    assert search.find(typed), (word, typed)


def test_the_whole_town_comes_before_its_parts():
    for town in ("Norwich", "Cromer", "Great Yarmouth", "Lowestoft", "Thetford"):
        kinds = [hit.kind for hit in search.find(town, n=30)]
        assert kinds[0] == "town or village"
        assert "small area" not in kinds or kinds.index("small area") > max(
            place for place, kind in enumerate(kinds) if kind in {"town or village", "district", "neighbourhood"}
        )


def test_codes_of_every_level_are_found_in_any_case():
    for level in geography.LEVELS:
        for code in geography.places(level)["code"].sample(3, replace=True, random_state=1):
            assert first(code.lower()).query["place"] == code


@pytest.mark.parametrize(
    ("text", "opened", "said"),
    [
        ("East Suffolk", "E07000206", "its part in Norfolk and Waveney is the former district of Waveney"),
        ("Suffolk", "E07000206", "the part in Norfolk and Waveney is Waveney"),
        ("Norfolk", AREA.code, "all of it in Norfolk and Waveney"),
        ("waveney", "E07000206", "district to March 2019, now in East Suffolk"),
        ("E01026422", "E02005513", "split into Breckland 011F (E01035135) and Breckland 011G (E01035136) in 2021"),
        ("North Norfolk 006A", "E01034776", "merged into North Norfolk 006E (E01034776) in 2021"),
        ("Bacon Road Medical Centre", "U00000", "no list of its own any more; 4,685 patients in May 2022"),
        ("U13557", "U13557", "divided into Central Norwich PCN, Norwich East PCN, Norwich North PCN and West Norwich"),
        ("NHS West Norfolk CCG", "E38000203", "the former clinical commissioning group"),
        ("QMM", AREA.code, "the whole footprint"),
    ],
)
def test_old_and_other_names_say_what_became_of_them(text, opened, said):
    hit = first(text)
    assert hit.query["place"] == opened and said in hit.detail
    assert geography.place(opened)["code"] == opened


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("e07000148", "E07000148"),
        (" E0700\n0148", "E07000148"),
        ("E07000148.", "E07000148"),
        ("(E07000148)", "E07000148"),
        ("King&amp;s Lynn", None),
        ("Waveney", "E07000206"),
        ("East Suffolk", "E07000206"),
        ("norfolk", AREA.code),
        ("U31420", "U31420"),
        ("d82001", "D82001"),
        ("9" * 4400, None),
    ],
)
def test_an_address_as_people_send_it_is_understood_where_it_can_be(text, code):
    hit = search.place(text)
    assert (hit.query["place"] if hit else None) == code


def test_postcodes_lead_to_where_most_of_their_addresses_are():
    whole, beginning = first("nr27 0ht"), first("NR27")
    assert (whole.code, beginning.code) == ("NR27 0", "NR27") == (first("NR270HT").code, "NR27")
    assert whole.query["place"] == gazetteer.postcode("NR27 0HT")["lsoa_code"]
    assert search.find("IP1 1AA") == []
    with pytest.raises(GeographyError, match="no postcode of Norfolk and Waveney"):
        gazetteer.postcode("SW1A 1AA")


def test_a_question_leads_to_a_page_and_its_figures():
    assert first("where I live").path == "places"
    assert first("nearest hospital").path == "travel"
    assert "rtt_wl" in {hit.code for hit in search.find("waiting list", n=12)}
    assert first("dementia").query == {"service": "dementia"}
    assert first("Devon").query == {"system": "E54000037"}


def test_every_page_of_the_menu_can_be_found_and_every_path_exists():
    listed = re.findall(
        r'st\.Page\("pages/\w+\.py", title="([^"]+)"(?:[^)]*?url_path="([^"]+)")?', APP.read_text("utf-8")
    )
    assert {page.path: page.title for page in pages()} == {path: title for title, path in listed}


def test_every_hit_leads_to_a_place_the_maps_know_or_a_page():
    codes = {code for level in geography.LEVELS for code in geography.places(level)["code"]}
    codes |= set(geography.places("pcn", "original_17")["code"])
    for entry in entries():
        assert entry.hit.kind in search.KINDS
        if "place" in entry.hit.query:
            assert entry.hit.query["place"] in codes, entry.hit


def test_a_missing_table_leaves_out_only_what_was_in_it(monkeypatch):
    tables = catalogue.table

    def without(name: str):
        if name == "villages":
            raise catalogue.CatalogueError("data/places/villages.csv is missing.")
        return tables(name)

    monkeypatch.setattr(catalogue, "table", without)
    gazetteer._villages.cache_clear()
    kinds = {entry.hit.kind for entry in entries()}
    assert "town or village" not in kinds and kinds | {"town or village"} == set(search.KINDS)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300) | st.text("norwich'-&;.<>% \n0123456789", max_size=60), st.integers(1, 20))
@example("'; DROP TABLE places; --", 8)
@example("<script>alert(1)</script>", 8)
@example("\x00" * 50, 8)
@example("ﬀ" * MOST_CHARACTERS + "İ" * 5, 8)
@example("a " * 5000, 8)
def test_whatever_is_typed_gives_finds_or_none_and_no_more_than_asked_for(text, n):
    found = search.find(text, n)
    assert len(found) <= n and len({(hit.kind, hit.code) for hit in found}) == len(found)
    assert search.find(text, n) == found
    assert search.place(text) is None or search.place(text).kind in PLACES | {"GP practice", "primary care network"}


def test_what_is_not_text_is_taken_as_it_is_written():
    assert search.find(None) == search.find("None") and search.find(7) == search.find("7")
