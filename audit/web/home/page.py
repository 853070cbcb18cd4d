"""Presents what needs attention, in words and figures that link to their events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from audit.contracts import SenderInfo
from audit.query.attention import DAY, WEEK, Activity, FirstSignIn, Refused
from audit.query.compare.promotions import Promotions
from audit.query.counts.histogram import Bucket
from audit.vocabulary.document import Device, Document, Place
from audit.web.events.presenters import sentence
from audit.web.events.rows import event_path
from audit.web.parts.durations import duration_words
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Sentence, Tag
from audit.web.parts.moments import Moment, moment, to_utc
from audit.web.parts.text import count_text, shorten, thin
from audit.web.parts.url import Address, Pair
from audit.web.promotions.page import LineTable, day_words, line_table

MAX_ROWS = 5
SILENT_AFTER = timedelta(hours=24)
# So far from the usual, and by so many events, is worth a word.
FACTOR, ENOUGH = 2.0, 20
AS_USUAL = 10  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityRow:
    """words: how it compares with the usual; is_odd: worth a look; bars: heights of 24 hours in
    percent of the highest of all environments
    """

    tag: Tag
    count: str
    usual: str
    words: str
    is_odd: bool
    href: str
    bars: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event in a line. note: why it stands here, where that isn't plain"""

    href: str
    time: Moment
    day: str
    environment: Tag
    sentence: Sentence
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList:
    """The newest of one kind. day, week: how many in 24 hours and in 7 days, each with its link"""

    key: str
    title: str
    day: str
    week: str
    day_href: str
    week_href: str
    lines: tuple[EventLine, ...]
    nothing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRow:
    """words: what is wrong with it; href: its events"""

    name: str
    tag: Tag
    words: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Senders:
    """rows: those that are silent or refused; count: of all that there are"""

    rows: tuple[SenderRow, ...]
    count: int


def activity_rows(
    found: Iterable[Activity],
    hours: Sequence[Bucket],
    *,
    environments: Environments,
    now: datetime,
) -> tuple[ActivityRow, ...]:
    """hours: the buckets of the same 24 hours, by environment."""
    highest = max((c for b in hours for c in b.counts.values()), default=0)
    by_key = {one.environment: one for one in found}
    rows = []
    for key in environments.in_order(list(by_key)):
        one = by_key[key]
        words, is_odd = _against_usual(one)
        rows.append(
            ActivityRow(
                tag=environments.tag(key),
                count=thin(one.count),
                usual=thin(round(one.usual)) if one.usual is not None else "–",
                words=words,
                is_odd=is_odd,
                href=_events((("environment", key),), now - DAY, now),
                bars=tuple(_hour_bars(key, hours, highest)),
            )
        )
    return tuple(rows)


def event_list(
    key: str,
    documents: Iterable[Document],
    *,
    codes: Sequence[str],
    last_day: Counter[tuple[str, str]],
    last_week: Counter[tuple[str, str]],
    environments: Environments,
    zone: ZoneInfo,
    now: datetime,
) -> EventList:
    """key: "deletions" or "permissions"; codes: of the types that it tells of"""
    titles = {"deletions": _("Deletions"), "permissions": _("Permissions changed")}
    nothing = {
        "deletions": _("Nothing was deleted in 7 days."),
        "permissions": _("No permission was changed in 7 days."),
    }
    return EventList(
        key=key,
        title=titles[key],
        day=thin(_of_types(last_day, codes)),
        week=thin(_of_types(last_week, codes)),
        day_href=_events(tuple(("type", code) for code in codes), now - DAY, now),
        week_href=_events(tuple(("type", code) for code in codes), now - WEEK, now),
        lines=tuple(_line(d, environments, zone) for d in documents),
        nothing=nothing[key],
    )


def sign_in_lines(
    found: Iterable[FirstSignIn], *, environments: Environments, zone: ZoneInfo
) -> tuple[EventLine, ...]:
    return tuple(_line(one.document, environments, zone, note=_first_words(one)) for one in found)


