import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PickleError, PickleGlobal, PickleObject, parsePickle } from "./pickle.ts";

const bytes = (text: string) => Uint8Array.from(text, (it) => it.charCodeAt(0));
const hex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (it) => Number.parseInt(it, 16));

/** What Python 3.11 makes of `[1, -2, 300, 70000, 2**70, -(2**70), 1.5, True, None, "é", b"\x00", (1,), {"a": (1, 2, 3)}, {3}]`. */
const VALUES = [1, -2, 300, 70000, 2n ** 70n, -(2n ** 70n), 1.5, true, null, "é"];
const REST = [[1], new Map([["a", [1, 2, 3]]]), [3]];

describe("a pickle", () => {
  it("holds numbers, texts, bytes, lists, tuples, sets and dicts", () => {
    const text =
      "80045d28" + // a list of
      "4b014afeffffff4d2c014a70110100" +
      "8a090000000000000000408a090000000000000000c0" +
      "473ff8000000000000884e8c02c3a9" +
      "430100" + // bytes
      "4b0185" +
      "7d8c01614b014b024b03877" +
      "38f284b0390" +
      "652e";
    const value = parsePickle(hex(text)) as unknown[];
    expect(value.slice(0, 10)).toEqual(VALUES);
    expect(value[10]).toEqual(Uint8Array.of(0));
    expect(value.slice(11)).toEqual(REST);
  });

  it("of protocol 0 is text", () => {
    const text = "(dp0\nS'it\\'s'\np1\n(lp2\nI-7\naVa\\u00e9\naL12L\naF1.5\na(I1\nI2\ntasg1\ng2\ns.";
    expect(parsePickle(bytes(text))).toEqual(new Map([["it's", [-7, "aé", 12, 1.5, [1, 2]]]]));
  });

  it.each([
    ["GLOBAL and REDUCE", "cos\nsystem\n(S'touch here'\ntR."],
    ["STACK_GLOBAL and REDUCE", "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x0atouch here\x85R."],
    ["INST", "(S'touch here'\nios\nsystem\n."],
    ["OBJ", "(cos\nsystem\nS'touch here'\no."],
    ["NEWOBJ", "cos\nsystem\n(S'touch here'\nt\x81."],
  ])("calls nothing: %s makes a record of what would be called", (_name, text) => {
    const value = parsePickle(bytes(text));
    expect(value).toBeInstanceOf(PickleObject);
    const { type, args } = value as PickleObject;
    expect(type).toEqual(new PickleGlobal("os", "system"));
    expect(JSON.stringify(args)).toContain("touch here");
  });

  it("sets no property of any object of ours", () => {
    const value = parsePickle(bytes("ca\nb\n(t\x81}S'__proto__'\n}S'x'\nI1\nssb."));
    expect((value as PickleObject).state).toEqual(new Map([["__proto__", new Map([["x", 1]])]]));
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it.each([
    ["that ends too early", "\x80\x04", "byte 2: it ends too early"],
    ["with a text longer than itself", "\x8d\xff\xff\xff\xff\xff\xff\xff\x7f", "it ends too early"],
    ["with an endless integer", "\x8b\xff\xff\x00\x00", "an integer of 65535 bytes"],
    ["that takes from an empty stack", "\x85.", "the stack is empty"],
    ["that recalls what it did not keep", "h\x07.", "nothing was kept as 7"],
    ["without a mark", "t.", "no mark on the stack"],
    ["that refers to what is outside it", "Pelsewhere\n.", "operation 0x50 is not known"],
    ["of very many operations", "N0".repeat(200_000), "more than 200000 operations"],
  ])("%s is refused", (_name, text, message) => {
    expect(() => parsePickle(bytes(text))).toThrow(message);
  });

  it("of any bytes is a value or one kind of error", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (any) => {
        try {
          parsePickle(any);
        } catch (error) {
          expect(error).toBeInstanceOf(PickleError);
        }
      }),
    );
  });
});
