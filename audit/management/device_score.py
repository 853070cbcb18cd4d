"""Compares parsed devices with labelled ones and counts the matches.

The rule is that of the data set's README (tests/data/user_agents/README.md): names for the same
thing are one name, versions count by their leading number, and what only another library's
conventions can know counts for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import asdict

from audit.enrich.device import Device, parse_device

FIELDS = Device.__struct_fields__
# What may be absent from a label: then it isn't counted, but for "all eleven".
OF_THOSE_LABELLED = frozenset(FIELDS[-4:])
NO_VALUES = frozenset(("", "unknown", "other", "none"))
SYNONYMS = {
    "agent": {
        "chromemobile": "chrome",
        "mobilesafari": "safari",
        "ie": "internetexplorer",
        "chromemobilewebview": "chromewebview",
        "wkwebview": "uiwebview",
        "samsunginternet": "samsungbrowser",
    },
    "operating_system": {
        "windowsnt": "windows",
        "macosx": "macos",
        "ipados": "ios",
        "kubuntu": "ubuntu",
    },
    "layout_engine": {"webkit": "applewebkit", "internetexplorer": "trident"},
    "device_brand": {
        "sonyericsson": "sony",
        "honor": "huawei",
        "redmi": "xiaomi",
        "poco": "xiaomi",
    },
}
SCRIPTS = frozenset(("robot", "robotmobile", "cloud", "script", "library", "apiclient"))
BIG_SCREENS = frozenset(("tablet", "tv", "settopbox", "gameconsole", "virtualreality", "watch"))
NAMELESS_DEVICES = frozenset(
    ("androidmobile", "androiddevice", "androidtablet", "appleiosdevice", "iosdevice", "k")
)
WINDOWS_BY_NT = {"6.0": "vista", "6.1": "7", "6.2": "8", "6.3": "8", "8.1": "8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A user agent with its labels. expected: field → label; absent: no value"""

    user_agent: str
    kind: str
    expected: Mapping[str, str]
    client_hints: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one case came to. verdicts: field → right or wrong; a field not scored is absent"""

    case: Case
    device: Device
    verdicts: Mapping[str, bool]

    @property
    def is_right(self) -> bool:
        return all(self.verdicts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldScore:
    """How many of those scored were right."""

    right: int
    scored: int

    @property
    def percent(self) -> float:
        return 100 * self.right / self.scored if self.scored else 100.0


def read_case(row: Mapping[str, Any]) -> Case:
    return Case(
        user_agent=row["user_agent"],
        kind=row.get("kind", ""),
        expected=row["expected"],
        client_hints=row.get("client_hints"),
    )


def score(cases: Iterable[Case]) -> list[Result]:
    results = []
    for case in cases:
        device = parse_device(case.user_agent, case.client_hints)
        results.append(Result(case=case, device=device, verdicts=compare(case, device)))
    return results


def field_scores(results: Iterable[Result]) -> dict[str, FieldScore]:
    """Return field → tally. The engine's and the web view's count only those that are labelled."""
    results = list(results)
    found = {}
    for field in FIELDS:
        counted = [
            result.verdicts[field]
            for result in results
            if field in result.verdicts and _is_counted(field, result.case)
        ]
        found[field] = FieldScore(right=sum(counted), scored=len(counted))
    found["all eleven"] = FieldScore(right=sum(r.is_right for r in results), scored=len(results))
    return found


def compare(case: Case, device: Device) -> dict[str, bool]:
    """Return the verdict on each field that the label decides."""
    label = {field: case.expected.get(field) for field in FIELDS}
    got: dict[str, str | None] = asdict(device)
    is_robot = _plain(label["device_class"]) in SCRIPTS
    verdicts: dict[str, bool] = {}
    if _name("agent", label["agent_name"]):
        verdicts |= _agent(label, got)
    verdicts["device_class"] = _class(label["device_class"], got["device_class"])
    verdicts["device_brand"] = _may_be_empty(
        _name("device_brand", label["device_brand"]),
        _name("device_brand", got["device_brand"]),
        is_allowed=is_robot,
    )
    verdicts["device_name"] = _may_be_empty(
        _device(label["device_name"], label["device_brand"]),
        _device(got["device_name"], got["device_brand"]),
        is_allowed=is_robot,
    )
    verdicts |= _system(label, got, is_robot=is_robot)
    verdicts |= _engine(label, got, is_robot=is_robot)
    if _plain(label["webview_app_name"]) != "unknownwebviewapp":
        verdicts |= _webview(label, got)
    return verdicts


def _agent(label: Mapping[str, str | None], got: Mapping[str, str | None]) -> dict[str, bool]:
    expected = _name("agent", label["agent_name"])
    source = "agent"
    if expected != _name("agent", got["agent_name"]) and expected == _name(
        "agent", got["webview_app_name"]
    ):
        source = "webview_app"
    return {
        "agent_name": expected == _name("agent", got[f"{source}_name"]),
        "agent_version": _version(label["agent_version"]) == _version(got[f"{source}_version"]),
    }


def _class(label: str | None, got: str | None) -> bool:
    expected, found = _plain(label), _plain(got)
    if expected == "mobile":
        return found in ("phone", "tablet")
    if not expected:
        return found not in BIG_SCREENS
    return _same_class(expected) == _same_class(found)


def _same_class(plain: str) -> str:
    if plain in SCRIPTS:
        return "robot"
    return {
        "smartphone": "phone",
        "featurephone": "phone",
        "ipod": "phone",
        "settopbox": "tv",
    }.get(plain, plain)


def _system(
    label: Mapping[str, str | None], got: Mapping[str, str | None], *, is_robot: bool
) -> dict[str, bool]:
    name = _name("operating_system", label["operating_system_name"])
    found = _name("operating_system", got["operating_system_name"])
    if is_robot and name.endswith("cloud"):
        return {"operating_system_name": not found, "operating_system_version": True}
    expected = label["operating_system_version"]
    return {
        "operating_system_name": name == found,
        "operating_system_version": _system_version(name, expected)
        == _system_version(name, got["operating_system_version"]),
    }


def _engine(
    label: Mapping[str, str | None], got: Mapping[str, str | None], *, is_robot: bool
) -> dict[str, bool]:
    name = _name("layout_engine", label["layout_engine_name"])
    found = _name("layout_engine", got["layout_engine_name"])
    is_agent_again = name == _name("layout_engine", label["agent_name"])
    if not found and (is_robot or is_agent_again):
        return {"layout_engine_name": True, "layout_engine_version": True}
    return {
        "layout_engine_name": name == found,
        "layout_engine_version": _version(label["layout_engine_version"])
        == _version(got["layout_engine_version"]),
    }


def _webview(label: Mapping[str, str | None], got: Mapping[str, str | None]) -> dict[str, bool]:
    expected = _name("agent", label["webview_app_name"])
    found = _name("agent", got["webview_app_name"])
    if not expected and found and found == _name("agent", label["agent_name"]):
        return {"webview_app_name": True, "webview_app_version": True}
    if expected and not found and expected == _name("agent", got["agent_name"]):
        is_same = _version(label["webview_app_version"]) == _version(got["agent_version"])
        return {"webview_app_name": True, "webview_app_version": is_same}
    return {
        "webview_app_name": expected == found,
        "webview_app_version": _version(label["webview_app_version"])
        == _version(got["webview_app_version"]),
    }


def _is_counted(field: str, case: Case) -> bool:
    if field not in OF_THOSE_LABELLED:
        return True
    return bool(_plain(case.expected.get(field)))


def _may_be_empty(expected: str, found: str, *, is_allowed: bool) -> bool:
    return expected == found or (is_allowed and not found)


def _plain(text: str | None) -> str:
    plain = "".join(letter for letter in (text or "").casefold() if letter.isalnum())
    return "" if plain in NO_VALUES else plain


def _name(kind: str, text: str | None) -> str:
    plain = _plain(text)
    return SYNONYMS[kind].get(plain, plain)


def _device(name: str | None, brand: str | None) -> str:
    plain, plain_brand = _plain(name), _plain(brand)
    if plain in NAMELESS_DEVICES:
        return ""
    if plain != plain_brand:
        plain = plain.removeprefix(plain_brand)
    return "" if plain in NAMELESS_DEVICES else plain


def _version(text: str | None) -> str:
    plain = (text or "").removeprefix(">=").strip()
    number = re.match(r"[^\d]{0,1}(\d+)", plain)
    return number[1].lstrip("0") or "0" if number else ""


def _system_version(system: str, text: str | None) -> str:
    plain = (text or "").removeprefix(">=").strip()
    two = re.match(r"\d+\.\d+", plain)
    if system == "macos" and plain.startswith("10.") and two:
        return two[0]
    if system == "windows" and two and two[0] in WINDOWS_BY_NT:
        return WINDOWS_BY_NT[two[0]]
    return _version(text)
