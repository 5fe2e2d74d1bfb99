// biome-ignore-all lint/suspicious/noTemplateCurlyInString: BitBake and shells write expansions so
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareCode } from "./compare-code.ts";

describe("two texts of a shell function", () => {
  it.each([
    ["a comment line more", "\tmake\n", "\t# why\n\tmake\n", "comment"],
    ["a comment behind a command", "\tmake\n", "\tmake # why\n", "comment"],
    [
      "other indentation and blank lines",
      "\tif a; then\n\tb\n\tfi\n",
      "    if a;   then\n\n        b\n    fi\n",
      "comment",
    ],
    ["a line continued", "\tmake all\n", "\tmake \\\n\t    all\n", "comment"],
    ["a comment after an operator", "\ta;b\n", "\ta;#c\n\tb\n", "code"],
    ["a comment that ends a continued line", "\ta \\\n\tb\n", "\ta \\\n\t# c\n\tb\n", "code"],
    ["another word", "\tmake\n", "\tmake all\n", "code"],
    ["# in single quotes", "\techo '# a'\n", "\techo '# b'\n", "code"],
    ["# in double quotes", '\techo "x # a"\n', '\techo "x # b"\n', "code"],
    ["# in the middle of a word", "\techo a#b\n", "\techo a#c\n", "code"],
    ["# behind a quoted part", "\techo 'a'#b\n", "\techo 'a'#c\n", "code"],
    ["${x#y}", "\techo ${x#y}\n", "\techo ${x#z}\n", "code"],
    ["${x## y}", "\techo ${x## y}\n", "\techo ${x## z}\n", "code"],
    ["$# and ${#x}", "\techo $# ${#x} a\n", "\techo $# ${#x} b\n", "code"],
    ["an escaped #", "\techo \\# a\n", "\techo \\# b\n", "code"],
    ["white space in quotes", "\techo 'a  b'\n", "\techo 'a b'\n", "code"],
    ["a here-document", "\tcat >${D}/f <<EOF\n# a\nEOF\n", "\tcat >${D}/f <<EOF\n# b\nEOF\n", "code"],
    ["white space in a here-document", "\tcat >${D}/f <<EOF\na\nEOF\n", "\tcat >${D}/f <<EOF\n a\nEOF\n", "code"],
    ["a comment behind a here-document", "\tcat <<EOF\na\nEOF\n", "\tcat <<EOF\na\nEOF\n\t# b\n", "comment"],
    [
      "a comment behind the word of a here-document",
      "\tcat <<-'EOF' >f\n\ta\n\tEOF\n",
      "\tcat <<-'EOF' >f # b\n\ta\n\tEOF\n",
      "comment",
    ],
    ["a here-document without an end", "\tcat <<EOF\na\n", "\tcat <<EOF\na\n# b\n", "unsure"],
    ["a descriptor and a word", "\techo 2>x\n", "\techo 2 >x\n", "code"],
    ["operators with a blank in them", "\ta && b\n", "\ta & & b\n", "code"],
    ["a comment in a substitution", "\techo $(a # b\n\t)\n", "\techo $(a # c\n\t)\n", "unsure"],
    ["arithmetic with a base", "\techo $((16#ff))\n", "\techo $((16#fe))\n", "code"],
    ["a comment that BitBake expands", "\ta\n", "\ta # ${B}\n", "unsure"],
    ["quotes inside ${@…}", "\ta '${@d.getVar('B')}' # x\n", "\ta '${@d.getVar('B')}' # y\n", "comment"],
    ["a queried word", "\ta\n\nF{w} = Set", "\ta\n\nF{w} = Unset", "code"],
    ["a comment beside a queried word", "\ta\n\nF{w} = Set", "\ta # b\n\nF{w} = Set", "comment"],
    ["an unterminated quote", "\techo 'a\n", "\techo 'a\n\n", "unsure"],
  ])("%s", (_what, before, after, expected) => {
    expect(compareCode(before, after)).toBe(expected);
    expect(compareCode(after, before)).toBe(expected);
  });
});

