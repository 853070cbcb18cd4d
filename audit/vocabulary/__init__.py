"""Which words does the log know: event types, their groups, their sentences?"""

from .catalogue import EVENT_TYPES, GROUPS, event_type, types_with
from .event_type import OUTCOMES, EventGroup, EventType, is_product_type
from .sentence import Part, sentence, sentence_parts
from .spelling import nearest, unknown

__all__ = (
    "EVENT_TYPES",
    "GROUPS",
    "OUTCOMES",
    "EventGroup",
    "EventType",
    "Part",
    "event_type",
    "is_product_type",
    "nearest",
    "sentence",
    "sentence_parts",
    "types_with",
    "unknown",
)
