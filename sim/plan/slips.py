"""Words that a plan's rows may choose freely, its scopes and outputs, misspelt by a letter.

A new word is taken as it is; one that differs by a single letter from a word that rules and other plans
go by would lose these in silence.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sim.catalogue.words import SCOPES
from sim.errors import fault
from sim.plan.vocabulary import Vocabulary

ALL = "all"
"""Scope of what is counted among everybody."""


def slip_faults(row: Mapping[str, str], place: str, words: Vocabulary) -> list[str]:
    """Faults of a row's scope and output, each with the word that it seems to be."""
    known: Mapping[str, Collection[str]] = {"scope": (*SCOPES, ALL), "output": words.outputs}
    found = []
    for column in known.keys() & row.keys():
        meant = slip_of(row[column], known[column])
        if meant:
            found.append(fault(place, f"{column} '{row[column]}' is misspelt", f"did you mean '{meant}'?"))
    return found


def slip_of(word: str, known: Collection[str]) -> str:
    """The known word from which one differs by a letter, two exchanged ones, case or blanks; else empty."""
    if not word or word in known:
        return ""
    plain = " ".join(word.casefold().split())
    return next((other for other in known if _one_off(plain, other.casefold())), "")


def _one_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    at = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    if len(short) == len(long):
        exchanged = short[at : at + 2] == long[at : at + 2][::-1] and short[at + 2 :] == long[at + 2 :]
        return exchanged or short[at + 1 :] == long[at + 1 :]
    return len(long) == len(short) + 1 and short[at:] == long[at + 1 :]
