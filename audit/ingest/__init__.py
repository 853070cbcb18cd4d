"""Takes what senders send: bodies in any format to events, and submissions to their answers."""

from .format import Format
from .json.decode import Misfit, native

__all__ = ("Format", "Misfit", "native")
