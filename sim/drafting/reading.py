"""What is read before anything is known of indicators: a figure with the words around it."""

from __future__ import annotations

from dataclasses import dataclass

from sim.drafting.figures import Figure


@dataclass(frozen=True)
class Phrase:
    """Words that may name what a figure counts; weight: how likely they do, 0..1.

    must: the part of them that the name has to share (高血压, of 高血压糖尿病患者管理率).
    """

    text: str
    weight: float = 1.0
    must: str = ""


@dataclass(frozen=True)
class Reading:
    """A figure of the document, its words, its year and place.

    phrases: words that may name it, the likeliest first.  context: the sentence or the name of the
    table's row above; heading: of the section or category.  flags: keys of `flags.FLAGS`.
    each: so many for each county, township, facility.  span: where
    the figure stands in its run of text; in a table the row of its body and the column.
    words: what stands where a number was to be (持续提升), for a target without one.
    """

    figure: Figure | None
    phrases: tuple[Phrase, ...]
    context: str
    heading: str
    kind: str
    year: str
    line: int
    place: str
    location: str
    sentence: str
    in_table: bool = False
    binding: str = ""
    words: str = ""
    year_stated: bool = True
    each: bool = False
    flags: tuple[str, ...] = ()
    span: tuple[int, int] = (0, 0)
