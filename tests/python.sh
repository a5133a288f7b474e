#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The tests of the Python package on the shared library that was built: SOURCE_DIR LIBRARY. Skipped where no python3 has NumPy and pytest.
set -euo pipefail
source=$1 library=$2

for python in python3 /usr/bin/python3; do
    if "$python" -c 'import numpy, pytest' 2>/dev/null; then
        export CUTROPY_LIBRARY=$library PYTHONPATH=$source/python PYTHONDONTWRITEBYTECODE=1
        exec "$python" -m pytest -q -p no:cacheprovider --tb=short "$source/python/tests"
    fi
done
echo "skipped: no python3 with NumPy and pytest (Debian: python3-numpy, python3-pytest)"
exit 77
