"""Events as they are read, made of what the API would tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from audit.vocabulary.document import Document


def document_of(told: Mapping[str, Any]) -> Document:
    """Return the document of which a part is told; of the rest nothing is known."""
    return msgspec.json.decode(msgspec.json.encode(told), type=Document)
