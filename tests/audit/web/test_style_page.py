"""Every component is shown to staff, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


class TestStyle:
    def test_shows_each_component_and_runs_no_hostile_text(
        self, client: Client, environments: None
    ) -> None:
        client.force_login(User.objects.create_user("staff", is_staff=True))
        page = client.get("/style/").content.decode()
        for part in ("chips", "chart", "events rows", "problems", "badge verified"):
            assert f'class="{part}' in page
        assert "&lt;script&gt;" in page
        assert "<script>alert" not in page

    def test_is_for_staff(self, browse: Any) -> None:
        assert browse("/style/").status_code == 403
