import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseError } from "@depid/bitbake";
import {
  attachServer,
  findDamage,
  hasStamps,
  isOpenElsewhere,
  listSstate,
  quickCheck,
  readTaskHash,
  type ServerTables,
} from "@depid/bitbake/fs";
import type { HashClient } from "@depid/hashserv-client";
import { partOfObject, type SstateFileKind } from "@depid/sstate";
import type { DatabaseFile } from "../database.ts";
import { examine, type Observations, type OtherConfiguration } from "../examine.ts";
import type { Sighting } from "../finding.ts";
import { DoctorInputError } from "../input-error.ts";
import type { DoctorReport } from "../report.ts";
import { USUAL as USUAL_METHOD } from "../rules/table-rules.ts";
import type { SettingsSeen } from "../settings.ts";
import { type SstateSurvey, SstateSurveyor } from "../sstate-survey.ts";
import { type Asked, type AskOptions, askServer } from "./ask-server.ts";
import { type BuildSettings, isBuildDir, isInside, readBuildSettings } from "./build-settings.ts";
import { lookAtMirrors } from "./look-at-mirrors.ts";
import { queryJoin } from "./query-join.ts";
import { collectDepids, findCollection, queryTables } from "./query-tables.ts";
import { seeTaints } from "./see-taints.ts";
import { chooseTarget, isMalformed, nameOf, type Target } from "./target.ts";
import { Workbench } from "./workbench.ts";

export interface ExamineOptions extends AskOptions {
  /** A build directory, or an sstate directory. */
  readonly subject: string;
  /** A database file, or the address of a server. */
  readonly hashserv: string | undefined;
  /** Values of settings that somebody knows better. */
  readonly given: ReadonlyMap<string, string>;
  /** How many examples of each finding. */
  readonly examples: number;
  /** How many siginfo files to read. */
  readonly siginfos: number;
  readonly unusedDays: number;
  /** Variables that BitBake takes from its environment. */
  readonly environment?: ReadonlyMap<string, string>;
  readonly quickCheck: boolean;
  /** The time now, in milliseconds since 1970. */
  readonly now: number;
  readonly progress: ExamineProgress;
  /** Name of the network file system that a file lies on; `undefined` if it is on a disk of this machine, as far as is known. */
  readonly findNetworkFileSystem: (file: string) => Promise<string | undefined>;
}

/** Is told how far each part of an examination is. */
export interface ExamineProgress {
  /**
   * So many of this part are done. Gives timers and signals their turn now and then.
   *
   * @throws what ends the examination, such as the reason of a signal
   */
  update(part: string, done: number): Promise<void>;
}

/** Questions that travel to a server together. */
const BATCH = 10_000;
const DAY_MS = 86_400_000;
/** Files that tell nothing of what builds store. */
const STRANGE: ReadonlySet<SstateFileKind> = new Set(["other", "download", "old-siginfo"]);

/**
 * Looks at all that can be looked at, and says what is wrong. Nothing is changed.
 *
 * @throws {DoctorInputError | DatabaseError | InvalidAddressError} when what was named is not there or is none
 */
export async function examineAll(options: ExamineOptions): Promise<DoctorReport> {
  const subject = resolve(options.subject);
  if (!statSync(subject, { throwIfNoEntry: false })?.isDirectory()) {
    throw new DoctorInputError(options.subject, "expected a build directory or an sstate directory, found none");
  }
  const build = isBuildDir(subject)
    ? readBuildSettings(subject, options.given, options.examples, options.environment)
    : undefined;
  const target = chooseTarget(options.hashserv, build);
  const workbench = new Workbench();
  try {
    return await new Examination(options, subject, build, target, workbench).run();
  } finally {
    workbench.close();
  }
}

class Examination {
  readonly #options: ExamineOptions;
  readonly #subject: string;
  readonly #build: BuildSettings | undefined;
  readonly #target: Target;
  readonly #workbench: Workbench;
  readonly #unknown: string[] = [];
  readonly #assumed: string[] = [];
  readonly #counts: Record<string, number> = {};
  #files = 0;
  /** Files of an sstate directory that are none of BitBake's, hidden ones left out. */
  #strange = 0;

  constructor(
    options: ExamineOptions,
    subject: string,
    build: BuildSettings | undefined,
    target: Target,
    workbench: Workbench,
  ) {
    this.#options = options;
    this.#subject = subject;
    this.#build = build;
    this.#target = target;
    this.#workbench = workbench;
    this.#assumed.push(...(build?.assumed ?? []));
  }

