"""What Django says by itself keeps to the content policy, too: pages of our own stand in."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
class TestCsrfFailure:
    def test_is_a_page_of_our_own_without_inline_style(self) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/login/", {"username": "a", "password": "b"})
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "<style" not in page
        assert "style=" not in page
        assert "reload it and try again" in page
