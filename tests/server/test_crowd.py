"""A few visitors over Streamlit's own protocol; the crowd that is measured is ``tests/load/crowd.py``."""

from tests.load import crowd
from tests.load.server import finished


def test_people_on_mixed_pages_are_let_in_and_each_lever_moved_is_what_the_page_then_stands_at(app):
    async def come_and_go() -> tuple[crowd.Heard, dict[str, object]]:
        heard = crowd.Heard()
        visitors = await crowd.come(app, crowd.PAGES, len(crowd.PAGES), heard, within=1)
        for one in visitors:
            id = list(one.levers())[-1]
            heard.steps.append(await one.move(id, one.elsewhere(id)))
        first = visitors[0]
        _, said = await first.ask("migration", 500.0)
        await crowd.go(visitors)
        return heard, said

    heard, said = finished(come_and_go())
    assert heard.refused == []
    assert len(heard.opened) == len(heard.steps) == len(crowd.PAGES)
    assert said["results"] and said["figures"]["over-time"]["lines"]