  async run(): Promise<DoctorReport> {
    const sstateDir = this.#build === undefined ? this.#subject : this.#build.settings.sstateDir.value;
    const sstate = sstateDir !== undefined && existsSync(sstateDir) ? await this.#survey(sstateDir) : undefined;
    const isEmpty = sstate !== undefined && sstate.objects + sstate.siginfos + sstate.oldNames.count === 0;
    const isNothing = isEmpty && (this.#build === undefined || this.#strange > 0);
    const wasBuilt = (this.#build?.stamps ?? []).some((folder) => hasStamps(folder));
    if (isEmpty && !isNothing && !wasBuilt) this.#unknown.push(`how objects are reused: ${sstateDir} holds none yet`);
    if (sstate !== undefined && sstate.singleLevel.count > 0) {
      this.#unknown.push(
        `whether ${sstate.singleLevel.count.toLocaleString("en-US")} objects in folders of two digits are where the build looks: so kept them releases before 3.1 (dunfell), and no release is named here`,
      );
    }
    const taints = await this.#findTaints();
    const asked = await this.#askServers();
    const read = await this.#readDatabase(wasBuilt || (sstate?.objects ?? 0) > 0);
    const served = asked.find(({ answers }) => answers.role === "server");
    try {
      if (served?.client !== undefined && sstate !== undefined) await this.#askDepids(served.client);
    } finally {
      for (const { client } of asked) await client?.close().catch(() => {});
    }
    const known = read?.tables !== undefined ? "database" : served?.client !== undefined ? "answers" : "none";
    const isPlain = this.#build?.asksServer === false;
    const server = isPlain ? "none" : known;
    const seen: Observations = {
      ...(this.#build === undefined
        ? {}
        : {
            others: await this.#seeOthers(this.#build, wasBuilt),
            settings: {
              ...(await this.#seeSettings(this.#build, sstateDir)),
              taints,
              wasBuilt,
              isSstateEmpty: isEmpty && !isNothing,
            },
          }),
      ...(sstate === undefined || isNothing ? {} : { sstate }),
      ...(isNothing ? { nothing: { path: sstateDir ?? this.#subject, files: this.#strange } } : {}),
      ...read,
      ...(sstate === undefined || isNothing
        ? {}
        : {
            join: {
              ...queryJoin(this.#workbench.db, { server, method: this.#method, limit: this.#options.examples }),
              hasMirrors: (this.#build?.settings.mirrors.value ?? "") !== "",
            },
          }),
      servers: asked.map(({ answers }) => answers),
      ...(served?.collection === undefined ? {} : { collection: served.collection }),
    };
    if (isPlain) {
      const { handler } = this.#build?.settings ?? {};
      this.#assumed.push(
        `${handler?.value} never asks a server: each object goes by its taskhash${this.#target === undefined ? ", and no server was looked at" : ", and what the server knows does not matter"}`,
      );
    } else if (server === "none" && (this.#target === undefined || "address" in this.#target))
      this.#unknown.push("what a server knows: none was looked at, or it gave no answer (--hashserv)");
    if (server === "answers") {
      this.#unknown.push(
        "a live server does not tell its rows: entries without objects, outhashes and methods were not looked at; give its database file for those",
      );
    }
    return {
      subject: {
        ...(this.#build === undefined ? {} : { build: this.#subject }),
        ...(sstateDir === undefined ? {} : { sstate: sstateDir }),
        ...(this.#target === undefined ? {} : { hashserv: nameOf(this.#target) }),
      },
      settings: this.#build?.listed ?? [],
      counts: this.#counts,
      unknown: this.#unknown,
      assumed: this.#assumed,
      findings: examine(seen),
    };
  }

  /** The method that the builds use. */
  get #method(): string | undefined {
    return this.#build?.settings.method.value;
  }

  async #seeSettings({ settings, database }: BuildSettings, sstateDir: string | undefined): Promise<SettingsSeen> {
    const { sstateDir: _, hashserve, mirrors } = settings;
    const own = database ?? hashserve.value;
    const looked = this.#target?.isGiven === true ? nameOf(this.#target) : undefined;
    const { unknown, ...seen } = await lookAtMirrors(mirrors, this.#build?.open.networkOff !== undefined);
    for (const sentence of unknown) if (!this.#unknown.includes(sentence)) this.#unknown.push(sentence);
    const isOther = looked !== undefined && own !== undefined && resolve(looked) !== resolve(own);
    return {
      settings,
      ...this.#build?.open,
      buildDir: this.#subject,
      isSstateShared: sstateDir !== undefined && !isInside(sstateDir, this.#subject),
      sstateExists: sstateDir !== undefined && existsSync(sstateDir),
      ...seen,
      ...(isOther ? { otherServer: looked } : {}),
    };
  }

  /** What multiconfigs have of their own: their sstate directories are looked at by themselves. */
  async #seeOthers(build: BuildSettings, wasBuilt: boolean): Promise<readonly OtherConfiguration[]> {
    const others: OtherConfiguration[] = [];
    const looked = new Set([build.settings.sstateDir.value]);
    for (const own of build.others) {
      const path = own.sstateDir.value;
      const settings = { ...build.settings, ...own };
      const base = { ...(await this.#seeSettings({ ...build, settings }, path)), wasBuilt };
      if (path === undefined || looked.has(path) || !existsSync(path)) {
        others.push({ settings: base });
        continue;
      }
      looked.add(path);
      const survey = await this.#surveyAlone(path);
      const isSstateEmpty = survey.objects + survey.siginfos + survey.oldNames.count === 0;
      if (isSstateEmpty && !wasBuilt) this.#unknown.push(`how objects are reused: ${path} holds none yet`);
      else
        this.#unknown.push(
          `whether objects of ${path} and the server fit together: they were not held against each other`,
        );
      others.push({ settings: { ...base, isSstateEmpty }, sstate: { path, survey } });
    }
    return others;
  }

  async #surveyAlone(folder: string): Promise<SstateSurvey> {
    const surveyor = this.#newSurveyor();
    for await (const entry of listSstate(folder)) {
      if ("file" in entry) surveyor.add(entry.file);
      else surveyor.addUnreadableFolder(entry.unreadableFolder);
      await this.#options.progress.update("looking at sstate files", ++this.#files);
    }
    return surveyor;
  }

  #newSurveyor(): SstateSurveyor {
    const { examples: limit, now } = this.#options;
    const { sstateVersion: version, levels } = this.#build ?? {};
    return new SstateSurveyor({
      limit,
      now,
      ...(version === undefined ? {} : { version }),
      ...(levels === undefined ? {} : { levels }),
    });
  }

  async #survey(folder: string): Promise<SstateSurvey> {
    const { progress, siginfos } = this.#options;
    const surveyor = this.#newSurveyor();
    for await (const entry of listSstate(folder)) {
      if ("file" in entry) {
        surveyor.add(entry.file);
        if (STRANGE.has(entry.file.kind) && !/(?:^|\/)\.[^/]*$/.test(entry.file.path)) this.#strange += 1;
        this.#workbench.addFile(entry.file);
      } else surveyor.addUnreadableFolder(entry.unreadableFolder);
      await progress.update("looking at sstate files", ++this.#files);
    }
    const [most, paths] = [this.#workbench.countReadable(), [...this.#workbench.objectsToRead(siginfos)]];
    for (const [done, path] of paths.entries()) {
      const siginfo = partOfObject(path, "siginfo");
      const read = await readTaskHash(join(folder, siginfo));
      if (read.taskhash !== undefined) this.#workbench.addSiginfo(path, read.taskhash);
      else if (read.problem !== undefined) surveyor.addDamagedSiginfo(siginfo, read.problem);
      await progress.update("reading siginfo", done + 1);
    }
    if (paths.length < most) {
      this.#unknown.push(
        `taskhashes of ${(most - paths.length).toLocaleString("en-US")} of ${most.toLocaleString("en-US")} objects: their siginfo was not read (--siginfo)`,
      );
    }
    Object.assign(this.#counts, {
      objects: surveyor.objects,
      "object bytes": surveyor.bytes,
      ...(surveyor.oldNames.count === 0 ? {} : { "objects of 32 digits": surveyor.oldNames.count }),
      "siginfo files": surveyor.siginfos,
      "siginfo read": paths.length,
    });
    return surveyor;
  }

  async #findTaints(): Promise<Sighting> {
    const { examples, progress } = this.#options;
    const folders = this.#build?.stamps ?? [];
    if (folders.length > 0) await progress.update("looking for taints", 0);
    return seeTaints(folders, examples, (folder) => this.#unknown.push(`taints below ${folder}: it cannot be read`));
  }

  async #askServers(): Promise<readonly Asked[]> {
    const asked: Asked[] = [];
    const { progress } = this.#options;
    if (this.#target !== undefined && "address" in this.#target) {
      await progress.update(`asking ${this.#target.address}`, 0);
      asked.push(await askServer("server", this.#target.address, this.#options));
    }
    const { hashserve, upstream: named } = this.#build?.settings ?? {};
    const upstream =
      hashserve?.value === "auto" &&
      !isMalformed(this.#build, "BB_HASHSERVE_UPSTREAM") &&
      this.#build?.asksServer === true
        ? (named?.value ?? "")
        : "";
    if (upstream !== "") {
      await progress.update(`asking ${upstream}`, 0);
      asked.push(await askServer("upstream", upstream, this.#options));
    }
    for (const { role, requests, pingMs } of asked.map(({ answers }) => answers)) {
      if (requests !== undefined) this.#counts[`requests at the ${role}`] = requests;
      if (pingMs !== undefined) this.#counts[`ms of a ping to the ${role}`] = pingMs;
    }
    return asked;
  }

  async #readDatabase(
    wasBuilt: boolean,
  ): Promise<Pick<Observations, "database" | "unreadDatabase" | "tables" | "collection"> | undefined> {
    const { progress } = this.#options;
    if (this.#target === undefined || "address" in this.#target) return undefined;
    const { database: path, isGiven } = this.#target;
    if (!isGiven && !existsSync(path)) {
      this.#unknown.push(`what the server knows: ${path} is not there; nothing was built yet, or it is elsewhere`);
      return undefined;
    }
    await progress.update(`reading ${path}`, 0);
    const isOpen = isOpenElsewhere(path);
    if (isOpen === undefined) this.#unknown.push(`whether a server has ${path} open: known on Linux only`);
    let server: ServerTables;
    try {
      server = attachServer(this.#workbench.db, path);
    } catch (error) {
      if (isGiven || !(error instanceof DatabaseError)) throw error;
      const { problem: reason, kind } = error;
      this.#unknown.push(`what the server knows: ${path} was not read`);
      return { unreadDatabase: { path, reason, wasBuilt, kind } };
    }
    const network = await this.#options.findNetworkFileSystem(path);
    const file: DatabaseFile = {
      path,
      ...(network === undefined ? {} : { network }),
      isReadOnly: !isGiven && (statSync(path).mode & 0o222) === 0,
      isWal: server.isWal,
      leftLog: isOpen === false ? server.logBytes : 0,
      isOld: server.isOld,
      ...(server.droppedRows === undefined ? {} : { droppedRows: server.droppedRows }),
    };
    if (server.hasNothingElse) return { database: file };
    try {
      const damage = this.#options.quickCheck ? quickCheck(this.#workbench.db) : [];
      return { database: { ...file, damage }, ...this.#queryTables() };
    } catch (error) {
      const damage = findDamage(error);
      if (damage === undefined) throw error;
      return { database: { ...file, damage: [damage] } };
    } finally {
      if (server.hasChanged())
        this.#unknown.push(`${path} was written to meanwhile: figures may not fit together; run again`);
    }
  }

  #queryTables(): Pick<Observations, "tables" | "collection"> {
    const { examples: limit, now, unusedDays } = this.#options;
    const { db } = this.#workbench;
    collectDepids(db);
    const before = new Date(now - unusedDays * DAY_MS).toISOString().slice(0, 10);
    const tables = queryTables(db, { limit, before });
    const collection = findCollection(db);
    if (this.#method === undefined) this.#assumed.push(`SSTATE_HASHEQUIV_METHOD is ${USUAL_METHOD}, as in OE-Core`);
    const { equivalences, depids, outhashes } = tables;
    Object.assign(this.#counts, { equivalences, depids, outhashes });
    return {
      tables: { ...tables, method: this.#method, unusedDays },
      ...(collection === undefined ? {} : { collection }),
    };
  }

  /** Asks a live server about all objects, and all taskhashes that are known. */
  async #askDepids(client: HashClient): Promise<void> {
    const { progress } = this.#options;
    const method = this.#method ?? USUAL_METHOD;
    let done = 0;
    for (const depids of inBatches(this.#workbench.depids())) {
      const exist = await client.depIdsExist(depids);
      depids.forEach((depid, at) => {
        if (exist[at] === true) this.#workbench.addKnown(depid);
      });
      done += depids.length;
      await progress.update("asking for depids", done);
    }
    for (const taskhashes of inBatches(this.#workbench.taskhashes())) {
      const found = await client.getDepIds(taskhashes.map((taskhash) => ({ method, taskhash })));
      taskhashes.forEach((taskhash, at) => {
        const depid = found[at];
        if (depid !== undefined) this.#workbench.addAnswer(method, taskhash, depid);
      });
      done += taskhashes.length;
      await progress.update("asking for taskhashes", done);
    }
  }
}

function* inBatches(texts: Iterable<string>): Generator<readonly string[]> {
  const all = [...texts];
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}
