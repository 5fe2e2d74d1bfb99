import { outHashBasic } from "@depid/sstate";
import { EQUIV_HANDLER } from "../signature-handler.ts";
import { ConfData, type ConfSetting, type OverrideSyntax } from "./data.ts";
import { joinPath, normalizePath } from "./python.ts";
import { isBefore } from "./releases.ts";
import { type ConfStatement, isConfName, parseConf } from "./statement.ts";

/** What a file or folder of the configuration is: its text, or why there is none. */
export type ConfFile = { readonly text: string } | { readonly problem: "missing" | string };

/** The files that BitBake would read; a port, so that the rules can be tried without any. */
export interface ConfFiles {
  read(path: string): ConfFile;
  isFolder(path: string): boolean;
  /** Names of the files in a folder; none if there is no such folder. */
  list(folder: string): readonly string[];
  /** What `os.uname()` calls the processor: `x86_64`. */
  readonly machine: string;
}

/** A file that the build names and that was not read. */
export interface UnreadConf {
  /** As written, references followed where they could be. */
  readonly file: string;
  /** File and line. */
  readonly from: string;
  /**
   * `missing`: it is nowhere that BitBake looks, and BitBake ends with an error. `unread`: it may be there, and was not read.
   * `optional`: it is not where we look, may lie in a layer that we do not know, and is passed over by BitBake if it is not there.
   * `aside`: it lies beside the configuration and nothing includes it: BitBake reads it if it is told to when it starts (`--read`).
   */
  readonly kind: "missing" | "unread" | "optional" | "aside";
  /** Why, in a few words. */
  readonly problem: string;
}

/** A line of the configuration that BitBake ends with an error for. */
export interface UnparsedConf {
  readonly text: string;
  /** What is wrong with it, in a few words. */
  readonly problem: string;
  /** File and line. */
  readonly from: string;
}

/** What the configuration of a build directory says. */
export interface BuildConf {
  /** Value of a variable, and what it depends on. */
  get(variable: string): ConfSetting;
  /** Files of the build directory that were read, in order. */
  readonly files: readonly string[];
  readonly unread: readonly UnreadConf[];
  readonly unparsed: readonly UnparsedConf[];
  /** OE-Core's `bitbake.conf`, if the layers name one: defaults are then that release's. */
  readonly core: string | undefined;
  /** LAYERSERIES_CORENAMES of that. */
  readonly release: string | undefined;
  /** Whether a layer that was found has a class. */
  hasClass(name: string): boolean;
  /** Whether a place such as `conf/local.conf:3` is in the build directory: somebody wrote it for this build. */
  isOwn(from: string): boolean;
}

/** Files of a build directory that `bitbake.conf` includes, in its order. */
const OWN = ["conf/site.conf", "conf/auto.conf", "conf/toolcfg.conf", "conf/local.conf"];
/** Files in `conf` that are none of a build's configuration: devtool's own, and those of a build directory that is a layer too. */
const OF_OTHERS: ReadonlySet<string> = new Set(["devtool.conf", "layer.conf"]);
const MAX_INCLUDES = 40;
/** Where a release keeps its outputs and memory, if its files do not say: the same in all releases. */
const LAYOUT = `
TMPDIR ?= "\${TOPDIR}/tmp"
PERSISTENT_DIR ?= "\${TOPDIR}/cache"
STAMPS_DIR ?= "\${TMPDIR}/stamps"
SSTATE_DIR ?= "\${TOPDIR}/sstate-cache"
`;
/** OE-Core of 2026, as far as it matters here: what it sets before and after the files of the build directory. */
const BEFORE = `
TMPDIR ?= "\${TOPDIR}/tmp"
PERSISTENT_DIR = "\${TOPDIR}/cache"
STAMPS_DIR ?= "\${TMPDIR}/stamps"
DISTRO ??= "nodistro"
MACHINEOVERRIDES ?= "\${MACHINE}"
DISTROOVERRIDES ?= "\${DISTRO}"
OVERRIDES = "linux:\${MACHINEOVERRIDES}:\${DISTROOVERRIDES}:class-target:forcevariable"
`;
const AFTER = `
SSTATE_DIR ?= "\${TOPDIR}/sstate-cache"
BB_SIGNATURE_HANDLER ?= "${EQUIV_HANDLER}"
BB_HASHSERVE ??= "auto"
SSTATE_HASHEQUIV_METHOD ?= "${outHashBasic.name}"
SSTATE_VERSION = "14"
`;

export interface ReadBuildOptions {
  /** Values that somebody knows better, by their names in BitBake. */
  readonly given: ReadonlyMap<string, string>;
  /** Variables that BitBake takes from its environment: they are set before all files are read. */
  readonly environment?: ReadonlyMap<string, string>;
  /** Name of a multiconfig; "" for the build's own configuration. */
  readonly multiconfig?: string;
}