describe("two texts of a Python function", () => {
  it.each([
    [
      "a comment more in a def",
      "def f(d):\n    return g(d)\n",
      "def f(d):\n    # why\n    return g(d) # so\n",
      "comment",
    ],
    ["a comment more in a body", "    g(d)\n", "    # why\n    g(d)\n", "comment"],
    [
      "a comment at the left edge",
      "    if a(d):\n        b()\n        c()\n",
      "    if a(d):\n        b()\n# x\n        c()\n",
      "comment",
    ],
    ["another indentation", "def f(d):\n    g(d)\n", "def f(d):\n  g(d)\n", "comment"],
    [
      "a line out of a block",
      "    if a(d):\n        b()\n        c()\n",
      "    if a(d):\n        b()\n    c()\n",
      "code",
    ],
    ["a call broken over lines", "    g(a, b)\n", "    g(a,\n      b)\n", "comment"],
    ["a string with #", "    g('# a')\n", "    g('# b')\n", "code"],
    ["a comment in a triple-quoted string", '    g("""\n# a\n""")\n', '    g("""\n# b\n""")\n', "code"],
    ["a documentation string", '    """a"""\n    g()\n', '    """b"""\n    g()\n', "code"],
    ["an f-string", "    g(f'{a} # b')\n", "    g(f'{a} # c')\n", "code"],
    ["white space in an f-string", "    g(f'{a}  b')\n", "    g(f'{a} b')\n", "code"],
    ["another operator", "    g(a not in b)\n", "    g(a in b)\n", "code"],
    ["a queried word", "    g()\n\nF{w} = Set", "    g() # b\n\nF{w} = Set", "comment"],
    ["what may be shell too, and would differ there", "a=1\n", "a = 1\n", "unsure"],
  ])("%s", (_what, before, after, expected) => {
    expect(compareCode(before, after)).toBe(expected);
  });
});

