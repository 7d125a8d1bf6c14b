"""Addresses: what a key means, what goes along from page to page, and how what people send is understood."""

from itertools import pairwise, permutations
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.state.query_params import QueryParams
from streamlit.testing.v1 import AppTest

from ics_core import geography
from ics_core.scenario import Scenario, is_parameter
from pages.components import seams
from pages.figures import choices, population, registry, travel
from pages.figures.choices import Asked

ROOT = Path(__file__).resolve().parents[2]
FILES = {"system": "system_profile", "nearest-systems": "nearest_systems"}
OWN = {"basis", "name"}  # of the scenario, on every page


@pytest.fixture(autouse=True)
def as_served(monkeypatch):
    """What app.py does once as the server starts, undone afterwards."""
    monkeypatch.setattr(QueryParams, "populate_from_query_string", QueryParams.populate_from_query_string)
    seams.keep_what_a_link_asks()
    begin = PagesManager.__init__

    def begun(manager, *given, **named):
        begin(manager, *given, **named)
        seams.only_listed_pages()

    monkeypatch.setattr(PagesManager, "__init__", begun)


@pytest.fixture(scope="module")
def keys():
    """By page, what it reads under each key of its address: the codes it takes, or the ends of a scale."""
    read: dict[str, dict[str, tuple]] = {}

    class Noted(Asked):
        def one(self, key, known, what, field=""):
            read[page][key] = ("codes", *known)
            super().one(key, known, what, field)

        several = one

        def whole(self, key, low, high, what, field=""):
            read[page][key] = ("number", low, high)

        def numbers(self, key, count, low, high, what, field=""):
            read[page][key] = (f"{count} numbers", low, high)

    with pytest.MonkeyPatch.context() as patch:
        for page in registry.MODULES:
            module = registry.view(page).__module__
            patch.setattr(f"{module}.Asked", Noted, raising=False)
            read[page] = {}
            registry.view(page).from_query({})
    return read


def test_no_key_means_two_things(keys):
    """Pages that share a key read it alike: the same codes, or some of them; an ambition is a number wherever it is."""
    for (one, asked), (other, also) in permutations(keys.items(), 2):
        for key in asked.keys() & also.keys():
            kinds = {asked[key][0], also[key][0]}
            codes, others = set(asked[key][1:]), set(also[key][1:])
            alike = kinds == {"codes"} and (codes <= others or others <= codes) or kinds == {"number"}
            assert alike or key == "ambition" or key == "indicator" and one[:9] == other[:9], (key, one, other)


def test_no_key_of_a_page_passes_for_a_lever(keys):
    assert not [key for asked in keys.values() for key in asked if key not in OWN and is_parameter(key)]


def test_a_page_comes_after_every_other_that_shares_a_key_with_all_keys_set(keys):
    """By the menu, with what the page before held in the address and in the visit, then by a link with all keys."""
    pages = {page: asked for page, asked in keys.items() if page not in ("home", "method")}
    pairs = {(a, b) for a, b in permutations(pages, 2) if pages[a].keys() & pages[b].keys()}
    stages = ["population", "demand", "money", "places", "travel", "nearest-systems", "outlook_2018", "population"]
    pairs |= set(pairwise(stages))  # what they share is the figure on the stage

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    for before, after in sorted(pairs):
        for page, link in ((before, True), (after, False)):
            app.switch_page(f"pages/{FILES.get(page, page)}.py")
            if link:
                asked = {key: codes[-1] for key, (kind, *codes) in pages[page].items() if kind == "codes"}
                asked |= {"figure": registry.figures(page)[-1].id} if page in stages else {}
                app.query_params.clear()
                for key, value in (asked | {"migration": "200"}).items():
                    app.query_params[key] = value
            elif before == "indicators":
                app.query_params.clear()  # held by no control there: a browser leaves it behind
            app.run()
            address = dict(app.query_params)
            assert not app.exception, (before, page, app.exception[0].message)
            assert not app.error, (before, page, app.error[0].value)
            assert "None" not in address.values(), (before, page, address)
            if not link:
                assert not app.warning, (before, page, app.warning[0].value)