/**
 * Reads the configuration of a build directory as BitBake does: `conf/bblayers.conf`, `conf/layer.conf` of each layer, `bitbake.conf` and what it
 * includes, classes in INHERIT. Without `bblayers.conf` the files of the build directory alone, between defaults of OE-Core of 2026.
 *
 * @param topdir absolute path of the build directory
 */
export function readBuildConf(topdir: string, files: ConfFiles, options: ReadBuildOptions): BuildConf {
  return new Reader(topdir, files, options).run();
}

class Reader {
  readonly #topdir: string;
  readonly #files: ConfFiles;
  readonly #multiconfig: string;
  readonly #data: ConfData;
  readonly #read: string[] = [];
  readonly #unread = new Map<string, UnreadConf>();
  readonly #unparsed = new Map<string, UnparsedConf>();
  readonly #classes = new Set<string>();
  /** Whether each layer that the build names is there. */
  #hasLayers = false;
  /** Layers whose `layer.conf` does not put them into BBPATH; looked at last. */
  readonly #layers: string[] = [];
  #depth = 0;

  constructor(topdir: string, files: ConfFiles, { given, environment, multiconfig = "" }: ReadBuildOptions) {
    this.#topdir = topdir;
    this.#files = files;
    this.#multiconfig = multiconfig;
    this.#data = new ConfData(new Map([["TOPDIR", topdir], ...given]));
    for (const [name, value] of environment ?? []) this.#data.assign(name, "=", value, "environment");
  }

