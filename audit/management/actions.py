"""Runs the actions of a command, each of which is a method of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError


class ActionCommand(BaseCommand):
    """A command whose first argument, `action`, names the method `_action(options)`.

    refusals: errors that are told as they are
    """

    refusals: ClassVar[type[Exception]]

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        try:
            getattr(self, f"_{action}")(options)
        except self.refusals as error:
            raise CommandError(str(error)) from None
