"""Places: what is observed of a place, and the model's inputs made from it when it is read.

A place's parameters are those of the nation, the standards, its province and its own folder, the
later winning. Arrays that no table holds (base population by single age, profiles of migrants,
rates by order, women by parity) are made here from the census tables by pure functions.
"""

from sim.places.levels import level_of
from sim.places.nation import Place, find_places, list_places, one_place, place_censuses
from sim.places.parts import divide
from sim.places.read import find_region, look_ahead, read_as_made, read_place
from sim.places.region import Region, list_regions, read_region
from sim.places.tables import Census, read_census, read_censuses, read_observed
from sim.places.yearly import Yearly, read_yearly, yearly_events

__all__ = [
    "Census",
    "Place",
    "Region",
    "Yearly",
    "divide",
    "find_places",
    "find_region",
    "level_of",
    "list_places",
    "list_regions",
    "look_ahead",
    "one_place",
    "place_censuses",
    "read_as_made",
    "read_census",
    "read_censuses",
    "read_observed",
    "read_place",
    "read_region",
    "read_yearly",
    "yearly_events",
]
