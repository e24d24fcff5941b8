"""Parameters of many places in little memory: what they share once, each one's own packed.

A place differs from its neighbours in some thirty of four hundred parameters.  Those are kept
pickled and squeezed, and opened when they are asked for; the others are the same objects for all.
"""

from __future__ import annotations

import hashlib
import pickle
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from sim.params.record import Parameter

_LEVEL = 1  # of compression: the quickest
_OPEN = 16  # places whose own parameters are open at once


class Shared(Mapping[str, Parameter]):
    """Parameters that several places have in common; two of one content are one after a journey."""

    def __init__(self, parameters: Mapping[str, Parameter], key: str = "") -> None:
        self._held = dict(parameters)
        self.key = key or _key(self._held)

    def __getitem__(self, name: str) -> Parameter:
        return self._held[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shared) and self.key == other.key

    def holds(self, parameters: Mapping[str, Parameter]) -> bool:
        """Whether it holds these very objects."""
        own = self._held
        return len(own) == len(parameters) and all(own.get(name) is p for name, p in parameters.items())

    @cached_property
    def _bytes(self) -> bytes:
        return pickle.dumps(self._held, protocol=pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[object, ...]:
        return _unpacked, (self.key, self._bytes)


_known: dict[str, Shared] = {}
_MOST_KNOWN = 128  # about three for each province


def _unpacked(key: str, content: bytes) -> Shared:
    if key not in _known:
        if len(_known) >= _MOST_KNOWN:
            del _known[next(iter(_known))]
        _known[key] = Shared(pickle.loads(content), key)
    return _known[key]


def _key(parameters: Mapping[str, Parameter]) -> str:
    digest = hashlib.sha256()
    for name, p in sorted(parameters.items()):
        digest.update(f"{name}|{p.hash}|{p.changed}|{p.level}|{p.made}|{p.file}\n".encode())
    return digest.hexdigest()


class Packed(Mapping[str, Parameter]):
    """A place's parameters: those that it shares, and its own, packed."""

    def __init__(self, shared: Shared, own: Mapping[str, Parameter]) -> None:
        self.shared = shared
        self.own_hashes = {name: p.hash for name, p in own.items()}
        self._bytes = zlib.compress(pickle.dumps(dict(own), protocol=pickle.HIGHEST_PROTOCOL), _LEVEL)

    @property
    def own(self) -> dict[str, Parameter]:
        """Those that it does not share, opened."""
        return _opened(self._bytes)

    def __getitem__(self, name: str) -> Parameter:
        return self.own[name] if name in self.own_hashes else self.shared[name]

    def __iter__(self) -> Iterator[str]:
        yield from (name for name in self.shared if name not in self.own_hashes)
        yield from self.own_hashes

    def __len__(self) -> int:
        return len(self.shared.keys() | self.own_hashes.keys())


@lru_cache(maxsize=_OPEN)
def _opened(content: bytes) -> dict[str, Parameter]:
    found: dict[str, Parameter] = pickle.loads(zlib.decompress(content))
    return found


def packed(places: Sequence[Mapping[str, Parameter]]) -> list[Packed]:
    """Places with what they have in common (the same objects) held once."""
    if not places:
        return []
    first, *others = places
    common = {n: p for n, p in first.items() if all(other.get(n) is p for other in others)}
    shared = Shared(common)
    return [Packed(shared, {n: p for n, p in own.items() if n not in common}) for own in places]


_sent: dict[int, tuple[Mapping[str, Parameter], Shared]] = {}
_MOST_SENT = 16  # a few places, each under a few scenarios


def for_journey(parameters: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
    """The same parameters as what is pickled once and opened once where it arrives, however often it goes."""
    if isinstance(parameters, Packed | Shared):
        return parameters
    given, shared = _sent.get(id(parameters), (None, None))
    if shared is not None and given is parameters and shared.holds(parameters):
        return shared
    if len(_sent) >= _MOST_SENT:
        _sent.clear()
    shared = Shared(parameters)
    _sent[id(parameters)] = parameters, shared
    return shared


def hashes(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """Hash of each parameter by name, sorted; what is packed stays so."""
    if isinstance(parameters, Packed):
        found = {n: p.hash for n, p in parameters.shared.items()} | parameters.own_hashes
        return dict(sorted(found.items()))
    return {name: p.hash for name, p in sorted(parameters.items())}
