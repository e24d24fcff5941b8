"""What a planner wrote, checked against a model; each fault told as where | what | what would be right.

The one place that knows how pydantic tells a fault.  Where a key may hold one of several things pydantic
has a fault for each; here they are one, which names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Final, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.errors import fault
from sim.textfile import did_you_mean

Model = TypeVar("Model", bound=BaseModel)
Keys = tuple[str, ...]
_SHOWN = 60  # letters of a value that a fault shows
_ALSO = "; or "
_REMEDIES: Final = {
    "string_type": "write it as text, between quotes",
    "string_too_short": "write it: it is empty",
    "int_type": "write a whole number",
    "int_from_float": "write a whole number",
    "float_type": "write a number",
    "finite_number": "write a finite number",
    "tuple_type": "write a list, such as [a, b]",
    "list_type": "write a list, such as [a, b]",
    "dict_type": "write a mapping, such as {key: value}",
    "model_type": "write a mapping, such as {key: value}",
    "too_short": "name at least one",
    "invalid_key": "write the key as text",
}
"""What would be right, by kind of fault; pydantic's own words stand for any other."""
_QUOTED: Final = {
    "int_type": "write a whole number, without quotes",
    "float_type": "write a number, without quotes",
}
_BOUNDS: Final = {
    "ge": "write {} or more",
    "le": "write {} or less",
    "gt": "write more than {}",
    "lt": "write less than {}",
    "expected": "write {}",
}


@dataclass(frozen=True)
class Texts:
    """What a kind of file says itself of a fault."""

    missing: str = "write it"
    """What would be right for a key that is not there."""
    remedies: Mapping[str, str] = field(default_factory=dict)
    """What would be right where no bound says it, by the key with its dots, the key alone or the kind."""
    unknown: Callable[[Keys], tuple[str, str] | None] = lambda keys: None
    """Of keys that were known once: what is wrong, and what would be right."""


def validated(
    model: type[Model],
    content: object,
    place: str,
    faults: list[str],
    inside: Keys = (),
    texts: Texts | None = None,
) -> Model | None:
    """The content as the model holds it; None where it cannot be, every fault added to `faults`.

    place: the file.  inside: keys of the file that the content stands under.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        told = _Told(model, content, place, inside, texts or Texts())
        faults += told.faults(error.errors())
        return None


@dataclass(frozen=True)
class _Told:
    """The faults of one content."""

    model: type[BaseModel]
    content: object
    place: str
    inside: Keys
    texts: Texts

    def faults(self, errors: Sequence[Any]) -> list[str]:
        """Each once, in the order of the model's keys."""
        by_keys: dict[Keys, list[Any]] = {}
        for error in errors:
            by_keys.setdefault(self._keys(error), []).append(error)
        # items that were refused are missing from their list: no second fault for that
        emptied = {k for k in by_keys if any(other[: len(k)] == k != other for other in by_keys)}
        return [
            line
            for keys, found in by_keys.items()
            for line in self._lines(keys, [e for e in found if not (_is_short(e) and keys in emptied)])
        ]

    def _keys(self, error: Any) -> Keys:
        """Where it is in the content: pydantic also names what was tried, and whether it is of the key."""
        loc, node = error["loc"], self.content
        wrong_key = bool(loc) and loc[-1] == "[key]"
        keys = []
        for part in loc[:-2] if wrong_key else loc:
            named = _named(node)
            if str(part) in named:
                keys.append(str(part))
                node = named[str(part)]
        if wrong_key:
            keys.append(str(error["input"]))
        elif error["type"] == "missing":
            keys.append(str(loc[-1]))
        return tuple(keys)

    def _lines(self, keys: Keys, errors: Sequence[Any]) -> Iterator[str]:
        where = ".".join((*self.inside, *keys))
        at = f"{self.place}: {where}" if where else self.place
        plain = []
        for error in errors:
            if error["type"] == "value_error":  # told by the model itself, in one part or two
                yield from (fault(at, line) for line in _own_words(error).split("\n"))
            elif error["type"] == "missing":
                yield fault(at, "is missing", self._stated(keys) or self.texts.missing)
            elif error["type"] == "extra_forbidden":
                yield fault(at, *self._unknown(keys))
            else:
                plain.append(error)
        if plain:
            value = plain[0]["input"]
            shown = list(value) if isinstance(value, tuple) else value
            yield fault(at, f"{shown!r:.{_SHOWN}}", self._remedy(keys, plain))

    def _unknown(self, keys: Keys) -> tuple[str, str]:
        own = self.texts.unknown(keys)
        if own is not None:
            return own
        model = _model_at(self.model, keys[:-1]) or self.model
        known = [f.alias or name for name, f in model.model_fields.items()]
        return "unknown key", did_you_mean(keys[-1], known)

    def _stated(self, keys: Keys) -> str:
        """What the kind of file says would be right at a key."""
        said = self.texts.remedies
        return said.get(".".join(keys), "") or said.get(keys[-1] if keys else "", "")

    def _remedy(self, keys: Keys, errors: Sequence[Any]) -> str:
        bound = _bound(errors[0]) if len(errors) == 1 else ""
        several = (_bound(e) or self.texts.remedies.get(e["type"]) or _kind(e) for e in errors)
        return bound or self._stated(keys) or _ALSO.join(dict.fromkeys(several))


def _is_short(error: Any) -> bool:
    return bool(error["type"] == "too_short")


def _own_words(error: Any) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


def _bound(error: Any) -> str:
    """What would be right where a number leaves its bounds or a word is not one of a list."""
    given = error.get("ctx", {})
    found = next((key for key in _BOUNDS if key in given), None)
    if found is None:
        return ""
    value = given[found]
    return _BOUNDS[found].format(f"{value:g}" if isinstance(value, float) else value)


def _kind(error: Any) -> str:
    """What would be right by the kind of fault."""
    kind, value = error["type"], error["input"]
    if kind in _QUOTED and isinstance(value, str) and value.isascii() and value.isdigit():
        return _QUOTED[kind]
    return _REMEDIES.get(kind, str(error["msg"]))


def _named(node: object) -> Mapping[str, object]:
    """What a mapping or a list holds, by its keys or numbers as text."""
    if isinstance(node, Mapping):
        return {str(key): value for key, value in node.items()}
    return {str(n): item for n, item in enumerate(node)} if isinstance(node, list | tuple) else {}


def _model_at(model: type[BaseModel], keys: Keys) -> type[BaseModel] | None:
    """The model that stands at these keys of a model."""
    kinds: list[Any] = [model]
    for key in keys:
        kinds = [inner for kind in kinds for inner in _below(kind, key)]
    return next((kind for kind in kinds if _is_model(kind)), None)


def _below(kind: Any, key: str) -> Iterator[Any]:
    """What may stand below a key of a kind of value."""
    if _is_model(kind):
        for name, of in kind.model_fields.items():
            if key == (of.alias or name):
                yield from _alternatives(of.annotation)
    elif get_origin(kind) in (dict, tuple, list) and get_args(kind):
        yield from _alternatives(get_args(kind)[1 if get_origin(kind) is dict else 0])


def _alternatives(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _alternatives(one)
    elif annotation is not NoneType:
        yield annotation


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)
