# SPDX-License-Identifier: MIT
"""Writes a capture (depid-capture/1) of the task graph that BitBake has hashed.

capture.py turns plain values into the lines of a capture; it knows nothing of BitBake. generator.py runs inside BitBake and
collects those values.

build_log.py and recorder.py do the same for a log of what a build ran (depid-build/1).
"""

# Read by BitBake's addpylib.
BBIMPORTS = ["generator", "recorder"]
