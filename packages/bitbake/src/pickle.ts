import { DepidError } from "@depid/hash";

/** Why a pickle cannot be read. */
export class PickleError extends DepidError {
  readonly code = "PICKLE";
}

/** What a pickle holds. Lists, tuples and sets are arrays. Values may refer to each other in circles. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleGlobal
  | PickleObject;

/** A class or function, by name; never looked up. */
export class PickleGlobal {
  readonly moduleName: string;
  readonly name: string;

  constructor(moduleName: string, name: string) {
    this.moduleName = moduleName;
    this.name = name;
  }
}

/** What a class or function would have made of arguments; nothing is called. */
export class PickleObject {
  readonly type: PickleValue;
  readonly args: PickleValue;
  /** What was to be set in it: attributes by name, usually. */
  state: PickleValue = null;

  constructor(type: PickleValue, args: PickleValue) {
    this.type = type;
    this.args = args;
  }
}

/** Operations, at most, so that what is made of a pickle stays in proportion. An event of BitBake takes some hundred. */
const MAX_OPERATIONS = 200_000;
/** Bytes of an integer, at most: longer ones take time that grows with the square. */
const MAX_INTEGER = 512;

/**
 * Reads a pickle of Python, protocols 0 to 5, without running anything: classes and functions stay names, and what they would make
 * stays a record of class, arguments and state.
 *
 * @throws {PickleError} naming position and reason
 */
export function parsePickle(bytes: Uint8Array): PickleValue {
  return new Machine(bytes).run();
}

class Machine {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #text = new TextDecoder("utf-8");
  readonly #memo = new Map<number, PickleValue>();
  readonly #marks: PickleValue[][] = [];
  #stack: PickleValue[] = [];
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): PickleValue {
    for (let count = 0; count < MAX_OPERATIONS; count += 1) {
      const code = this.#byte();
      if (code === STOP) return this.#pop();
      const operation = OPERATIONS.get(code);
      if (operation === undefined)
        throw this.#problem(`operation 0x${code.toString(16).padStart(2, "0")} is not known`);
      operation(this);
    }
    throw this.#problem(`more than ${MAX_OPERATIONS} operations`);
  }

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  pop(): PickleValue {
    return this.#pop();
  }

  top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined) throw this.#problem("the stack is empty");
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack);
    this.#stack = [];
  }

  /** What was pushed since the last mark, which is taken away. */
  popMark(): PickleValue[] {
    const items = this.#stack;
    const below = this.#marks.pop();
    if (below === undefined) throw this.#problem("no mark on the stack");
    this.#stack = below;
    return items;
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw this.#problem("expected a list to append to");
    for (const item of items) list.push(item);
  }

  setItems(items: readonly PickleValue[]): void {
    const dict = this.top();
    if (dict instanceof PickleObject) return; // an own kind of dict: only its state is kept
    if (!(dict instanceof Map)) throw this.#problem("expected a dict to set items of");
    this.fill(dict, items);
  }

  fill(dict: Map<PickleValue, PickleValue>, items: readonly PickleValue[]): Map<PickleValue, PickleValue> {
    if (items.length % 2 !== 0) throw this.#problem("a key without a value");
    for (let at = 0; at < items.length; at += 2) dict.set(items[at] as PickleValue, items[at + 1] as PickleValue);
    return dict;
  }

  build(): void {
    const state = this.#pop();
    const object = this.top();
    if (object instanceof PickleObject) object.state = state;
  }

  global(moduleName: PickleValue, name: PickleValue): void {
    if (typeof moduleName !== "string" || typeof name !== "string") throw this.#problem("expected the name of a class");
    this.push(new PickleGlobal(moduleName, name));
  }

  remember(index: number): void {
    this.#memo.set(index, this.top());
  }

  memoize(): void {
    this.remember(this.#memo.size);
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#problem(`nothing was kept as ${index}`);
    this.push(value);
  }

  uint(size: 1 | 2 | 4 | 8): number {
    const at = this.#take(size);
    if (size === 1) return this.#view.getUint8(at);
    if (size === 2) return this.#view.getUint16(at, true);
    if (size === 4) return this.#view.getUint32(at, true);
    return Number(this.#view.getBigUint64(at, true));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  bytes(size: number): Uint8Array {
    const at = this.#take(size);
    return this.#bytes.subarray(at, at + size);
  }

  text(size: number): string {
    return this.#text.decode(this.bytes(size));
  }

  /** Up to the next line end, which is taken away. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end === -1) throw this.#problem("it ends too early");
    const text = this.text(end - this.#at);
    this.#at += 1;
    return text;
  }

  /** Two's complement, little end first. */
  long(size: number): number | bigint {
    if (size > MAX_INTEGER) throw this.#problem(`an integer of ${size} bytes`);
    const digits = Array.from(this.bytes(size), (byte) => byte.toString(16).padStart(2, "0")).reverse();
    return narrow(BigInt.asIntN(8 * size, BigInt(`0x0${digits.join("")}`)));
  }

  decimal(): number | bigint {
    const text = this.line().replace(/L$/, "");
    if (!/^-?\d+$/.test(text) || text.length > MAX_INTEGER) throw this.#problem("expected an integer");
    return narrow(BigInt(text));
  }

  float(): number {
    const text = this.line();
    const value = { inf: Number.POSITIVE_INFINITY, "-inf": Number.NEGATIVE_INFINITY, nan: Number.NaN }[text];
    if (value === undefined && !/^[-+\d.e]+$/i.test(text)) throw this.#problem("expected a number");
    return value ?? Number(text);
  }

  index(): number {
    return Number(this.decimal());
  }

  /** A string of Python 2, as it would be written in a program. */
  quoted(): string {
    const text = this.line();
    const [, , inner] = /^(["'])(.*)\1$/.exec(text) ?? [];
    if (inner === undefined) throw this.#problem("expected a text in quotes");
    return unescaped(inner);
  }

  #pop(): PickleValue {
    const value = this.#stack.pop();
    if (value === undefined) throw this.#problem("the stack is empty");
    return value;
  }

  #byte(): number {
    return this.#view.getUint8(this.#take(1));
  }

  #take(size: number): number {
    const at = this.#at;
    if (size > this.#bytes.length - at) throw this.#problem("it ends too early");
    this.#at += size;
    return at;
  }

  #problem(reason: string): PickleError {
    return new PickleError(`byte ${this.#at}: ${reason}`);
  }
}

