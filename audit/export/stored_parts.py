"""What do the three stored texts of an event hold? Their members, left unread.

The texts are canonical JSON whose members are known (docs/evidence.md); what is Raw is JSON.
"""

from __future__ import annotations

import msgspec
from msgspec import Raw, Struct

NULL = Raw(b"null")
NOTHING = Raw()


class Named(Struct, gc=False):
    name: Raw = NOTHING


class Ids(Struct, gc=False):
    id: Raw = NOTHING
    gid: Raw = NOTHING
    type: Raw = NOTHING


class SenderIds(Struct, gc=False):
    id: Raw = NULL
    name: Raw = NULL


NO_SENDER = SenderIds()


class Head(Struct, gc=False):
    type: str | None = None
    submitted_id: Raw = NULL
    workspace: Raw = NOTHING
    application: Ids | None = None
    resource: Ids | None = None
    source: Raw = NULL
    sequence: Raw = NULL
    sender: SenderIds = msgspec.field(default_factory=lambda: NO_SENDER)
    key: Raw = NULL
    address: Raw = NULL


class Personal(Struct, gc=False):
    actor: Raw = NULL
    resource: Raw = NOTHING
    targets: Raw = NOTHING
    context: Raw = NOTHING
    details: Raw = NOTHING


class Details(Struct, gc=False):
    workspace: Named | None = None
    application: Named | None = None
    resource: Named | None = None
    targets: Raw = NOTHING
    context: Raw = NOTHING
    changes: Raw = Raw(b"[]")
    details: Raw = NOTHING


read_head = msgspec.json.Decoder(Head).decode
read_personal = msgspec.json.Decoder(Personal).decode
read_details = msgspec.json.Decoder(Details).decode
ERASED_HEAD, ERASED_PERSONAL, ERASED_DETAILS = Head(), Personal(), Details()
