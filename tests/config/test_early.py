import json

import pytest

from config.early import PROBLEM_TYPES, refusal_messages
from config.head import EarlyRefusal


class TestRefusal:
    @pytest.mark.parametrize("status", list(PROBLEM_TYPES))
    def test_is_a_problem_of_that_status(self, status: int) -> None:
        start, piece = refusal_messages(EarlyRefusal(status, "It is so."))
        assert json.loads(piece["body"])["status"] == start["status"] == status
