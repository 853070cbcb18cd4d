"""The vocabulary of the log: event types, their groups, their sentences."""

from .catalogue import EVENT_TYPES, GROUPS, event_type, types_with, use_own
from .event_type import OUTCOMES, EventGroup, EventType, is_product_type
from .own_types import OwnTypes, read_own_types
from .sentence import SentencePart, sentence, sentence_parts
from .spelling import nearest, unknown

__all__ = (
    "EVENT_TYPES",
    "GROUPS",
    "OUTCOMES",
    "EventGroup",
    "EventType",
    "OwnTypes",
    "SentencePart",
    "event_type",
    "is_product_type",
    "nearest",
    "read_own_types",
    "sentence",
    "sentence_parts",
    "types_with",
    "unknown",
    "use_own",
)
