"""From a plan as offices have it to rows that a person reviews, and from the review to a plan folder."""

from sim.drafting.draft import Draft, draft, load_lexicon
from sim.drafting.readers import read_document

__all__ = ["Draft", "draft", "load_lexicon", "read_document"]
