"""Evidence: the proof of an event, and the log of an environment as verifiers read it."""

from __future__ import annotations

from collections.abc import Mapping

from .declare import Answer, Operation, Parameter, array, or_null, record

GROUP = "Evidence"
_TEXT, _BYTES = {"type": "string"}, {"type": "string", "format": "binary"}
_ORIGIN = "7d0c3b52-0a5e-4a86-9f0e-6a0e8f0f2a11/prod"
_HASH = "JO0+DW+JoKYUMGdnZprQC2LmiIShEsOKCTyG3c2E63I="
_CHECKPOINT = f"{_ORIGIN}\n15001\n{_HASH}\n\n— {_ORIGIN} +C2B/CnODUWf…\n"
_EVENT = Parameter(
    name="event_id",
    says="The event's UUID.",
    schema={"type": "string", "format": "uuid"},
    place="path",
    is_required=True,
)
_ENVIRONMENT = Parameter(
    name="environment",
    says="The environment's key.",
    schema=_TEXT,
    example="prod",
    place="path",
    is_required=True,
)
_RESOURCE = Parameter(
    name="resource",
    says="`tile/<level>/<index>`, or `tile/entries/<index>`; `.p/<width>` follows a partial one.",
    schema=_TEXT,
    example="tile/0/000.p/1",
    place="path",
    is_required=True,
)

OPERATIONS: Mapping[str, Operation] = {
    "ProofView.get": Operation(
        id="get_proof",
        group=GROUP,
        title="The proof that an event is in its log",
        says="A text of c2sp.org/tlog-proof: the position, the hashes from the event's leaf to the "
        "root, and the newest signed checkpoint. It is there within seconds of recording.",
        parameters=(_EVENT,),
        answers={
            200: Answer(
                says="The proof.",
                schema=_TEXT,
                media_type="text/plain",
                example=f"c2sp.org/tlog-proof@v1\nindex 15000\n{_HASH}\n\n{_CHECKPOINT}",
            )
        },
        problems=("bad-parameter", "not-allowed", "not-found", "not-signed", "broken-log"),
    ),
    "VerificationView.get": Operation(
        id="verify_event",
        group=GROUP,
        title="One event verified now",
        says="Steps, in this order: its texts and salts make a leaf hash (`leaf`), its receipt"
        " holds that (`receipt`), the tree was sealed over it (`tile`), a proof leads from it to"
        " the newest checkpoint (`proof`), which a key of the log has signed (`signature`). `ok`"
        " is null for what is not there yet, for some seconds after recording.",
        parameters=(_EVENT,),
        answers={
            200: Answer(
                says="What each step found.",
                schema=record(
                    id={"type": "string", "format": "uuid"},
                    position=or_null({"type": "integer"}),
                    steps=array(
                        record(step=_TEXT, ok=or_null({"type": "boolean"}), found=_TEXT),
                    ),
                ),
                example={
                    "id": "0195b3c4-6a10-7c3e-9f31-2b1f6d0e7a55",
                    "position": 15000,
                    "steps": [
                        {
                            "step": "receipt",
                            "ok": True,
                            "found": "The receipt 812 holds this leaf hash.",
                        }
                    ],
                },
            )
        },
        problems=("bad-parameter", "not-allowed", "not-found"),
    ),
    "CheckpointView.get": Operation(
        id="get_checkpoint",
        group=GROUP,
        title="The newest checkpoint of a log",
        says="A signed note of c2sp.org/tlog-checkpoint. For who has the ability `log` there, "
        "or for everybody where `AUDIT_LOG_IS_PUBLIC` is set.",
        parameters=(_ENVIRONMENT,),
        answers={
            200: Answer(
                says="The note.", schema=_TEXT, media_type="text/plain", example=_CHECKPOINT
            )
        },
        problems=("not-found",),
    ),
    "TileView.get": Operation(
        id="get_tile",
        group=GROUP,
        title="A tile of a log, or its entries",
        says="As c2sp.org/tlog-tiles has them: 32 bytes a hash; of the entries the length in two "
        "bytes and the leaf of 113, in which nothing is personal.",
        parameters=(_ENVIRONMENT, _RESOURCE),
        answers={
            200: Answer(says="The tile.", schema=_BYTES, media_type="application/octet-stream")
        },
        problems=("not-found", "broken-log"),
    ),
}
