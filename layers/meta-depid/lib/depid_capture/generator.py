# SPDX-License-Identifier: MIT
"""
Has BitBake's signature generator, whichever BB_SIGNATURE_HANDLER names, write a capture when all tasks are hashed.

Everything goes through the methods by which the run queue asks for hashes: they are told all dependencies, see each depid that
enters a taskhash, and the last of them is called once per preparation, in every kind of run (build, -n, -S, -g). Only the
dependencies of setscene tasks are never told, as they enter no hash: for these the preparation itself is asked.
"""

import os

import bb
import bb.runqueue
import bb.siggen

from . import capture


class Capturing:
    """Stands before a signature generator class, and changes nothing of what it answers."""

    def __init__(self, data):
        super().__init__(data)
        self.start_capturing(data)

    def start_capturing(self, data):
        file = data.getVar("DEPID_CAPTURE")  # unset by now if the configuration was read again
        self.capture_file = os.path.join(data.getVar("TOPDIR"), file) if file else None
        self.capture_wants_variables = bb.utils.to_boolean(data.getVar("DEPID_CAPTURE_VARIABLES"))
        self.capture_origin = {
            "tool": "meta-depid, bitbake " + bb.__version__,
            "machine": data.getVar("MACHINE") or "",
            "handler": self.name,
        }
        # Of the base configuration: BitBake asks that one for the tasks of all configurations.
        self.capture_settings = capture.settings_row(
            data.getVar("SSTATE_EXCLUDEDEPS_SYSROOT"), data.getVar("SSTATECREATEFUNCS")
        )
        self.capture_run = None
        self.capture_stamps = data.getVar("STAMPS_DIR") or ""
        self.capture_prefixes = capture.layer_prefixes((data.getVar("BBLAYERS") or "").split())
        self._forget_tasks()

    def _forget_tasks(self):
        self.capture_deps = {}
        self.capture_entered = {}
        self.capture_depids = {}
        self.capture_asked = {}
        self.capture_caches = None

    def set_setscene_tasks(self, setscene_tasks):
        self._forget_tasks()
        super().set_setscene_tasks(setscene_tasks)

    def prep_taskhash(self, tid, deps, dataCaches):
        self.capture_deps[tid] = set(deps)
        self.capture_caches = dataCaches
        return super().prep_taskhash(tid, deps, dataCaches)

    def get_taskhash(self, tid, deps, dataCaches):
        self.capture_asked = {}
        taskhash = super().get_taskhash(tid, deps, dataCaches)
        self.capture_entered[tid] = self.capture_asked
        return taskhash

    def get_unihash(self, tid):
        depid = super().get_unihash(tid)
        self.capture_asked[tid] = depid
        return depid

    def get_unihashes(self, tids):
        depids = super().get_unihashes(tids)
        self.capture_depids.update(depids)
        return depids

    def writeout_file_checksum_cache(self):
        super().writeout_file_checksum_cache()
        if self.capture_file is None or self.capture_caches is None:
            return
        try:
            capture.write_lines(self.capture_file, self._capture_lines())
        except OSError as error:
            bb.error("DEPID_CAPTURE: cannot write %s: %s" % (self.capture_file, error))
        else:
            bb.note("Capture of %s tasks: %s" % (len(self.capture_deps), self.capture_file))
        self._forget_tasks()

    def _capture_lines(self):
        unknown, assumed = [], []
        with_variables = self.capture_wants_variables and self._has_variables()
        if self.capture_wants_variables and not with_variables:
            unknown.append("variables: BitBake keeps them for -S only")
        locked = sum(1 for listed in getattr(self, "lockedhashes", {}).values() if listed)
        if locked:
            assumed.append("depids of %s tasks with locked signatures are those listed; their taskhashes are computed" % locked)
        stamps = self._stamps_directories()
        for config in sorted(config for config, directory in stamps.items() if directory is None):
            unknown.append('stamps directory of configuration "%s": stamps are absolute' % config)
        names = {tid: capture.relative_tid(tid, self.capture_prefixes) for tid in self.capture_deps}
        harddeps, missing = self._hard_dependencies()
        for tid in sorted(missing):
            unknown.append("hard dependency on %s, which is no task of this build: BitBake refuses it" % tid)
        tasks = (
            (self._row(tid, names, stamps, harddeps.get(tid, ())), self._variables(tid) if with_variables else None)
            for tid in sorted(names, key=names.get)
        )
        origin = {**self.capture_origin, "target": self._targets()}
        return capture.capture_lines(origin, self.capture_settings, unknown, assumed, tasks)

    def _row(self, tid, names, stamps, harddeps):
        config, _, task, mcfn = bb.runqueue.split_tid_mcfn(tid)
        cache = self.capture_caches[config]
        flags = cache.task_deps[mcfn]
        hashdeps = [dep for _, dep in sorted(self.runtaskdeps[tid])]
        entered = self.capture_entered[tid]
        row = {
            "tid": names[tid],
            "pn": cache.pkg_fn[mcfn],
            "task": task,
            "version": "%s:%s-%s" % cache.pkg_pepvpr[mcfn],
            "basehash": self.basehash[tid],
            "hashdeps": [names[dep] for dep in hashdeps],
            "execdeps": sorted(names[dep] for dep in self.capture_deps[tid]),
            "files": capture.file_rows(self.file_checksum_values[tid]),
            "setscene": task + "_setscene" in flags["tasks"],
            "nostamp": task in flags.get("nostamp", ()),
            "stamp": cache.stamp[mcfn].removeprefix(stamps[config] or ""),
            "hashfn": cache.hashfn[mcfn] or "",
            "taskhash": self.taskhash[tid],
            "depid": self.capture_depids[tid],
            # A task with a locked signature may have hashed nothing.
            "hashed_depids": [entered.get(dep) or self.capture_depids[dep] for dep in hashdeps],
        }
        if harddeps:
            row["harddeps"] = sorted(names[dep] for dep in harddeps)
        if tid in self.taints:
            row["taint"] = self.taints[tid]
        if task in flags.get("noexec", ()):
            row["noexec"] = True
        if getattr(self, "lockedhashes", {}).get(tid):
            row["locked"] = True
        extra = cache.stamp_extrainfo[mcfn].get(task)
        if extra:
            row["stamp_extra"] = extra
        return row

    def _hard_dependencies(self):
        """Hard dependencies by tid; and, as they are named in a capture, those that are not in the build."""
        run = self.capture_run
        present = set(self.capture_deps)
        found, missing = {}, set()
        for tid in run.runq_setscene_tids:
            data = run.taskData[bb.runqueue.split_tid_mcfn(tid)[0]]
            depends = data.taskentries[tid + "_setscene"].idepends
            found[tid], gone = capture.hard_dependencies(depends, data.build_targets, present)
            missing |= {capture.relative_tid(dep, self.capture_prefixes) for dep in gone}
        return found, missing

    def _has_variables(self):
        return all(getattr(cache, "siggen_varvals", None) for cache in self.capture_caches.values())

    def _variables(self, tid):
        config, _, task, mcfn = bb.runqueue.split_tid_mcfn(tid)
        cache = self.capture_caches[config]
        values, deps = cache.siggen_varvals[mcfn], cache.siggen_gendeps[mcfn]
        for name in sorted({task, *cache.siggen_taskdeps[mcfn][task]}):
            value = values[name]
            yield name, value if value is None else str(value), sorted(deps[name])

    def _stamps_directories(self):
        stamps = {}
        for tid in self.capture_deps:
            config, _, _, mcfn = bb.runqueue.split_tid_mcfn(tid)
            stamps.setdefault(config, set()).add(self.capture_caches[config].stamp[mcfn])
        return {config: capture.stamps_directory(sorted(found), self.capture_stamps) for config, found in stamps.items()}

    def _targets(self):
        """The tasks that nothing depends on, do_build left unsaid."""
        needed = set().union(*self.capture_deps.values())
        targets = []
        for tid in self.capture_deps.keys() - needed:
            config, _, task, mcfn = bb.runqueue.split_tid_mcfn(tid)
            name = ("mc:%s:" % config if config else "") + self.capture_caches[config].pkg_fn[mcfn]
            targets.append(name if task == "do_build" else name + ":" + task)
        return " ".join(sorted(targets))


def capturing_init(find):
    """BitBake's function that makes the generator, with a capturing class where DEPID_CAPTURE names a file."""

    def init(data):
        generator = find(data)
        if not data.getVar("DEPID_CAPTURE") or data.getVar("BB_WORKERCONTEXT", False):
            return generator
        kind = type(generator)
        if not isinstance(generator, bb.siggen.SignatureGeneratorBasic):
            bb.fatal('DEPID_CAPTURE: BB_SIGNATURE_HANDLER "%s" hashes no metadata: nothing to capture' % kind.name)
        generator.__class__ = type(kind.__name__, (Capturing, kind), {})
        generator.start_capturing(data)
        return generator

    return init


def capturing_prepare(prepare):
    """BitBake's method that hashes the tasks of a run, which a capturing generator is told of."""

    def prepare_and_tell(run):
        generator = bb.parse.siggen
        if not isinstance(generator, Capturing):
            return prepare(run)
        generator.capture_run = run
        try:
            return prepare(run)
        finally:
            generator.capture_run = None

    return prepare_and_tell


bb.siggen.init = capturing_init(bb.siggen.init)
bb.runqueue.RunQueueData.prepare = capturing_prepare(bb.runqueue.RunQueueData.prepare)
