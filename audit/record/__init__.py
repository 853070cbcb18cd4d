"""The one way in: `record_events()`."""

from .log import ensure_environment, prepare_months
from .origin import Origin, Receipt, Verdict
from .recorder import record_events
from .submitted import SubmittedEvent

__all__ = [
    "Origin",
    "Receipt",
    "SubmittedEvent",
    "Verdict",
    "ensure_environment",
    "prepare_months",
    "record_events",
]
