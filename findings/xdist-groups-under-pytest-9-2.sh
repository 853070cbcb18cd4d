#!/bin/sh
# pytest-xdist 3.8.0 with pytest 9.2.0: `--dist loadgroup` spreads the tests of one `xdist_group`
# over its workers, without a warning, so that what a group shares (an installation, an environment)
# is made by two at once. With pytest 9.1.1 the same group stays on one worker.
#
# Needs python3. Prints what it saw; exits with 1 where that isn't as stated above.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
cat > test_group.py <<'PYTHON'
import os
import time

import pytest


@pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_one(number):
    time.sleep(0.5)
    with open("workers", "a") as file:
        file.write(os.environ["PYTEST_XDIST_WORKER"] + "\n")
PYTHON
status=0
for row in '9.1.1 1' '9.2.0 2'; do
    version=${row% *} expected=${row#* }
    rm -f workers
    env/bin/pip install --quiet --disable-pip-version-check "pytest==$version" pytest-xdist==3.8.0
    env/bin/python -W error::UserWarning -m pytest -q -n 2 --dist loadgroup test_group.py
    seen=$(sort -u workers | wc -l)
    echo "pytest $version, pytest-xdist 3.8.0: one group ran on $seen worker(s)"
    [ "$seen" -eq "$expected" ] || { echo "NOT SO: $expected expected"; status=1; }
done
exit $status
