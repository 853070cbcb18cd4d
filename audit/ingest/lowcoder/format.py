"""The format that a Lowcoder server emits: its envelopes (docs/lowcoder.md)."""

from ..format import Format
from .envelope import POINTERS, event_of

LOWCODER = Format(
    name="lowcoder",
    understand=event_of,
    pointers=POINTERS,
    title="Record events as Lowcoder emits them",
    says="The same in Lowcoder's words. `eventId` and `eventTime` make a retry safe.",
    shape="LowcoderEnvelope",
    schema={
        "type": "object",
        "additionalProperties": True,
        "description": "As docs/lowcoder.md tells; one event.",
    },
    example={
        "eventType": "APPLICATION_UPDATE",
        "orgId": "w1",
        "userId": "u1",
        "appId": "a1",
        "environmentId": "prod",
        "details": {"applicationId": "a1", "applicationName": "Orders"},
    },
)
