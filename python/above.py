# SPDX-License-Identifier: Apache-2.0
"""The build of this folder is that of the folder above."""

import os

os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from scikit_build_core.build import *  # noqa: E402,F403
