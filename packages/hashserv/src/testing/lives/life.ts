import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Storage } from "../../storage/storage.ts";
import { type Call, findOrder, formatCalls } from "./history.ts";
import { Model } from "./model.ts";
import { OnPurpose } from "./on-purpose.ts";
import { ServerProcess } from "./process.ts";
import { carryOut, type Question, type Step } from "./steps.ts";
import type { World } from "./world.ts";

/** What is asked of one of the servers. */
export interface Request {
  readonly step: Step;
  readonly server: number;
}

/** How a process ends: killed after so many interludes, or closed after so many turns. */
export interface End {
  readonly how: "kill" | "close";
  readonly after: number;
}

export interface Plan {
  /** What each client asks for; requests in one list are made together, the next when all of those are answered. */
  readonly clients: readonly (readonly (readonly Request[])[])[];
  readonly ends: readonly End[];
  /** What is asked in the end, in order, and again of the file once it was closed. */
  readonly last: readonly Question[];
}

/** How the servers of a process are opened, and their file once they are gone. */
export interface Kind {
  readonly open: (process: ServerProcess, world: World) => Promise<readonly Storage[]>;
  readonly openAtRest: (process: ServerProcess, world: World) => Promise<Storage>;
}

/** What a life had in it. */
export interface LifeCounts {
  readonly calls: number;
  readonly steps: number;
  readonly kills: number;
  readonly unanswered: number;
}

/**
 * Lives a plan in a folder: clients ask, processes end and begin. Then all answers must be those of requests that were
 * carried out one after another on plain lists, none before it was made or after it was answered. So a taskhash keeps its
 * depid, and nothing that was answered is lost.
 *
 * @throws with all calls, when there is no such order; when somebody waits in vain, a server warns of others, or fails where that was not on
 *   purpose
 */
export async function live(world: World, kind: Kind, folder: string, plan: Plan): Promise<LifeCounts> {
  const life = new Life(world, kind, folder);
  try {
    await world.live(() => life.run(plan));
  } finally {
    world.letGo();
    for (const process of life.processes) if (process.wasKilled) await process.letGo();
  }
  const { calls, processes } = life;
  const alarm = processes.flatMap(({ warnings }) => warnings).find((text) => text.startsWith("WARNING"));
  if (alarm !== undefined) throw new Error(`nobody else was there: ${alarm}`);
  const inOrder = calls.map((call) => ({ ...call, apply: (model: Model) => applyStep(model, call.step) }));
  if (findOrder(new Model(), inOrder) === undefined) {
    throw new Error(`no order of these calls gives their answers:\n${formatCalls(inOrder)}`);
  }
  return {
    calls: calls.length,
    steps: world.steps,
    kills: processes.filter(({ wasKilled }) => wasKilled).length,
    unanswered: calls.filter(({ answer }) => answer === undefined).length,
  };
}

function applyStep(before: Model, step: Step) {
  const state = before.copy();
  const answer = state.carryOut(step);
  return { state, answer };
}

type Made = { -readonly [Key in "called" | "ended" | "answer"]: Call<Model>[Key] } & {
  readonly what: string;
  readonly step: Step;
};

class Life {
  readonly calls: Made[] = [];
  readonly processes: ServerProcess[] = [];
  readonly #world: World;
  readonly #kind: Kind;
  readonly #folder: string;
  /** The servers that are there; who finds none waits. */
  #servers = createGate<{ readonly process: ServerProcess; readonly storages: readonly Storage[] }>();

  constructor(world: World, kind: Kind, folder: string) {
    this.#world = world;
    this.#kind = kind;
    this.#folder = folder;
  }

  async run({ clients, ends, last }: Plan): Promise<void> {
    const asked = Promise.all(clients.map((turns, i) => this.#ask(`client ${i}`, turns)));
    let done = false;
    const all = asked.then(() => {
      done = true;
    });
    for (const end of ends) {
      if (!done) await this.#serve(end, all);
    }
    this.processes.at(-1)?.spare();
    if (!this.processes.at(-1)?.isAlive) await this.#start();
    await all;
    const questions = last.map((step) => [{ step, server: 0 }]);
    await this.#ask("last", questions);
    await this.#close();
    await this.#start(Number.POSITIVE_INFINITY, async (process) => [await this.#kind.openAtRest(process, this.#world)]);
    await this.#ask("at rest", questions);
    await this.#close();
  }

  /** Has a process until its end, or until nobody asks any more. */
  async #serve({ how, after }: End, asked: Promise<void>): Promise<void> {
    if (how === "close") {
      if (!this.processes.at(-1)?.isAlive) await this.#start();
      for (let turn = 0; turn < after % MOST_TURNS; turn++) await this.#world.turn("before the end");
      await this.#close();
    } else {
      if (this.processes.at(-1)?.isAlive) await this.#close();
      const process = await this.#start(after);
      await Promise.race([process.killed, asked]);
    }
  }

  /** Starts a process on what the one before has left; another one if that does not survive its start. */
  async #start(interludes?: number, open = this.#kind.open): Promise<ServerProcess> {
    const folder = this.processes.at(-1)?.left ?? join(this.#folder, "0");
    mkdirSync(folder, { recursive: true });
    const process = new ServerProcess(this.#world, folder, interludes);
    this.processes.push(process);
    const opened = process.start((started) => open(started, this.#world));
    const storages = await Promise.race([opened, process.killed]);
    if (storages === undefined) return this.#start(undefined, open);
    const servers = this.#servers;
    void process.killed.then(() => this.#killed());
    servers.open({ process, storages });
    return process;
  }

  async #close(): Promise<void> {
    const { process } = await this.#servers.opened;
    this.#servers = createGate();
    await process.close();
  }

  #killed(): void {
    this.#servers = createGate();
    for (const call of this.calls) if (call.ended === Number.POSITIVE_INFINITY) call.ended = this.#world.count();
  }

  async #ask(who: string, turns: readonly (readonly Request[])[]): Promise<void> {
    for (const requests of turns) {
      await this.#world.turn(who);
      const { process, storages } = await this.#servers.opened;
      const called = this.#world.count();
      const answered = Promise.all(
        requests.map(({ step, server }) => {
          const what = `${who}: ${JSON.stringify(step)}`;
          const call: Made = { what, step, called, ended: Number.POSITIVE_INFINITY, answer: undefined };
          this.calls.push(call);
          return this.#call(call, process, storages[server % storages.length] as Storage);
        }),
      );
      await Promise.race([answered, process.killed]);
    }
  }

  async #call(call: Made, process: ServerProcess, storage: Storage): Promise<void> {
    try {
      const answer = await carryOut(storage, call.step);
      if (process.wasKilled) return;
      call.answer = { of: answer };
    } catch (error) {
      if (process.wasKilled) return;
      if (!(error instanceof OnPurpose || process.isClosing)) throw error;
      // It came to nothing, and so it is as if it had not been made.
      if (error instanceof OnPurpose && !error.mayBeKept) this.calls.splice(this.calls.indexOf(call), 1);
    }
    call.ended = this.#world.count();
  }
}

/** Turns before a process is closed, at most. */
const MOST_TURNS = 40;

function createGate<T>() {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open: (value: T) => open(value) };
}
