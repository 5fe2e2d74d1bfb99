# SPDX-License-Identifier: MIT
"""Started by the test run of depid: python3 -m unittest depid_capture.test_capture"""

import gzip
import json
import os
import tempfile
import unittest

from . import capture


class Names(unittest.TestCase):
    def test_a_recipe_is_named_relative_to_the_directory_that_holds_its_layer(self):
        prefixes = capture.layer_prefixes(["/src/oe/meta", "/src/meta-own/", "/src/meta-own/nested"])
        for tid, expected in [
            ("/src/oe/meta/recipes-core/a/a_1.bb:do_x", "meta/recipes-core/a/a_1.bb:do_x"),
            ("virtual:native:/src/oe/meta/a.bb:do_x", "virtual:native:meta/a.bb:do_x"),
            ("mc:arm:virtual:a:b:/src/meta-own/b.bb:do_x", "mc:arm:virtual:a:b:meta-own/b.bb:do_x"),
            ("/src/meta-own/nested/c.bb:do_x", "nested/c.bb:do_x"),
            ("/src/build/../oe/meta/d.bb:do_x", "meta/d.bb:do_x"),
            ("/elsewhere/meta/e.bb:do_x", "/elsewhere/meta/e.bb:do_x"),
        ]:
            with self.subTest(tid):
                self.assertEqual(capture.relative_tid(tid, prefixes), expected)

    def test_layers_of_one_name_are_told_apart_by_their_parents(self):
        self.assertEqual(
            capture.layer_prefixes(["/a/x/meta", "/b/x/meta", "/b/meta-own"]),
            {"/a/x/meta": "a/x/meta", "/b/x/meta": "b/x/meta", "/b/meta-own": "meta-own"},
        )

    def test_the_stamps_of_another_configuration_have_a_directory_of_their_own(self):
        for stamps, expected in [
            (["/b/tmp/stamps/x86/a/1", "/b/tmp/stamps/all/b/1"], "/b/tmp/stamps/"),
            (["/b/tmp-arm/stamps/arm/a/1", "/b/tmp-arm/stamps/all/b/1"], "/b/tmp-arm/stamps/"),
            (["/b/tmp-arm/stamps/arm/a/1"], "/b/tmp-arm/stamps/"),
            (["/b/elsewhere/a/1"], None),
        ]:
            with self.subTest(stamps):
                self.assertEqual(capture.stamps_directory(stamps, "/b/tmp/stamps"), expected)


class Files(unittest.TestCase):
    def test_files_are_named_and_ordered_as_they_are_hashed(self):
        self.assertEqual(
            capture.file_rows([("/r/z.patch", "1"), ("/r/dir/./sub/b", "2"), ("/q/a.cfg", None), ("/r/a.cfg", "3")]),
            [["./sub/b", "2"], ["a.cfg", None], ["a.cfg", "3"], ["z.patch", "1"]],
        )


class Settings(unittest.TestCase):
    def test_pairs_of_excluded_sysroots_keep_their_order_and_their_doubles(self):
        for value, expected in [
            (" .*->b-native \n\t a->(c|d) .*->b-native ", [".*->b-native", "a->(c|d)", ".*->b-native"]),
            ("", []),
            (None, []),
        ]:
            with self.subTest(value):
                self.assertEqual(capture.settings_row(value, None)["excluded_sysroots"], expected)

    def test_outhashes_hold_depids_of_sysroots_where_the_function_for_it_is_called(self):
        for functions, expected in [
            ("sstate_hardcode_path target_add_sysroot_deps", "oe-core"),
            ("sstate_hardcode_path", "none"),
            ("own_target_add_sysroot_deps", "none"),
            (None, "none"),
        ]:
            with self.subTest(functions):
                self.assertEqual(capture.settings_row(None, functions)["outhash_extra"], expected)


class HardDependencies(unittest.TestCase):
    PROVIDERS = {"a": ["/a.bb"], "both": ["/a.bb", "/b.bb"], "nobody": [], "unknown": [None]}
    PRESENT = {"/a.bb:do_x", "/b.bb:do_x"}

    def found(self, *depends):
        return capture.hard_dependencies(depends, self.PROVIDERS, self.PRESENT)

    def test_are_on_a_task_whether_it_is_named_with_setscene_or_without(self):
        self.assertEqual(self.found(("a", "do_x")), ({"/a.bb:do_x"}, set()))
        self.assertEqual(self.found(("a", "do_x_setscene")), ({"/a.bb:do_x"}, set()))

    def test_are_on_the_first_of_several_providers(self):
        self.assertEqual(self.found(("both", "do_x"), ("a", "do_x")), ({"/a.bb:do_x"}, set()))

    def test_are_passed_over_where_the_build_has_no_recipe_of_that_name(self):
        self.assertEqual(self.found(("elsewhere", "do_x"), ("nobody", "do_x"), ("unknown", "do_x")), (set(), set()))

    def test_are_missing_where_the_recipe_is_in_the_build_and_the_task_is_not(self):
        self.assertEqual(self.found(("a", "do_y_setscene"), ("a", "do_x")), ({"/a.bb:do_x"}, {"/a.bb:do_y"}))


class Lines(unittest.TestCase):
    def test_a_variable_that_tasks_share_has_one_line_above_the_first_of_them(self):
        own, shared = ("do_x", None, ["A"]), ("A", "text", [])
        lines = [
            json.loads(line)
            for line in capture.capture_lines(
                {"tool": "t"},
                {"outhash_extra": "none"},
                [],
                [],
                [({"tid": "a"}, [shared, own]), ({"tid": "b"}, [shared]), ({"tid": "c"}, None)],
            )
        ]
        header = {"format": "depid-capture/1", "tool": "t", "unknown": [], "assumed": []}
        self.assertEqual(lines[0], {**header, "settings": {"outhash_extra": "none"}})
        self.assertEqual(
            lines[1:],
            [
                {"variable": ["A", "text", []]},
                {"variable": ["do_x", None, ["A"]]},
                {"task": {"tid": "a", "variables": [0, 1]}},
                {"task": {"tid": "b", "variables": [0]}},
                {"task": {"tid": "c"}},
                {"end": {"tasks": 3, "variables": 2}},
            ],
        )


class Writing(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_plain_or_gzip_by_its_name_with_equal_bytes_for_equal_lines(self):
        for name, read in [("new/a.jsonl", open), ("new/a.jsonl.gz", gzip.open)]:
            capture.write_lines(self.path(name), ["1", "ä"])
            with read(self.path(name), "rb") as file:
                self.assertEqual(file.read().decode("utf-8"), "1\nä\n")
        with open(self.path("new/a.jsonl.gz"), "rb") as file:
            before = file.read()
        capture.write_lines(self.path("new/a.jsonl.gz"), ["1", "ä"])
        with open(self.path("new/a.jsonl.gz"), "rb") as file:
            self.assertEqual(file.read(), before)

    def test_the_file_is_there_whole_or_as_it_was(self):
        def failing():
            yield "new"
            raise KeyError("a row that cannot be made")

        capture.write_lines(self.path("a.jsonl"), ["old"])
        with self.assertRaises(KeyError):
            capture.write_lines(self.path("a.jsonl"), failing())
        with open(self.path("a.jsonl"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "old\n")
        self.assertEqual(os.listdir(self.folder.name), ["a.jsonl"])


if __name__ == "__main__":
    unittest.main()
