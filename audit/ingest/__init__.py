"""What senders send, decoded into events."""

from .format import Format
from .json.decode import Misfit, native

__all__ = ("Format", "Misfit", "native")
