"""What a Lowcoder server emits: its envelope to `SubmittedEvent` (docs/lowcoder.md)."""

from .envelope import POINTERS, event_of

__all__ = ("POINTERS", "event_of")
