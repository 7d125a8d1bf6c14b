"""Norfolk and Waveney's health and care system in plain Python: the area, its projections, its progress, its data.

Each name below is a door: ``from ics_core import population``, then ``help(population)``. Results are tidy pandas
tables (one row per observation, codes beside names) or frozen dataclasses. Nothing asks the internet.

The area:     area, geography, profiles, systems, search
Looking ahead: scenario, population, demand, money, outlook
Progress:     ambitions, spc
The past:     story
In a room:    workshop, running_order
The data:     catalogue (``tables``, ``table``, ``source``), importers
A figure:     figure, takeaway

>>> from ics_core import population
>>> from ics_core.scenario import Scenario
>>> people = population.project(Scenario(migration=500))
"""

__version__ = "0.3.0"