def direct_changes(
    found: Promotions, *, address: Address, environments: Environments, zone: ZoneInfo
) -> LineTable:
    """Only what was changed, or began, in production."""
    lines = [line for line in found.lines if any(flag.kind == "direct" for flag in line.flags)]
    kept = Promotions(
        path=found.path,
        lines=tuple(lines[:MAX_ROWS]),
        apps=found.apps,
        looked_back_to=None,
        has_production=found.has_production,
    )
    return line_table(
        kept, address=address, only_flagged=True, app="", environments=environments, zone=zone
    )


def sender_rows(
    senders: Iterable[SenderInfo],
    refused: Mapping[int, Refused],
    *,
    environments: Environments,
    now: datetime,
) -> Senders:
    """Those that are silent, or whose events were refused in the last 24 hours."""
    known = list(senders)
    rows = []
    for sender in known:
        words = [w for w in (_silence(sender, now), _refusal(refused.get(sender.id))) if w]
        if words:
            pairs = (("environment", sender.environment), ("sender", str(sender.id)))
            rows.append(
                SenderRow(
                    name=shorten(sender.name, max_length=60),
                    tag=environments.tag(sender.environment),
                    words=" · ".join(words),
                    href=_events(pairs, now - 4 * WEEK, now),
                )
            )
    return Senders(rows=tuple(rows), count=len(known))


def _against_usual(one: Activity) -> tuple[str, bool]:
    """Return how it compares with the usual, and whether that is worth a look."""
    if one.usual is None:
        return (_("no week before to compare with") if one.count else _("nothing yet")), False
    is_far = abs(one.count - one.usual) >= ENOUGH
    if one.count == 0:
        return _("silent"), is_far
    if one.usual == 0:
        return _("usually nothing"), is_far
    ratio = one.count / one.usual
    if ratio >= FACTOR:
        return _("%(factor)s × the usual") % {"factor": f"{ratio:.1f}"}, is_far
    percent = round(100 * (ratio - 1))
    words = _("as usual") if abs(percent) <= AS_USUAL else f"{percent:+d} %".replace("-", "−")
    return words, is_far and ratio <= 1 / FACTOR


def _hour_bars(key: str, hours: Sequence[Bucket], highest: int) -> Iterable[tuple[str, str]]:
    """(y, height) of each hour, of 100."""
    for bucket in hours:
        height = 100 * bucket.counts.get(key, 0) / highest if highest else 0.0
        yield f"{100 - height:.1f}", f"{height:.1f}"


def _line(
    document: Document, environments: Environments, zone: ZoneInfo, *, note: str = ""
) -> EventLine:
    return EventLine(
        href=event_path(document.id),
        time=moment(document.time, zone),
        day=day_words(datetime.fromisoformat(document.time), zone),
        environment=environments.tag(document.environment),
        sentence=sentence(document, address=Address(path=reverse("audit_web:events"))),
        note=note,
    )


def _first_words(one: FirstSignIn) -> str:
    place, client = one.document.place or Place(), one.document.client or Device()
    words = []
    if "country" in one.kinds:
        where = " ".join(w for w in (place.city, place.country) if w)
        words.append(_("first time from %(place)s") % {"place": where or "–"})
    if "device" in one.kinds:
        names = (client.agent_name, client.operating_system_name)
        device = " · ".join(n for n in names if n)
        words.append(_("first time with %(device)s") % {"device": device or "–"})
    return shorten(", ".join(words), max_length=160)


def _silence(sender: SenderInfo, now: datetime) -> str:
    last = sender.last_used_at
    if last is None:
        return _("has never sent") if now - sender.made_at > timedelta(hours=1) else ""
    if now - last < SILENT_AFTER:
        return ""
    return _("silent for %(time)s") % {"time": duration_words(now - last)}


def _refusal(refused: Refused | None) -> str:
    if refused is None:
        return ""
    count = count_text(refused.count, is_capped=refused.is_capped)
    return _("%(n)s events refused in 24 h") % {"n": count}


def _of_types(counts: Counter[tuple[str, str]], codes: Iterable[str]) -> int:
    wanted = frozenset(codes)
    return sum(count for (_environment, code), count in counts.items() if code in wanted)


def _events(pairs: Sequence[Pair], start: datetime, end: datetime) -> str:
    bounds = (("from", to_utc(start)), ("to", to_utc(end)))
    return str(Address(path=reverse("audit_web:events"), pairs=(*pairs, *bounds)))
