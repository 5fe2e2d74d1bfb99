# SPDX-License-Identifier: MIT
"""
The lines of a build log, from what is told of a build's tasks. The format is described in docs/formats.md, depid-build/1.

Knows nothing of BitBake, and no clock.
"""

import json
import os

FORMAT = "depid-build/1"


class BuildLog:
    """
    Writes a line for each task that ended, at once, so that a log without its last line is that of a build that was killed.

    path: of the file, which is written anew; header: what is known when the build begins.
    """

    def __init__(self, path, header):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self._file = open(path, "w", encoding="utf-8")
        self._begun = {}
        self._count = 0
        self._write({"format": FORMAT, **header})

    def begin(self, tid, now, restore=False, noexec=False):
        """A task, or its setscene variant, began."""
        self._begun[tid, restore] = (now, noexec)

    def end(self, tid, now, restore=False, failed=False, **facts):
        """It ended. What failed without having begun, as BB_SETSCENE_ENFORCE lets it, has no times."""
        start, noexec = self._begun.pop((tid, restore), (None, False))
        if restore:
            how = "restore-failed" if failed else "restored"
        else:
            how = "failed" if failed else "noexec" if noexec else "executed"
        times = {} if start is None else {"start": round(start, 3), "seconds": round(now - start, 3)}
        self._count += 1
        self._write({"tid": tid, "how": how, **times, **facts})

    def close(self, interrupted):
        """The build ended. Tasks that began and of which nothing was heard since are named."""
        unfinished = sorted(tid + ("_setscene" if restore else "") for tid, restore in self._begun)
        self._write({"end": {"tasks": self._count, "unfinished": unfinished, "interrupted": interrupted}})
        self._file.close()

    def abandon(self):
        """The build ended in a way that nobody told: the log stays without its last line."""
        self._file.close()

    def _write(self, row):
        self._file.write(json.dumps(row, separators=(",", ":")) + "\n")
        self._file.flush()
