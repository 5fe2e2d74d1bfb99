# SPDX-License-Identifier: MIT
"""
Has BitBake write which tasks a build ran, restored and only stamped: a build log, where DEPID_BUILD_LOG names its file.

Everything comes from the events of the run queue, which BitBake hands to event handlers of layers in the server. The file is made
at the first of them, so that -S, -g, -e and builds that fail before write nothing, and neither does -n.
"""

import datetime
import os
import time

import bb
import bb.event
import bb.runqueue
import bb.siggen

from . import capture
from .build_log import BuildLog

HANDLER = "depid_build_log"
EVENTS = [
    "bb.event.BuildInit",
    "bb.event.BuildStarted",
    "bb.event.BuildCompleted",
    "bb.runqueue.runQueueTaskStarted",
    "bb.runqueue.runQueueTaskCompleted",
    "bb.runqueue.runQueueTaskFailed",
    "bb.runqueue.runQueueTaskSkipped",
    "bb.runqueue.sceneQueueTaskStarted",
    "bb.runqueue.sceneQueueTaskCompleted",
    "bb.runqueue.sceneQueueTaskFailed",
]


class Recorder:
    """An event handler that keeps the log of one build at a time."""

    dry_run = False

    def __init__(self):
        self.log = None
        self.file = None
        self.targets = ()

    def __call__(self, event, data):
        try:
            self._take(event, data)
        except OSError as error:
            bb.error("DEPID_BUILD_LOG: cannot write %s: %s" % (self.file, error))
            self.file = self.log = None

    def _take(self, event, data):
        if isinstance(event, bb.event.BuildInit):
            self.targets = event.getPkgs()  # as they were asked for; BuildStarted has those of configurations twice
        elif isinstance(event, bb.event.BuildStarted):
            self._prepare(event, data)
        elif isinstance(event, bb.event.BuildCompleted):
            if self.log is not None:
                self.log.close(bool(event._interrupted))
            self.file = self.log = None
        elif self.file is not None and not self.dry_run:
            if self.log is None:
                self.log = BuildLog(self.file, self.header)
            self._record(event)

    def _prepare(self, event, data):
        if self.log is not None:
            self.log.abandon()
        self.file = self.log = None
        file = data.getVar("DEPID_BUILD_LOG")
        if not file:
            return
        self.file = os.path.join(data.getVar("TOPDIR"), file)
        self.prefixes = capture.layer_prefixes((data.getVar("BBLAYERS") or "").split())
        self.header = {
            "tool": "meta-depid, bitbake " + bb.__version__,
            "machine": data.getVar("MACHINE") or "",
            "handler": bb.parse.siggen.name,
            "target": " ".join(sorted(target.removesuffix(":do_build") for target in self.targets or event.getPkgs())),
            "started": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds"),
        }

    def _record(self, event):
        now = time.time()
        tid = capture.relative_tid(event.taskid, self.prefixes)
        restore = isinstance(event, bb.runqueue.sceneQueueEvent)
        if isinstance(event, (bb.runqueue.runQueueTaskStarted, bb.runqueue.sceneQueueTaskStarted)):
            self.log.begin(tid, now, restore, event.noexec and not restore)
        elif not isinstance(event, bb.runqueue.runQueueTaskSkipped):
            failed = isinstance(event, (bb.runqueue.runQueueTaskFailed, bb.runqueue.sceneQueueTaskFailed))
            self.log.end(tid, now, restore, failed, **facts_of(event))


def facts_of(event):
    """Names and hashes of the task of an event; the depid as the build had it when the task ended."""
    config, _, task, mcfn = bb.runqueue.split_tid_mcfn(event.taskid)
    siggen = bb.parse.siggen
    return {
        "pn": siggen.datacaches[config].pkg_fn[mcfn],
        "task": task,
        "taskhash": event.taskhash,
        "depid": siggen.get_unihash(event.taskid),
    }


def watching(begin):
    """RunQueue's constructor, which alone is told whether the build is a dry run: its events are the same."""

    def __init__(self, cooker, *args, **kwargs):
        Recorder.dry_run = cooker.configuration.dry_run
        begin(self, cooker, *args, **kwargs)

    return __init__


def recording_init(find):
    """BitBake's function that makes the generator: it is called whenever the configuration was read, with handlers forgotten."""

    def init(data):
        if data.getVar("DEPID_BUILD_LOG") and not data.getVar("BB_WORKERCONTEXT", False):
            bb.event.register(HANDLER, Recorder(), EVENTS, data=data)
        return find(data)

    return init


bb.siggen.init = recording_init(bb.siggen.init)
bb.runqueue.RunQueue.__init__ = watching(bb.runqueue.RunQueue.__init__)
