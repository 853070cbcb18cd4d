"""Which words does the log know: event types, their groups, their sentences?"""

from .catalogue import EVENT_TYPES, GROUPS, PERSONAL_DETAILS, event_type
from .event_type import OUTCOMES, EventType, is_product_type
from .sentence import Part, sentence, sentence_parts
from .spelling import nearest, unknown

__all__ = (
    "EVENT_TYPES",
    "GROUPS",
    "OUTCOMES",
    "PERSONAL_DETAILS",
    "EventType",
    "Part",
    "event_type",
    "is_product_type",
    "nearest",
    "sentence",
    "sentence_parts",
    "unknown",
)
