"""Parameters: files with sources and ranges in, labelled arrays with draws out."""

from sim.params.conflicts import conflicts
from sim.params.override import override
from sim.params.paths import resolve
from sim.params.read import read_file, read_set, read_sets
from sim.params.record import Parameter, Range, Record
from sim.params.sample import Sampler, central
from sim.params.sources import Source, read_sources

__all__ = [
    "Parameter",
    "Range",
    "Record",
    "Sampler",
    "Source",
    "central",
    "conflicts",
    "override",
    "read_file",
    "read_set",
    "read_sets",
    "read_sources",
    "resolve",
]
