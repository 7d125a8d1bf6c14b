"""What a room said in a workshop, and the future that follows from it, as a briefing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ics_core.errors import FigureError
from ics_core.workshop import summary
from ics_core.workshop.store import Given, Workshop
from pages.components.briefing.gathering import Briefing, Sheet, changed, texts
from pages.components.charts import theme
from pages.figures import workshop as figures


def of_workshop(workshop: Workshop, given: Sequence[Given], made: date) -> Briefing:
    """Each question that was answered, its tables where they may be shown, and the room's future where it chose one.

    Raises ``FigureError`` where nobody has answered anything.
    """
    marked = (f"{figures.texts()['simulated']['mark']}.",) if workshop.rehearsal else ()
    asked, scenario = workshop.questions, summary.room(workshop.questions, given)
    sheets: list[Sheet] = []
    with theme.on_paper():
        for question in asked:
            if summary.of(given, question):
                both = (figures.results(workshop, question, given), figures.groups(workshop, question, given))
                sheets += [
                    Sheet(*one, warnings=marked, question=question.text) for one in both if one and len(one[0].table)
                ]
        if scenario.moved:
            said = changed(scenario.replace(name=""))
            most = summary.future(asked, given).query("outcome_id != 'gap'").set_index("outcome_id")["percent"]
            sheets += [
                Sheet(*one, changed=said, warnings=marked)
                for one in (
                    figures.future(workshop, asked, given),
                    figures.over_time(workshop, asked, given, str(most.abs().idxmax())),
                )
            ]
    if not sheets:
        raise FigureError(texts()["no_answers"])
    title = f"{workshop.title}, {workshop.place}" if workshop.place else workshop.title
    return Briefing(title, tuple(sheets), made=made)
