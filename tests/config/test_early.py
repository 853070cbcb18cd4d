import json

import pytest

from config.early import TYPES, refusal
from config.head import Refused


class TestRefusal:
    @pytest.mark.parametrize("status", list(TYPES))
    def test_is_a_problem_of_that_status(self, status: int) -> None:
        start, piece = refusal(Refused(status, "It is so."))
        assert json.loads(piece["body"])["status"] == start["status"] == status
