"""The one way in: `record_events()`."""

from audit.log.partitions import ensure_environment, prepare_months

from .origin import Origin, Receipt, Verdict
from .recorder import check_events, problems_beside, record_checked, record_events
from .submission import Checked
from .submitted import SubmittedEvent

__all__ = [
    "Checked",
    "Origin",
    "Receipt",
    "SubmittedEvent",
    "Verdict",
    "check_events",
    "ensure_environment",
    "prepare_months",
    "problems_beside",
    "record_checked",
    "record_events",
]
