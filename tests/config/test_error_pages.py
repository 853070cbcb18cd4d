"""What Django says by itself keeps to the content policy, too: pages of our own stand in."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from config.urls import handler500
from config.urls import urlpatterns as product


def broken(request: HttpRequest, code: str) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{code}'; END $$")
    return HttpResponse("not broken")


# A project of these addresses alone, with the product's own handlers.
urlpatterns = [*product, path("broken/<code>/", broken)]
__all__ = ["handler500", "urlpatterns"]


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


@pytest.mark.django_db
class TestServerError:
    @pytest.mark.parametrize(
        ("code", "words"),
        [
            ("53100", "The disk of the database is full."),
            ("53300", "The database takes no more connections now."),
            ("57P01", "The database can&#x27;t be reached."),
        ],
    )
    def test_says_what_the_database_lacks(self, settings: Any, code: str, words: str) -> None:
        settings.ROOT_URLCONF = __name__
        answer = Client(raise_request_exception=False).get(f"/broken/{code}/")
        assert answer.status_code == 503
        assert answer["Retry-After"] == "5"
        assert words in answer.content.decode()

    def test_a_fault_of_ours_stays_one(self, settings: Any) -> None:
        settings.ROOT_URLCONF = __name__
        answer = Client(raise_request_exception=False).get("/broken/42P01/")
        assert answer.status_code == 500
        assert "Something broke" in answer.content.decode()
