"""Says in words what of a URL was left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from audit.errors import BadParameter
from audit.vocabulary import nearest

from .text import visible
from .url import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A parameter that was left out, and why."""

    parameter: str
    message: str


def problems_of(found: Iterable[BadParameter]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(parameter=visible(p.parameter[:64]), message=visible(p.message)) for p in found
    )


def known_pairs(address: Address, known: Iterable[str]) -> tuple[Address, list[BadParameter]]:
    """Return the address without empty and unknown parameters, and what is wrong with these."""
    known = frozenset(known)
    pairs = tuple(
        (name, value)
        for name, value in address.pairs
        if name in known and value.strip() and "\0" not in value
    )
    unknown = dict.fromkeys(name for name, _value in address.pairs if name not in known)
    return Address(path=address.path, pairs=pairs), [
        BadParameter(
            name,
            _("Unknown parameter “%(name)s”%(like)s.")
            % {"name": name[:64], "like": like_words(name, known)},
        )
        for name in unknown
    ]


def like_words(word: str, candidates: Iterable[str]) -> str:
    """Return " (did you mean “Prod”?)", or nothing where nothing comes near."""
    like = nearest(word, candidates)
    return _(" (did you mean “%(word)s”?)") % {"word": like} if like else ""
