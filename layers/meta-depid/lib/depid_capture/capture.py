# SPDX-License-Identifier: MIT
"""The lines of a capture, made from plain values. The format is described in docs/formats.md, depid-capture/1."""

import contextlib
import gzip
import json
import os
import tempfile

FORMAT = "depid-capture/1"


def layer_prefixes(layers):
    """What stands for each layer directory in tids: its own name, with as many parents as tell it from the other layers."""
    paths = sorted({os.path.normpath(layer) for layer in layers})
    prefixes = {}
    for path in paths:
        parts = path.split("/")
        for count in range(1, len(parts) + 1):
            tail = parts[-count:]
            if all(other == path or other.split("/")[-count:] != tail for other in paths):
                break
        prefixes[path] = "/".join(tail)
    return prefixes


def relative_recipe(path, prefixes):
    """A recipe file relative to the directory that holds its layer; unchanged where no layer has it."""
    path = os.path.normpath(path)
    inside = [layer for layer in prefixes if path.startswith(layer + "/")]
    if not inside:
        return path
    layer = max(inside, key=len)
    return prefixes[layer] + path[len(layer) :]


def relative_tid(tid, prefixes):
    """[mc:NAME:][virtual:VARIANT:]recipe-file:do_task with the recipe file relative. The file begins at the first slash."""
    head, slash, rest = tid.partition("/")
    path, _, task = (slash + rest).rpartition(":")
    return head + relative_recipe(path, prefixes) + ":" + task


def stamps_directory(stamps, default):
    """
    The directory of a configuration's stamps: the default if they are there. Another configuration may have another TMPDIR, and
    then it is the innermost directory called stamps that holds them all; None if there is none.
    """
    default = default.rstrip("/") + "/"
    if all(stamp.startswith(default) for stamp in stamps):
        return default
    head, found, _ = (os.path.commonpath(stamps) + "/").rpartition("/stamps/")
    return head + found if found else None


def file_rows(checksums):
    """
    File checksums as they are hashed: [name, checksum] by code point of the name, which is ./rest below a checksummed directory
    and the base name otherwise; null for a file that is missing.
    """
    rows = []
    for path, checksum in checksums:
        name = "./" + path.split("/./")[1] if "/./" in path else os.path.basename(path)
        rows.append([name, checksum or None])
    return sorted(rows, key=lambda row: row[0])


def settings_row(excluded_sysroots, create_functions):
    """
    What of the configuration decides beside the tasks.

    excluded_sysroots: SSTATE_EXCLUDEDEPS_SYSROOT, None where it is not set. create_functions: SSTATECREATEFUNCS, likewise: among
    them OE-Core has, since February 2022 and for every recipe, the one that puts the depids of sysroots into outhashes.
    """
    extra = "target_add_sysroot_deps" in (create_functions or "").split()
    return {"excluded_sysroots": (excluded_sysroots or "").split(), "outhash_extra": "oe-core" if extra else "none"}


def hard_dependencies(depends, providers, present):
    """
    The tids on which restoring a task depends, as BitBake finds them: what no recipe of the build provides is passed over, and of
    several providers the first counts.

    depends: (name, task) pairs of do_x_setscene[depends]; the task may have _setscene at its end or not. providers: recipe files
    by the name that they provide. present: the tids of the build. Returns (tids, missing): missing are those that are not in the
    build though their recipe is: BitBake ends with an error there, after the capture is written.
    """
    found = set()
    for name, task in depends:
        files = providers.get(name)
        if files and files[0] is not None:
            found.add(files[0] + ":" + task.replace("_setscene", ""))
    return found & present, found - present


def capture_lines(origin, settings, unknown, assumed, tasks):
    """
    The lines of a capture, without their ends.

    settings: as settings_row makes them. tasks: (row, variables) pairs; variables are (name, value or None, names) by code point
    of the name, or None where they are not known.
    """
    yield _json({"format": FORMAT, **origin, "unknown": unknown, "assumed": assumed, "settings": settings})
    positions = {}
    count = 0
    for row, variables in tasks:
        if variables is not None:
            row["variables"] = []
            for name, value, names in variables:
                line = _json({"variable": [name, value, names]})
                if line not in positions:
                    positions[line] = len(positions)
                    yield line
                row["variables"].append(positions[line])
        count += 1
        yield _json({"task": row})
    yield _json({"end": {"tasks": count, "variables": len(positions)}})


def write_lines(path, lines):
    """Writes a file of lines (gzip when its name ends in .gz); the file is there whole or not at all."""
    folder = os.path.dirname(path)
    os.makedirs(folder, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=folder, prefix="." + os.path.basename(path) + ".")
    try:
        with contextlib.ExitStack() as files:
            out = files.enter_context(open(descriptor, "wb"))
            if path.endswith(".gz"):
                out = files.enter_context(gzip.GzipFile("", "wb", 6, out, mtime=0))
            for line in lines:
                out.write(line.encode("utf-8") + b"\n")
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _json(value):
    return json.dumps(value, separators=(",", ":"))
