"""Parameters: files with sources and ranges in, labelled arrays with draws out."""

from sim.params.conflicts import conflicts
from sim.params.once import read_once
from sim.params.override import override
from sim.params.packed import Packed, Shared, for_journey, hashes, packed
from sim.params.paths import resolve
from sim.params.read import read_file, read_set, read_sets
from sim.params.record import Parameter, Range, Record
from sim.params.sample import Sampler, central
from sim.params.sources import Source, read_sources

__all__ = [
    "Packed",
    "Parameter",
    "Range",
    "Record",
    "Sampler",
    "Shared",
    "Source",
    "central",
    "conflicts",
    "for_journey",
    "hashes",
    "override",
    "packed",
    "read_file",
    "read_once",
    "read_set",
    "read_sets",
    "read_sources",
    "resolve",
]
