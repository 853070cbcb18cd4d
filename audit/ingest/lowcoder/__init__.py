"""What a Lowcoder server emits: its envelope to `SubmittedEvent` (docs/lowcoder.md)."""

from .envelope import event_of
from .format import LOWCODER

__all__ = ("LOWCODER", "event_of")