def test_a_link_keeps_what_it_asks_for_though_the_page_before_held_the_same_key():
    def after(held: dict, sent: str) -> dict:
        """What is left of the address that the browser sends as a page with a control "place" is left."""
        parameters = QueryParams()
        for key, value in held.items():
            parameters.set_with_no_forward_msg(key, value)
        binding = SimpleNamespace(widget_id="w", param_key="place", script_hash="before")
        parameters._bindings_by_param["place"] = parameters._bindings_by_widget["w"] = binding
        parameters._send_query_param_msg = lambda: None
        parameters.populate_from_query_string(sent, {"now"})
        return dict(parameters._query_params)

    assert after({"place": "A"}, "place=A&place=B&minutes=30") == {"place": "B", "minutes": "30"}, (
        "the link's place is lost"
    )
    assert after({"place": "A"}, "place=A&minutes=30") == {"minutes": "30"}, (
        "a control's value leaks into the next page"
    )
    assert after({}, "place=B") == {"place": "B"}
    assert after({"place": "A"}, "place=B") == {"place": "B"}, "the back button loses the place"


PLACES = geography.directory().set_index("code")["label"].to_dict()


@pytest.mark.parametrize(
    ("sent", "code", "said"),
    [
        ("E07000148", "E07000148", ""),
        ("e07000148", "E07000148", ""),
        ("E0700\n0148", "E07000148", ""),
        ("E07000148.", "E07000148", ""),
        ("(E07000148)", "E07000148", ""),
        ("Norwich, district", "E07000148", ""),
        ("norwich", "E07000148", ""),
        ("King&#39;s Lynn and West Norfolk", "E07000146", ""),
        ("Waveney", "E07000206", ""),
        ("East Suffolk", "E07000206", "former district of Waveney. Shown is Waveney"),
        ("Norfolk", geography.FOOTPRINT, "county"),
        ("Nowhere-on-Sea", None, "`Nowhere-on-Sea`. It was left out."),
        ("9" * 4400, None, "It was left out."),
        (None, None, "It was left out."),
    ],
)
def test_a_place_is_understood_as_people_send_it(sent, code, said):
    found, note = choices.meant("place", sent, PLACES, "a place")
    assert found == code and said in note and bool(said) == bool(note)


def test_a_small_area_on_a_page_of_districts_is_shown_by_its_district_and_said():
    small = geography.places("lsoa").iloc[0]
    found, note = choices.meant("place", small["code"], population.place_names(), "a place")
    assert found in set(geography.nest(small["code"])["code"]) and "Shown is" in note


def test_a_place_that_is_no_more_says_what_became_of_it():
    from ics_core.geography import gazetteer

    gone = gazetteer.former()
    split = gone[gone["became"].str.startswith("split into")].iloc[0]
    found, note = choices.meant("place", split["code"].lower() + ".", PLACES, "a place")
    assert found == split["place_code"] and "split into" in note
    dormant = gone[gone["kind"] == "former GP practice"].iloc[0]
    found, note = choices.meant("place", dormant["code"], PLACES, "a place")
    assert found == dormant["place_code"] and "no list of its own any more" in note


def test_an_unknown_choice_is_named_with_the_nearest():
    assert "Did you mean 85 and over" in choices.meant("ages", "85 & over", population.age_names(), "an age group")[1]
    assert choices.meant("ages", "85 ", population.age_names(), "an age group") == ("85+", "")  # a plus sent as a space


@pytest.mark.parametrize("sent", ["−200", "-200", "–200", "-200.", "−200 "])
def test_a_lever_is_read_with_any_minus_sign(sent):
    assert Scenario.from_query({"migration": sent}) == (Scenario(migration=-200), [])


def test_a_number_of_4400_digits_is_no_number_and_said():
    view, notes = travel.View.from_query({"minutes": "9" * 4400})
    assert view == travel.View() and "a number of minutes from" in notes[0]
    scenario, notes = Scenario.from_query({"migration": "9" * 4400})
    assert scenario == Scenario() and "999…" in notes[0] and "inf" not in notes[0]


def opened(page: str, **query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120).run()
    for key, value in query.items():
        app.query_params[key] = value
    return app.switch_page(f"pages/{page}.py").run()


def test_what_a_mail_program_makes_of_an_ampersand_is_taken_for_one():
    app = opened("travel", **{"border": "false", "amp;minutes": "45"})
    assert dict(app.query_params) == {"border": "false", "minutes": "45"} and not app.exception


def test_a_number_that_cannot_be_leaves_the_address_and_is_named():
    app = opened("travel", minutes="9" * 4400)
    assert "minutes" not in app.query_params and "It takes" in app.warning[0].value and not app.exception


def test_a_link_to_a_figure_still_names_it_once_the_page_stands():
    app = opened("travel", figure=registry.figures("travel")[-1].id)
    assert app.query_params["figure"] == registry.figures("travel")[-1].name
