"""Tables of the audit log; one file a table."""

from .alarm import Alarm
from .client import Client
from .environment import Environment
from .erasure import Erasure
from .event import Event
from .event_target import EventTarget
from .event_type import EventType
from .export import Export
from .idempotency import Idempotency
from .installation import Installation
from .log_head import LogHead
from .lookups import Browser, Country, DeviceClass, OperatingSystem
from .maintenance import Maintenance
from .outcome import Outcome
from .pending import Pending
from .position import Position
from .preferences import Preferences
from .rate import Rate
from .rejected import Rejected
from .rejected_count import RejectedCount
from .rollup import RollupDay, RollupHead, RollupHour
from .saved_view import SavedView
from .sighting import Sighting
from .signed import Checkpoint, LogKey, TileHash
from .subject import Subject
from .subject_count import SubjectCount
from .subject_word import SubjectWord, SubjectWordHead
from .submission import Submission
from .timeless import TimelessId
from .type_overflow import TypeOverflow
from .value_days import ValueDays, ValueDaysBackfill
from .verification import Verification
from .workspace_subject import WorkspaceSubject

__all__ = [
    "Alarm",
    "Browser",
    "Checkpoint",
    "Client",
    "Country",
    "DeviceClass",
    "Environment",
    "Erasure",
    "Event",
    "EventTarget",
    "EventType",
    "Export",
    "Idempotency",
    "Installation",
    "LogHead",
    "LogKey",
    "Maintenance",
    "OperatingSystem",
    "Outcome",
    "Pending",
    "Position",
    "Preferences",
    "Rate",
    "Rejected",
    "RejectedCount",
    "RollupDay",
    "RollupHead",
    "RollupHour",
    "SavedView",
    "Sighting",
    "Subject",
    "SubjectCount",
    "SubjectWord",
    "SubjectWordHead",
    "Submission",
    "TileHash",
    "TimelessId",
    "TypeOverflow",
    "ValueDays",
    "ValueDaysBackfill",
    "Verification",
    "WorkspaceSubject",
]
