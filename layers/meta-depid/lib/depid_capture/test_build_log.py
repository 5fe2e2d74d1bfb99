# SPDX-License-Identifier: MIT
"""Started by the test run of depid: python3 -m unittest depid_capture.test_build_log"""

import json
import os
import tempfile
import unittest

from .build_log import BuildLog


class Logs(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = os.path.join(self.folder.name, "new", "build.jsonl")

    def rows(self):
        with open(self.path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def test_each_task_has_a_line_when_it_ends_and_the_build_a_last_one(self):
        log = BuildLog(self.path, {"tool": "t"})
        log.begin("a", 100.0)
        log.begin("b", 100.0, noexec=True)
        log.begin("c", 100.0, restore=True)
        log.begin("d", 100.0, restore=True)
        self.assertEqual(self.rows(), [{"format": "depid-build/1", "tool": "t"}])
        log.end("a", 101.5, pn="p")
        log.end("b", 100.0)
        log.end("c", 102.0, restore=True)
        log.end("d", 103.0, restore=True, failed=True)
        log.begin("d", 103.0)
        log.end("d", 104.0, failed=True)
        log.end("e", 104.0, failed=True)
        self.assertEqual(
            self.rows()[1:],
            [
                {"tid": "a", "how": "executed", "start": 100.0, "seconds": 1.5, "pn": "p"},
                {"tid": "b", "how": "noexec", "start": 100.0, "seconds": 0.0},
                {"tid": "c", "how": "restored", "start": 100.0, "seconds": 2.0},
                {"tid": "d", "how": "restore-failed", "start": 100.0, "seconds": 3.0},
                {"tid": "d", "how": "failed", "start": 103.0, "seconds": 1.0},
                {"tid": "e", "how": "failed"},
            ],
        )
        log.close(False)
        self.assertEqual(self.rows()[-1], {"end": {"tasks": 6, "unfinished": [], "interrupted": False}})

    def test_what_began_and_did_not_end_is_named_and_a_log_that_was_left_has_no_last_line(self):
        for leave, expected in [
            (lambda log: log.close(True), {"end": {"tasks": 0, "unfinished": ["a", "b_setscene"], "interrupted": True}}),
            (lambda log: log.abandon(), {"format": "depid-build/1"}),
        ]:
            with self.subTest(expected):
                log = BuildLog(self.path, {})
                log.begin("b", 1.0, restore=True)
                log.begin("a", 1.0)
                leave(log)
                self.assertEqual(self.rows()[-1], expected)


if __name__ == "__main__":
    unittest.main()
