"""Secrets masked before anything is stored, hashed or logged, the same for every caller."""

from .additions import problems_of
from .event import mask_event, mask_text, may_hold_secret
from .shapes import MASK

__all__ = ["MASK", "mask_event", "mask_text", "may_hold_secret", "problems_of"]
