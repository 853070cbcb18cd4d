"""Secrets masked before anything is stored, hashed or logged, the same for every caller."""

from .additions import problems_of
from .event import find_suspects, mask_event, mask_problem, mask_text
from .shapes import MASK

__all__ = ["MASK", "find_suspects", "mask_event", "mask_problem", "mask_text", "problems_of"]