const word = fc.constantFrom(
  "a",
  "b1",
  "${B}",
  "'q # r'",
  '"s # t"',
  "${x#y}",
  "u#v",
  "$(w x)",
  "\\#",
  "`y`",
  "$#",
  "-z",
  "2>f",
);
const shellLine = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `\t${words.join(" ")}`);
const hereDocument = fc.constantFrom("\tcat <<EOF\n# not a comment\nEOF", "\tcat <<-'END' | sort\n\t# nor this\n\tEND");
const shellBlock = fc.array(fc.oneof({ weight: 4, arbitrary: shellLine }, hereDocument), {
  minLength: 1,
  maxLength: 6,
});
const comment = fc.stringMatching(/^[ -#%-~]{0,12}$/).map((text) => `# ${text}`);

const name = fc.constantFrom("a", "b", "x1");
const expression = fc.oneof(
  name,
  fc.constantFrom("'s # t'", '"""u\n# v"""', "f'{a}#b'", "1", "[1, 2]", "d.getVar('A')", "not a", "{'k': 'v'}"),
);
const statement = fc.oneof(
  fc.tuple(name, expression).map(([to, value]) => [`${to} = ${value}`]),
  expression.map((value) => [`f(${value})`]),
  fc.tuple(expression, expression).map(([test, value]) => [`if ${test}:`, `    f(${value})`, `    g()`]),
);
const pythonBlock = fc.array(statement, { minLength: 1, maxLength: 5 }).map((all) => ["f(d)", ...all.flat()]);

/** Lines with things put between them at will; `insert[i]` stands above line i. */
function weave(lines: readonly string[], insert: readonly string[]): string {
  return lines.map((line, i) => `${insert[i] === undefined ? "" : `${insert[i]}\n`}${line}\n`).join("");
}

describe("whatever the code", () => {
  it("comments and blank lines put between the lines of a shell function are only that", () => {
    const inserted = fc.array(
      fc.oneof(
        comment,
        comment.map((it) => `\t\t${it}`),
        fc.constant(""),
        fc.constant("  "),
      ),
    );
    fc.assert(
      fc.property(shellBlock, inserted, (block, insert) => {
        const lines = ["\tinstall -d ${D}", ...block]; // so that it cannot be Python
        expect(compareCode(weave(lines, []), weave(lines, insert))).toBe("comment");
      }),
    );
  });

  it("comments and blank lines put between the lines of a Python function are only that", () => {
    const inserted = fc.array(
      fc.oneof(
        comment,
        comment.map((it) => `    ${it}`),
        fc.constant(""),
      ),
    );
    fc.assert(
      fc.property(pythonBlock, inserted, (lines, insert) => {
        const body = lines.map((line) => `    ${line}`);
        expect(compareCode(weave(body, []), weave(body, insert))).toBe("comment");
      }),
    );
  });

  it("a changed, added or removed word of shell code is never taken for a comment", () => {
    fc.assert(
      fc.property(shellBlock, shellLine, fc.nat(), fc.boolean(), (lines, other, at, replace) => {
        const i = at % lines.length;
        const changed = lines.toSpliced(i, replace ? 1 : 0, other);
        fc.pre(changed.join("\n") !== lines.join("\n"));
        expect(compareCode(weave(lines, []), weave(changed, []))).not.toBe("comment");
      }),
    );
  });

  it("another character inside a line of shell code is never taken for a comment", () => {
    fc.assert(
      fc.property(shellBlock, fc.nat(), fc.constantFrom("x", "'", '"', "(", "}", "<"), (lines, at, character) => {
        const text = weave(lines, []);
        const i = at % text.length;
        expect(compareCode(text, text.slice(0, i) + character + text.slice(i))).not.toBe("comment");
      }),
    );
  });

  it("a changed, added or removed statement of Python code is never taken for a comment", () => {
    fc.assert(
      fc.property(pythonBlock, statement, fc.nat(), (lines, other, at) => {
        const i = 1 + (at % lines.length);
        const changed = lines.toSpliced(
          i,
          0,
          ...(lines[i]?.startsWith("    ") ? other.map((it) => `    ${it}`) : other),
        );
        const text = (all: readonly string[]) =>
          weave(
            all.map((line) => `    ${line}`),
            [],
          );
        expect(compareCode(text(lines), text(changed))).not.toBe("comment");
      }),
    );
  });
});

describe("texts that are only logged", () => {
  it.each([
    ["a note of a shell function", '\tbbnote "a" $Z\n\tmake\n', '\tbbnote "b" $Z\n\t# c\n\tmake\n', "messages"],
    ["behind an operator", '\ttest -e f || bbfatal "a"\n', '\ttest -e f || bbfatal "b"\n', "messages"],
    ["another function to log with", '\tbbnote "a"\n', '\tbbwarn "a"\n', "code"],
    ["one message more", "\tmake\n", '\tbbnote "a"\n\tmake\n', "code"],
    ["written to a file", '\tbbnote "a" > f\n', '\tbbnote "b" > f\n', "code"],
    ["with a command in it", '\tbbnote "$(a)"\n', '\tbbnote "$(b)"\n', "code"],
    ["printed by echo, which may go anywhere", '\techo "a"\n', '\techo "b"\n', "code"],
    ["an argument of that name", '\tf bbnote "a"\n', '\tf bbnote "b"\n', "code"],
    ["of Python", 'def f(d):\n    bb.note("a %s" % x)\n', 'def f(d):\n    bb.note("b %s" % x) # y\n', "messages"],
    ["of a Python body", '    bb.debug(1, "a")\n    g(x)\n', '    bb.debug(1, "b")\n    g(x)\n', "messages"],
    ["at another level", '    bb.debug(1, "a")\n    g(x)\n', '    bb.debug(2, "a")\n    g(x)\n', "code"],
    ["a string of a call within", 'def f(d):\n    bb.note(g("a"))\n', 'def f(d):\n    bb.note(g("b"))\n', "code"],
    ["a string that runs code", 'def f(d):\n    bb.note(f"{a()}")\n', 'def f(d):\n    bb.note(f"{b()}")\n', "code"],
    ["a comparison", 'def f(d):\n    bb.note("a" > x)\n', 'def f(d):\n    bb.note("b" > x)\n', "code"],
    [
      "another function of Python",
      'def f(d):\n    bb.utils.mkdirhier("a")\n',
      'def f(d):\n    bb.utils.mkdirhier("b")\n',
      "code",
    ],
  ])("%s", (_what, before, after, expected) => {
    expect(compareCode(before, after)).toBe(expected);
  });
});
