"""Home: what this is, the area, the eight ambitions at a glance, where to start."""

from pages.components import page

page.start("home")
