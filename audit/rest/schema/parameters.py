"""Declares the parameters of addresses; those of searches are made of the facets."""

from __future__ import annotations

from audit.export.form import ALL_FORMATS, CHOICES, ENDS, FORMATS
from audit.facets import EXCLUDE, FACETS
from audit.query.counts.facets import COUNTED
from audit.query.counts.histogram import BY
from audit.query.search.moments import PATTERN
from audit.query.search.pages import MAX_PAGE_SIZE
from audit.query.search.parameters import MAX_VALUE_CHARACTERS, MAX_VALUES
from audit.vocabulary.document import MEMBERS

from .declare import Parameter
from .shapes import NUMBER, TEXT

_MOMENT = (
    "RFC 3339 with an offset, a date (the start of that day in the installation's zone), `now`, "
    "or a time before now such as `-24h`, `-7d`."
)


def _values(name: str, says: str, example: object = None) -> Parameter:
    facet = FACETS[name.removeprefix(EXCLUDE)]
    item = {**TEXT, "maxLength": MAX_VALUE_CHARACTERS}
    if facet.kind == "number":
        item = {**NUMBER, "minimum": 1}
    elif facet.words:
        item = {**TEXT, "enum": list(facet.words)}
    return Parameter(
        name=name,
        says=says,
        schema={
            "type": "array",
            "items": item,
            "maxItems": MAX_VALUES,
        },
        example=[example] if example else None,
    )


def number(name: str, says: str, *, default: int, highest: int) -> Parameter:
    """Return a parameter that is a number from 1 on."""
    schema = {"type": "integer", "minimum": 1, "maximum": highest, "default": default}
    return Parameter(name=name, says=says, schema=schema)


def text(name: str, says: str, example: str | None = None, *, length: int = 256) -> Parameter:
    return Parameter(name=name, says=says, schema={**TEXT, "maxLength": length}, example=example)


def moment(name: str, says: str, example: str | None = None) -> Parameter:
    """Return a parameter that is a time."""
    schema = {**TEXT, "pattern": PATTERN}
    return Parameter(name=name, says=f"{says}: {_MOMENT}", schema=schema, example=example)


def one_of(name: str, says: str, words: tuple[str, ...], *, needed: bool = False) -> Parameter:
    schema = {"type": "string", "enum": list(words)}
    return Parameter(name=name, says=says, schema=schema, is_required=needed)


ENVIRONMENT = _values("environment", "Key of an environment; any of several.", "prod")
FROM = moment("from", "It happened at this time or later", "-24h")
TO = moment("to", "It happened before this time")
FILTERS = (
    *(_values(n, f"{facet.says} Any of several.", facet.example) for n, facet in FACETS.items()),
    *(_values(EXCLUDE + n, f"None of these: {facet.says}") for n, facet in FACETS.items()),
    FROM,
    TO,
    moment("recorded_after", "It was recorded at this time or later"),
    moment("recorded_before", "It was recorded before this time"),
    text(
        "q",
        'Words that must all occur, in any case; `"two words"` in quotes are one. Looked for in '
        "ids, names, e-mail, address, user agent, details, targets and changes.",
        "orders",
    ),
)
CURSOR = text("cursor", "Where to go on, from `next` or `previous`.", length=4_000)
PAGE_SIZE = number("page_size", "Events a page.", default=50, highest=MAX_PAGE_SIZE)
FIELD_NAMES = Parameter(
    name="fields",
    says="Members to tell; repeated, or with commas between them.",
    schema={"type": "array", "items": {**TEXT, "enum": list(MEMBERS)}},
    example=["id", "time", "type"],
)
ORDER = one_of(
    "order",
    "`happened`: newest first; `recorded`: as the log has them, oldest first, to be followed with "
    "a cursor that is kept.",
    ("happened", "recorded"),
)
BY_WHAT = one_of("by", "What the bars are divided by.", BY)
FACET = Parameter(
    name="facet",
    says="What to count; repeatable.",
    schema={"type": "array", "items": {"type": "string", "enum": list(COUNTED)}, "minItems": 1},
    example=["country", "browser"],
    is_required=True,
)
FORMAT = one_of("format", "The file's format.", tuple(FORMATS), needed=True)
ANY_FORMAT = one_of(
    "format",
    "The file's format. `evidence` is of one environment, for who may export its evidence.",
    tuple(ALL_FORMATS),
    needed=True,
)
END = one_of("end", "`line`: a last line that tells the rows and the SHA-256 before it.", ENDS)
BOM = one_of("bom", "`yes`, of CSV: it begins with U+FEFF, by which Excel knows UTF-8.", CHOICES)
PREFIX = text("prefix", "The first letters of a name, an id or an e-mail address.", "ann")
LIMIT = number("limit", "How many at most.", default=10, highest=100)
RESOURCE_TYPE = text("resource_type", "Type of resource.", "query")
EVENT_ID = Parameter(
    name="event_id",
    says="The event's UUID.",
    schema={"type": "string", "format": "uuid"},
    place="path",
    is_required=True,
)