const STOP = 0x2e;

/** By the byte that stands for them, as Python's pickletools documents them. */
const OPERATIONS: ReadonlyMap<number, (machine: Machine) => void> = new Map<number, (machine: Machine) => void>([
  // The stack and the memo.
  [0x28, (it) => it.mark()], // MARK
  [0x30, (it) => void it.pop()], // POP
  [0x31, (it) => void it.popMark()], // POP_MARK
  [0x32, (it) => it.push(it.top())], // DUP
  [0x70, (it) => it.remember(it.index())], // PUT
  [0x71, (it) => it.remember(it.uint(1))], // BINPUT
  [0x72, (it) => it.remember(it.uint(4))], // LONG_BINPUT
  [0x94, (it) => it.memoize()], // MEMOIZE
  [0x67, (it) => it.recall(it.index())], // GET
  [0x68, (it) => it.recall(it.uint(1))], // BINGET
  [0x6a, (it) => it.recall(it.uint(4))], // LONG_BINGET
  [0x80, (it) => void it.uint(1)], // PROTO
  [0x95, (it) => void it.uint(8)], // FRAME
  // Constants and numbers.
  [0x4e, (it) => it.push(null)], // NONE
  [0x88, (it) => it.push(true)], // NEWTRUE
  [0x89, (it) => it.push(false)], // NEWFALSE
  [0x49, (it) => it.push(it.decimal())], // INT
  [0x4c, (it) => it.push(it.decimal())], // LONG
  [0x4a, (it) => it.push(it.int32())], // BININT
  [0x4b, (it) => it.push(it.uint(1))], // BININT1
  [0x4d, (it) => it.push(it.uint(2))], // BININT2
  [0x8a, (it) => it.push(it.long(it.uint(1)))], // LONG1
  [0x8b, (it) => it.push(it.long(it.uint(4)))], // LONG4
  [0x46, (it) => it.push(it.float())], // FLOAT
  [0x47, (it) => it.push(it.float64())], // BINFLOAT
  // Texts and bytes.
  [0x53, (it) => it.push(it.quoted())], // STRING
  [0x54, (it) => it.push(it.text(it.uint(4)))], // BINSTRING
  [0x55, (it) => it.push(it.text(it.uint(1)))], // SHORT_BINSTRING
  [0x56, (it) => it.push(unescaped(it.line()))], // UNICODE
  [0x58, (it) => it.push(it.text(it.uint(4)))], // BINUNICODE
  [0x8c, (it) => it.push(it.text(it.uint(1)))], // SHORT_BINUNICODE
  [0x8d, (it) => it.push(it.text(it.uint(8)))], // BINUNICODE8
  [0x42, (it) => it.push(it.bytes(it.uint(4)))], // BINBYTES
  [0x43, (it) => it.push(it.bytes(it.uint(1)))], // SHORT_BINBYTES
  [0x8e, (it) => it.push(it.bytes(it.uint(8)))], // BINBYTES8
  [0x96, (it) => it.push(it.bytes(it.uint(8)))], // BYTEARRAY8
  // Lists, tuples, sets and dicts.
  [0x5d, (it) => it.push([])], // EMPTY_LIST
  [0x29, (it) => it.push([])], // EMPTY_TUPLE
  [0x8f, (it) => it.push([])], // EMPTY_SET
  [0x6c, (it) => it.push(it.popMark())], // LIST
  [0x74, (it) => it.push(it.popMark())], // TUPLE
  [0x91, (it) => it.push(it.popMark())], // FROZENSET
  [0x85, (it) => it.push(popMany(it, 1))], // TUPLE1
  [0x86, (it) => it.push(popMany(it, 2))], // TUPLE2
  [0x87, (it) => it.push(popMany(it, 3))], // TUPLE3
  [0x61, (it) => it.append([it.pop()])], // APPEND
  [0x65, (it) => it.append(it.popMark())], // APPENDS
  [0x90, (it) => it.append(it.popMark())], // ADDITEMS
  [0x7d, (it) => it.push(new Map())], // EMPTY_DICT
  [0x64, (it) => it.push(it.fill(new Map(), it.popMark()))], // DICT
  [0x73, (it) => it.setItems(popMany(it, 2))], // SETITEM
  [0x75, (it) => it.setItems(it.popMark())], // SETITEMS
  // Classes, and what they make.
  [0x63, (it) => it.global(it.line(), it.line())], // GLOBAL
  [0x93, (it) => it.global(...(popMany(it, 2) as [PickleValue, PickleValue]))], // STACK_GLOBAL
  [0x52, (it) => makeObject(it, 2)], // REDUCE
  [0x81, (it) => makeObject(it, 2)], // NEWOBJ
  [0x92, (it) => makeObject(it, 3)], // NEWOBJ_EX
  [0x69, makeInstance], // INST
  [0x6f, makeOfMark], // OBJ
  [0x62, (it) => it.build()], // BUILD
]);

/** In the order in which they were pushed. */
function popMany(machine: Machine, count: number): PickleValue[] {
  return Array.from({ length: count }, () => machine.pop()).reverse();
}

function makeObject(machine: Machine, count: number): void {
  const [type, ...args] = popMany(machine, count);
  machine.push(new PickleObject(type ?? null, args));
}

function makeInstance(machine: Machine): void {
  machine.global(machine.line(), machine.line());
  const type = machine.pop();
  machine.push(new PickleObject(type, machine.popMark()));
}

function makeOfMark(machine: Machine): void {
  const [type = null, ...args] = machine.popMark();
  machine.push(new PickleObject(type, args));
}

function narrow(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U0*([0-9a-f]{1,6})|([\s\S]))/gi, (_all, x, u, U, other) => {
    const code = Number.parseInt(x ?? u ?? U ?? "", 16);
    if (Number.isNaN(code)) return named[other] ?? other;
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
