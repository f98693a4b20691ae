"""Drawing the data sets: pincers and scissors on white ground, and meals on plates.

Every picture has a random generator of its own, made from the seed and its place in the set: it
can be drawn alone, and the same seed gives the same bytes with the versions of
``requirements.lock``. ``course draw`` draws whole sets; loading the ready-made ones needs nothing
from here.
"""

from helpers.datasets.drawing.chance import generator
from helpers.datasets.drawing.food import choose_food
from helpers.datasets.drawing.meals import compose_meal
from helpers.datasets.drawing.sets import SETS, draw_set
from helpers.datasets.drawing.tools import draw_tool

__all__ = ["SETS", "choose_food", "compose_meal", "draw_set", "draw_tool", "generator"]
