import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** A change of the layer, made after all that stand before it. */
export interface MiniChange {
  /** The step's name. */
  readonly name: string;
  apply(recipes: string): Promise<void>;
}

const COMMENT = ["# the library says more", "# the library adds its note"] as const;
const NOTE = `cat \${S}/note.txt >> \${B}/made.txt\n`;
const LINE = `    echo "and a line" >> \${B}/made.txt\n`;

/** What is done to examples/meta-mini: nothing, a comment, another output at the bottom, another version, and that output as it was. */
export const MINI_CHANGES: readonly MiniChange[] = [
  { name: "begin", apply: async () => {} },
  { name: "comment-reworded", apply: (recipes) => edit(join(recipes, "minilib_1.2.bb"), ...COMMENT) },
  { name: "output-changed", apply: (recipes) => edit(join(recipes, "minilib_1.2.bb"), NOTE, NOTE + LINE) },
  {
    name: "tool-upgraded",
    apply: (recipes) => rename(join(recipes, "minitool-native_0.1.bb"), join(recipes, "minitool-native_0.2.bb")),
  },
  { name: "output-reverted", apply: (recipes) => edit(join(recipes, "minilib_1.2.bb"), LINE, "") },
];

async function edit(file: string, before: string, after: string): Promise<void> {
  const text = await readFile(file, "utf8");
  if (text.split(before).length !== 2) throw new Error(`${file}: expected once: ${before}`);
  await writeFile(
    file,
    text.replace(before, () => after),
  );
}

/** Checkouts, and where to work. */
export interface MiniPlace {
  readonly bitbake: string;
  readonly oeCore: string;
  /** A folder of one's own: layers are copied into it, builds are below it. */
  readonly folder: string;
}

/** Copies meta-mini, which changes, and meta-depid; OE-Core is used where it is. @returns the folder of recipes */
export async function copyLayers(folder: string): Promise<string> {
  for (const layer of ["examples/meta-mini", "layers/meta-depid"]) {
    await cp(join(ROOT, layer), join(folder, basename(layer)), {
      recursive: true,
      filter: (path) => !path.endsWith("/recorded"),
    });
  }
  return join(folder, "meta-mini/recipes");
}

/**
 * A build directory of `miniimage`. Of OE-Core only classes and configuration are read: its recipes, none of which is built, are masked, which saves a minute of
 * parsing. Its sanity checks are left out, since meta-mini needs none of what they look for, and since they refuse root, as whom tests run in containers.
 */
export class MiniBuilds {
  readonly directory: string;
  readonly #place: MiniPlace;
  readonly #settings: readonly string[];

  /** @param settings lines of local.conf beside those that meta-mini needs */
  constructor(place: MiniPlace, name: string, settings: readonly string[]) {
    this.directory = join(place.folder, name);
    this.#place = place;
    this.#settings = settings;
  }

  /** @returns path below the build directory */
  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** A capture of the layer as it is now, variables included; of a TMPDIR of its own, so that no build finds anything of it. */
  async capture(name: string): Promise<string> {
    await this.#configure(
      `DEPID_CAPTURE = "${name}"`,
      'DEPID_CAPTURE_VARIABLES = "1"',
      `TMPDIR = "\${TOPDIR}/nothing"`,
    );
    await this.#bitbake("-S", "none", "miniimage");
    return this.path(name);
  }

  /**
   * Builds.
   *
   * @param tmp name of TMPDIR
   * @returns recordings of the build
   */
  async build(name: string, tmp: string): Promise<{ log: string; console: string; buildstats: string }> {
    await this.#configure(`DEPID_BUILD_LOG = "${name}.build.jsonl"`, `TMPDIR = "\${TOPDIR}/${tmp}"`);
    const [log, console] = [this.path(`${name}.build.jsonl`), this.path(`${name}.console.log`)];
    await writeFile(console, await this.#bitbake("miniimage"));
    const stats = (await readdir(this.path(tmp, "buildstats"))).sort().at(-1) ?? "none";
    return { log, console, buildstats: this.path(tmp, "buildstats", stats) };
  }

  /** Ends what BitBake left running. */
  async end(): Promise<void> {
    await this.#bitbake("--kill-server").catch(() => {}); // there is none
  }

  async #configure(...settings: string[]): Promise<void> {
    const { oeCore, folder } = this.#place;
    const layers = [join(oeCore, "meta"), join(folder, "meta-mini"), join(folder, "meta-depid")];
    const needed = [
      'MACHINE = "qemux86-64"',
      'BBMASK = "/meta/recipes-"',
      `CACHE = "\${TOPDIR}/parsed"`,
      'BB_NUMBER_THREADS = "2"',
      'BB_NUMBER_PARSE_THREADS = "2"',
      'INHERIT += "buildstats"',
      'BB_NO_NETWORK = "1"',
      'CONNECTIVITY_CHECK_URIS = ""',
      'INHERIT:remove = "sanity uninative create-spdx"',
      'ASSUME_PROVIDED += "virtual/fakeroot-native"',
      'FAKEROOTCMD = "/usr/bin/env"',
      'FAKEROOTDIRS = ""',
      'FAKEROOTBASEENV = ""',
      'FAKEROOTENV = ""',
    ];
    await mkdir(this.path("conf"), { recursive: true });
    await writeFile(
      this.path("conf/bblayers.conf"),
      `BBPATH = "\${TOPDIR}"\nBBFILES = ""\nBBLAYERS = "${layers.join(" ")}"\n`,
    );
    await writeFile(this.path("conf/local.conf"), [...needed, ...this.#settings, ...settings, ""].join("\n"));
  }

  /** Runs BitBake while this process goes on, as it is the server that BitBake asks. @returns what it printed */
  async #bitbake(...args: string[]): Promise<string> {
    const PATH = `${this.#place.bitbake}/bin:${process.env.PATH}`;
    const env = { ...process.env, PATH, LANG: "en_US.UTF-8", BB_SERVER_TIMEOUT: "0" };
    const child: ChildProcess = spawn("bitbake", args, { cwd: this.directory, env });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
    const [status] = await once(child, "close");
    if (status !== 0) throw new Error(`bitbake ${args.join(" ")} in ${this.directory}: exit status ${status}\n${text}`);
    return text;
  }
}

/** Removes a folder with what BitBake built in it. */
export async function removeAll(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 }); // a server may still be writing its log
}
