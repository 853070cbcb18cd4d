"""Tables of environments, senders and keys; one file a table."""

from .environment import Environment
from .ingest_key import IngestKey
from .sender import Sender

__all__ = ["Environment", "IngestKey", "Sender"]
