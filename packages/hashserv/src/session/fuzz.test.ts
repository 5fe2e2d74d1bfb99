import {
  formatGreeting,
  formatJson,
  formatMessage,
  type Json,
  LineDecoder,
  METHODS,
  parseJson,
} from "@depid/hashserv-protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createService, type Service } from "../service.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { Accounts } from "./accounts.ts";
import { Session } from "./session.ts";

const RUNS = { numRuns: 300 };
const DEPIDS = ["a", "b", "c"].map((digit) => digit.repeat(64));

/** Words that meet often, and texts that are hard. */
const word = fc.constantFrom("m", "n", "t", "u", "o", "");
const text = fc.oneof({ weight: 5, arbitrary: word }, fc.string({ unit: "binary", maxLength: 8 }));
const depid = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...DEPIDS) }, text);
const anything = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const permission = fc.constantFrom("@read", "@report", "@db-admin", "@user-admin", "@all", "@none", "@x");

const where = fc.record(
  {
    method: text,
    taskhash: text,
    outhash: text,
    unihash: depid,
    gc_mark: text,
    PN: anything,
    created: text,
    nonsense: anything,
  },
  { requiredKeys: [] },
);
/** Arguments of any command: those that fit, too many, too few. */
const args = fc.record(
  {
    method: text,
    taskhash: text,
    outhash: text,
    unihash: depid,
    owner: anything,
    PN: text,
    all: anything,
    with_unihash: anything,
    where: fc.oneof(where, anything),
    mark: fc.oneof(text, anything),
    max_age_seconds: fc.oneof(fc.integer(), anything),
    username: fc.oneof(word, anything),
    token: fc.oneof(word, anything),
    permissions: fc.oneof(fc.array(permission, { maxLength: 3 }), anything),
  },
  { requiredKeys: ["method", "taskhash"] },
);
const request = fc
  .tuple(fc.constantFrom(...METHODS.map(({ name }) => name)), fc.oneof({ weight: 6, arbitrary: args }, anything))
  .map(([name, value]) => formatMessage({ [name]: value as Json }));
const broken = fc.oneof(
  fc.constantFrom(
    "\n",
    " \n",
    "null\n",
    "{}\n",
    "[]\n",
    '{"chunk-stream": null}\n',
    '"chunk-stream"\n',
    "{\n",
    "END\n",
  ),
  fc.string({ unit: "binary", maxLength: 20 }).map((line) => `${line}\n`),
  anything.map((value) => `${formatJson(value)}\n`),
);
const streamLine = fc.oneof(
  fc.tuple(word, word).map(([method, taskhash]) => `${method} ${taskhash}\n`),
  depid.map((line) => `${line}\n`),
  fc.record({ mark: word, where }).map((line) => `${formatJson(line as Json)}\n`),
  fc.constantFrom("END\n", "\n"),
);
const part = fc.oneof({ weight: 6, arbitrary: request }, { weight: 3, arbitrary: streamLine }, broken);
const conversation = fc
  .array(part, { maxLength: 12 })
  .chain((parts) => fc.tuple(fc.constant(parts.join("")), optional(fc.uint8Array({ maxLength: 4 }))));

const PERMISSIONS = new Set(["@read", "@report", "@db-admin"] as const);

function createQuickService(): Service {
  const storage = createMemoryStorage();
  const accounts = new Accounts({ storage, wait: async () => {} });
  return createService({ storage, accounts, anonymous: PERMISSIONS, now: () => 1_700_000_000_000_000 });
}

/** One connection: takes bytes in pieces, and keeps what it said. */
function open(service: Service) {
  const session = new Session({ service });
  const decoder = new LineDecoder();
  const said: string[] = [];
  const reply = (lines: readonly string[]) => void said.push(...lines);
  return {
    session,
    said,
    async push(bytes: Uint8Array) {
      await session.receive(decoder.push(bytes), reply);
      if (decoder.fault !== undefined && !session.ended) session.refuse(decoder.fault, reply);
    },
  };
}

async function converse(bytes: Uint8Array, size: number) {
  const { session, said, push } = open(createQuickService());
  for (let at = 0; at < bytes.length; at += size) await push(bytes.subarray(at, at + size));
  return { said: said.map(withoutChance), ended: session.ended };
}

/** What differs from run to run taken out: times, row numbers are the same in a new storage, tokens. */
function withoutChance(line: string): string {
  return line
    .replace(/"created": "2[^"]*"/g, '"created": "now"')
    .replace(/"token": "[^"]*"/g, '"token": ""')
    .replace(/"(total_time|max_time|average|stdev)": [-+.e0-9]+/g, '"$1": 0');
}

const bytesOf = ([textOf, more]: readonly [string, Uint8Array | undefined]) =>
  Buffer.concat([Buffer.from(formatGreeting() + textOf), more ?? Buffer.alloc(0)]);

describe("whatever a client sends", () => {
  it("is answered, or refused with a reason that ends the session; it does not matter how it is split", async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async (sent) => {
        const bytes = bytesOf(sent);
        const whole = await converse(bytes, bytes.length);
        expect(await converse(bytes, 1)).toEqual(whole);
        const errors = whole.said.filter((line) => line.startsWith('{"invoke-error": '));
        expect(errors.length).toBeLessThanOrEqual(1);
        if (errors.length === 1) {
          expect(whole.said.at(-1)).toBe(errors[0]);
          expect(whole.ended).toBe(true);
          expect(parseJson(errors[0] ?? "")).toEqual({ "invoke-error": { message: expect.stringMatching(/./) } });
          expect(errors[0]).not.toContain("the server failed");
        }
      }),
      RUNS,
    );
  });

  it("in place of a greeting is refused, or nothing happens", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(broken, { maxLength: 5 }), async (parts) => {
        const bytes = Buffer.from(parts.join(""));
        const whole = await converse(bytes, Math.max(bytes.length, 1));
        expect(await converse(bytes, 1)).toEqual(whole);
        expect(whole.said.length).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  it("does not disturb another connection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(broken, { minLength: 1, maxLength: 8 }), async (parts) => {
        const service = createQuickService();
        const [bad, good] = [open(service), open(service)];
        const greeting = Buffer.from(formatGreeting());
        await Promise.all([bad.push(greeting), good.push(greeting)]);
        for (const [i, piece] of parts.entries()) {
          const row = { method: "m", taskhash: `t${i}`, unihash: DEPIDS[0] ?? "" };
          await Promise.all([
            bad.push(Buffer.from(piece)),
            good.push(Buffer.from(formatMessage({ "report-equiv": row }))),
          ]);
        }
        expect(good.session.ended).toBe(false);
        expect(good.said.length).toBe(parts.length);
        expect(good.said.every((line) => line.includes(`"unihash": "${DEPIDS[0]}"`))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