  run(): BuildConf {
    this.#data.syntax = "unknown";
    const bblayers = this.#files.read(joinPath(this.#topdir, "conf/bblayers.conf"));
    if ("text" in bblayers) this.#readLayers();
    else {
      this.#data.assign("BBPATH", "=", this.#topdir, "default");
      if (bblayers.problem !== "missing")
        this.#miss("conf/bblayers.conf", "conf/bblayers.conf", "unread", bblayers.problem);
    }
    const core = "text" in bblayers ? this.#findInPath("conf/bitbake.conf") : undefined;
    if ("text" in bblayers && core === undefined && this.#unread.size === 0)
      this.#miss("conf/bitbake.conf", "conf/bblayers.conf", "missing", "no layer of BBLAYERS has it");
    const release = this.#data.get("LAYERSERIES_CORENAMES").value || undefined;
    if (core !== undefined) this.#data.syntax = syntaxOf(release);
    const usual = isBefore("nameless default", release, "some") ? "default" : "";
    this.#data.assign("BB_CURRENT_MC", "=", this.#multiconfig || usual, "default");
    if (core === undefined) this.#readOwn(BEFORE, AFTER);
    else {
      this.#data.isComplete = this.#hasLayers;
      this.#readCore(core);
    }
    this.#readClasses();
    this.#lookBeside();
    return {
      get: (variable) => this.#data.get(variable),
      files: this.#read.filter((file) => !file.startsWith("/")),
      unread: [...this.#unread.values()],
      unparsed: [...this.#unparsed.values()],
      core,
      release,
      hasClass: (name) => this.#findClass(`${name}.bbclass`) !== undefined,
      isOwn: (from) => from !== "default" && !from.startsWith("/"),
    };
  }

  #lookBeside(): void {
    for (const name of this.#files.list(joinPath(this.#topdir, "conf"))) {
      const file = `conf/${name}`;
      if (!name.endsWith(".conf") || OF_OTHERS.has(name) || this.#read.includes(file)) continue;
      if (name.startsWith("toaster"))
        this.#miss(file, file, "unread", "Toaster has BitBake read it before all others (--read)");
      else this.#miss(file, file, "aside", "no file that was read includes it");
    }
  }

  #readLayers(): void {
    this.#take("conf/bblayers.conf", joinPath(this.#topdir, "conf/bblayers.conf"));
    const { value, from, doubts } = this.#data.get("BBLAYERS");
    this.#hasLayers = value !== undefined && value !== "" && doubts.length === 0;
    if (value === undefined || doubts.length > 0)
      this.#miss("layers (BBLAYERS)", from, "unread", doubts[0] ?? "not known");
    for (const layer of (value ?? "").split(/\s+/).filter((word) => word !== "")) {
      const folder = layer.replace(/\/+$/, "");
      const conf = joinPath(folder, "conf/layer.conf");
      const found = this.#files.read(conf);
      if ("text" in found) {
        this.#data.assign("LAYERDIR", "=", folder, from);
        this.#run(withLayerDir(parseConf(found.text, this.#nameOf(conf)), folder), conf);
        if (!this.#path().includes(folder)) this.#layers.push(folder);
        continue;
      }
      this.#hasLayers = false;
      const isThere = this.#files.isFolder(folder);
      this.#miss(isThere ? conf : folder, from, "unread", isThere ? found.problem : "the layer is not on this machine");
    }
  }

  /** A `bitbake.conf` that does not include the build's own files is an excerpt: they are read before what gives way to them. */
  #readCore(core: string): void {
    const found = this.#files.read(core);
    if (!("text" in found)) {
      this.#miss(core, "conf/bblayers.conf", "unread", found.problem);
      return;
    }
    const statements = parseConf(found.text, this.#nameOf(core));
    if (statements.some((one) => "files" in one && one.files.split(/\s+/).includes("conf/local.conf"))) {
      this.#run(statements, core);
    } else {
      const isWeak = (one: ConfStatement) => one.kind === "assign" && /\?=$/.test(one.operator);
      this.#run(
        statements.filter((one) => !isWeak(one)),
        core,
      );
      this.#readOwn("", "");
      this.#run(statements.filter(isWeak), core);
    }
    this.#run(parseConf(LAYOUT, "default").map(asDefault), core);
  }

  #readOwn(before: string, after: string): void {
    this.#run(parseConf(before, "default").map(asDefault), "");
    for (const file of OWN) {
      const found = this.#files.read(joinPath(this.#topdir, file));
      if ("text" in found) this.#take(file, joinPath(this.#topdir, file));
      else if (found.problem !== "missing") this.#miss(file, file, "unread", found.problem);
    }
    if (this.#multiconfig !== "") {
      this.#include(
        `conf/multiconfig/${this.#multiconfig}.conf`,
        true,
        "BBMULTICONFIG",
        joinPath(this.#topdir, "conf/x"),
      );
    }
    const fragments = this.#data.get("OE_FRAGMENTS").value ?? "";
    if (fragments.trim() !== "" && before !== "") {
      this.#miss(`fragments ${fragments.trim()}`, this.#data.get("OE_FRAGMENTS").from, "unread", "no layers are named");
    }
    this.#run(parseConf(after, "default").map(asDefault), "");
  }

  /** Classes that the configuration inherits may set variables, too. */
  #readClasses(): void {
    if (this.#findClass("base.bbclass") !== undefined) this.#inherit("base", "default"); // always, and first
    const { value = "", from } = this.#data.get("INHERIT");
    for (const name of value.split(/\s+/)) if (name !== "") this.#inherit(name, from);
  }

  #inherit(name: string, from: string): void {
    if (this.#classes.has(name)) return;
    this.#classes.add(name);
    const file = name.endsWith(".bbclass") ? name : `${name}.bbclass`;
    const path = this.#findClass(file);
    if (path !== undefined) this.#take(this.#nameOf(path), path);
    else if (this.#hasLayers) this.#miss(file, from, "missing", "no such class in the layers");
    else if (!HARMLESS.has(name)) this.#miss(file, from, "unread", "the class is in a layer that is not known here");
  }

  #findClass(file: string): string | undefined {
    const places = file.includes("/")
      ? [file]
      : [`classes-global/${file}`, `classes/${file}`, `classes-recipe/${file}`];
    return places.map((place) => this.#findInPath(place)).find((found) => found !== undefined);
  }

  #take(name: string, path: string): void {
    const found = this.#files.read(path);
    if (!("text" in found)) return;
    this.#read.push(name);
    this.#run(parseConf(found.text, name), path);
  }

  #run(statements: readonly ConfStatement[], path: string): void {
    if (this.#depth > MAX_INCLUDES) return;
    this.#depth += 1;
    for (const statement of statements) this.#evaluate(statement, path);
    this.#depth -= 1;
  }

  #evaluate(statement: ConfStatement, path: string): void {
    const { from } = statement;
    switch (statement.kind) {
      case "assign":
        this.#data.assign(statement.key, statement.operator, this.#withMachine(statement.value), from);
        return;
      case "unparsed":
        this.#unparsed.set(from, { text: statement.text, problem: statement.problem, from });
        return;
      case "unset":
        this.#data.unset(statement.key);
        return;
      case "fragments":
        this.#addFragments(statement.words, from, path);
        return;
      case "inherit":
        for (const name of this.#wordsOf(statement.files, from)) this.#inherit(name, from);
        return;
      case "include_all":
        for (const name of this.#wordsOf(statement.files, from)) {
          for (const folder of this.#path()) {
            if ("text" in this.#files.read(joinPath(folder, name)))
              this.#include(joinPath(folder, name), false, from, path);
          }
        }
        return;
      default:
        for (const name of this.#wordsOf(statement.files, from)) {
          this.#include(name, statement.kind === "require", from, path);
        }
    }
  }

  #withMachine(text: string): string {
    return text.replaceAll(`\${@os.uname()[4]}`, () => this.#files.machine);
  }

  #wordsOf(text: string, from: string): readonly string[] {
    const expanded = this.#data.expand(text);
    if (expanded === undefined) {
      this.#miss(text, from, "unread", "its name is not known here");
      return [];
    }
    return expanded.split(/\s+/).filter((word) => word !== "");
  }

  #include(name: string, isRequired: boolean, from: string, path: string): void {
    const places = name.startsWith("/")
      ? [name]
      : [path.replace(/\/[^/]*$/, ""), ...this.#path()].map((at) => joinPath(at, name));
    for (const place of places) {
      const found = this.#files.read(place);
      if ("text" in found) {
        if (!isConfName(place)) {
          const problem = "expected a file named .conf or .inc: BitBake reads no other";
          this.#unparsed.set(from, { text: name, problem, from });
        } else if (normalizePath(place) !== normalizePath(path)) this.#take(this.#nameOf(place), place);
        return;
      }
      if (found.problem !== "missing") {
        this.#miss(name, from, "unread", found.problem);
        return;
      }
    }
    const isKnown = this.#hasLayers || name.startsWith("/");
    if (isRequired) {
      if (isKnown) this.#miss(name, from, "missing", "no such file");
      else
        this.#miss(
          name,
          from,
          "unread",
          "it is not beside the configuration, and may be in a layer that is not known here",
        );
    } else if (!isKnown) {
      this.#miss(
        name,
        from,
        "optional",
        "it is not beside the configuration; BitBake passes over it if it is in no layer",
      );
    }
  }

  /** Fragments are files of layers, named `<layer>/<path>`; some set a variable, as `machine/qemux86-64`. */
  #addFragments([prefix = "", list = "", , builtin = ""]: readonly string[], from: string, path: string): void {
    const { value, from: listed } = this.#data.get(list);
    if (value === undefined) {
      this.#miss(`fragments (${list})`, listed, "unread", "its value is not known here");
      return;
    }
    const settings = new Map(
      (this.#data.get(builtin).value ?? "").split(/\s+/).map((pair) => pair.split(":") as [string, string]),
    );
    for (const fragment of value.split(/\s+/).filter((word) => word !== "")) {
      const [head = "", ...rest] = fragment.split("/");
      const variable = settings.get(head);
      if (variable !== undefined) {
        this.#data.assign(variable, "=", rest.join("/"), listed);
        continue;
      }
      const folder = this.#data.expand(prefix) ?? prefix;
      const found = this.#findInPath(`${folder}/${rest.join("/")}.conf`);
      if (found !== undefined) this.#take(this.#nameOf(found), found);
      else this.#include(`${folder}/${rest.join("/")}.conf`, true, from, path);
    }
  }

  #path(): readonly string[] {
    return (this.#data.expand(this.#data.get("BBPATH").value ?? "") ?? this.#topdir)
      .split(":")
      .filter((at) => at !== "");
  }

  #findInPath(name: string): string | undefined {
    return [...this.#path(), ...this.#layers]
      .map((folder) => joinPath(folder, name))
      .find((path) => "text" in this.#files.read(path));
  }

  /** Files of the build directory go by their path in it. */
  #nameOf(path: string): string {
    const normal = normalizePath(path);
    return normal.startsWith(`${this.#topdir}/`) ? normal.slice(this.#topdir.length + 1) : normal;
  }

  #miss(file: string, from: string, kind: UnreadConf["kind"], problem: string): void {
    if (!this.#unread.has(file)) this.#unread.set(file, { file, from, kind, problem });
  }
}

/** Classes of OE-Core that people inherit in `local.conf` and that set nothing that is asked here. */
const HARMLESS = new Set(
  "rm_work buildhistory buildstats buildstats-summary image-buildinfo own-mirrors ccache create-spdx cve-check testimage toaster archiver".split(
    " ",
  ),
);

function syntaxOf(release: string | undefined): OverrideSyntax {
  return release === undefined ? "unknown" : isBefore("colons", release, "some") ? "underscore" : "colon";
}

function asDefault(statement: ConfStatement): ConfStatement {
  return { ...statement, from: "default" };
}

/** A layer's own LAYERDIR, in its `layer.conf` alone. */
function withLayerDir(statements: readonly ConfStatement[], folder: string): readonly ConfStatement[] {
  return statements.map((one) =>
    one.kind === "assign" ? { ...one, value: one.value.replaceAll(`\${LAYERDIR}`, () => folder) } : one,
  );
}
