"""What is shown of an event's proof: how far it has come, and what verifying it now finds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from audit.seal.event_state import RECORDED, SIGNED, EventState
from audit.verify.event import EventStep
from audit.web.parts.moments import Moment, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofBadge:
    """is_sealed: it has a position that stands; signed_at: when that was signed; is_provable:
    there is a proof to be had
    """

    is_sealed: bool
    is_provable: bool
    signed_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """mark: ✓, ✗ or …; state: in words, for who doesn't see the mark"""

    label: str
    mark: str
    kind: str
    state: str
    found: str


def proof_badge(state: EventState, *, zone: ZoneInfo) -> ProofBadge:
    return ProofBadge(
        is_sealed=state.state != RECORDED,
        is_provable=state.state == SIGNED,
        signed_at=moment(state.signed_at, zone) if state.signed_at else None,
    )


def proof_address(event_id: UUID) -> str | None:
    """Return where the API has the proof; None where the host doesn't include it."""
    try:
        return reverse("audit_rest:proof", args=[event_id])
    except NoReverseMatch:
        return None


def step_lines(steps: Sequence[EventStep]) -> tuple[StepLine, ...]:
    labels = {
        "leaf": _("Texts and salts make a leaf hash"),
        "receipt": _("The receipt holds it"),
        "tile": _("The tree was sealed over it"),
        "proof": _("A proof leads to the checkpoint"),
        "signature": _("A key of the log signed the checkpoint"),
    }
    kinds = {True: "verified", False: "danger", None: "warning"}
    marks = {True: "✓", False: "✗", None: "…"}
    states = {True: _("verified"), False: _("wrong"), None: _("not yet")}
    return tuple(
        StepLine(
            label=labels[step.step],
            mark=marks[step.ok],
            kind=kinds[step.ok],
            state=states[step.ok],
            found=step.found,
        )
        for step in steps
    )
