"""The one way in: `record_events()`."""

from audit.log.partitions import ensure_environment, prepare_months

from .origin import Origin, Receipt, Verdict
from .recorder import check_events, record_checked, record_events
from .submission import CheckedSubmission
from .submitted import Refusal, SubmittedEvent

__all__ = [
    "CheckedSubmission",
    "Origin",
    "Receipt",
    "Refusal",
    "SubmittedEvent",
    "Verdict",
    "check_events",
    "ensure_environment",
    "prepare_months",
    "record_checked",
    "record_events",
]
