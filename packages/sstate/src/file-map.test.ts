import { describe, expect, it } from "vitest";
import { createFileMapSet } from "./file-map.ts";
import { compileShellPattern } from "./fnmatch.ts";
import { FileMapError, parseFileMaps } from "./index.ts";
import { utf8AsLatin1 } from "./latin1.ts";
import { createBytesRemoval } from "./regex-removal.ts";

const removed = (maps: string, content: string, path = "./a", root = "/root") => {
  const set = createFileMapSet(parseFileMaps(maps), "do_package");
  return new TextDecoder().decode(set.remove(path, new TextEncoder().encode(content), root));
};

describe("SSTATE_HASHEQUIV_FILEMAP", () => {
  it("entries with other than three fields are passed over", () => {
    expect(parseFileMaps("  package:*/a:/tmp bad a:b package:a:b:c\n\tpackage:*:x ")).toEqual([
      { task: "package", pattern: "*/a", what: "/tmp" },
      { task: "package", pattern: "*", what: "x" },
    ]);
  });
  it("entries for another task do not count", () => {
    const set = createFileMapSet(parseFileMaps("deploy:*:x package:*/b:x"), "package");
    expect([set.matches("./a"), set.matches("./d/b")]).toEqual([false, true]);
  });
  it("the path of the directory is removed first, wherever it stands", () => {
    expect(removed("package:*:none", "a=/root/usr b=/rooted")).toBe("a=/usr b=ed");
  });
  it("each entry that matches is removed in order, pattern by pattern", () => {
    expect(removed("package:*:ab package:*/c:z package:*:cd", "acabdb", "./c")).toBe("ab");
    expect(removed("package:*:b package:./a:c package:*:ad", "abcd")).toBe("ad"); // "ad" is looked for before "c" goes
  });
  it("literal text is no regular expression", () => {
    expect(removed("package:*:a.c$&", "abc a.c$& .")).toBe("abc  .");
  });
  it("OE-Core's expression takes environment settings out of a script", () => {
    const map = "package:*:regex-\\s(PATH|PSEUDO_INCLUDE_PATHS|HOME|LOGNAME|OMP_NUM_THREADS|USER)=.*\\s";
    expect(removed(map, "#!/bin/sh\nexport HOME=/home/me\nexit 0\n")).toBe("#!/bin/sh\nexportexit 0\n");
  });
  it("content is bytes: what is no UTF-8 survives, and text outside ASCII is found", () => {
    const set = createFileMapSet(parseFileMaps("package:*:é"), "package");
    expect(set.remove("./a", Uint8Array.of(0xff, 0xc3, 0xa9, 0x80), "/r")).toEqual(Uint8Array.of(0xff, 0x80));
  });
  it("a bad expression is an error only where a file needs it, and the error names it", () => {
    const set = createFileMapSet(parseFileMaps("package:*/b:regex-(a"), "package");
    expect(set.matches("./a")).toBe(false);
    expect(() => set.remove("./d/b", new Uint8Array(), "/r")).toThrow(FileMapError);
    expect(() => set.remove("./d/b", new Uint8Array(), "/r")).toThrow(
      'SSTATE_HASHEQUIV_FILEMAP: regular expression "(a": missing ) at byte 2',
    );
  });
});

describe("shell patterns match as Python's fnmatch does", () => {
  it.each([
    ["*/postinst-*", "./usr/bin/postinst-x", true],
    ["*/postinst-*", "postinst-x", false],
    ["./?", "./\u{1F600}", true],
    ["[a", "[a", true],
    ["[]]", "]", true],
    ["[!]]", "]", false],
    ["[!a-c]", "d", true],
    ["[c-a]", "b", false],
    ["[!c-a]", "b", true],
    ["[a-]", "-", true],
    ["[a-c-e]", "d", false],
    ["[^a]", "^", true],
    ["a\\*", "a\\b", true],
    ["*", "a\nb", true],
    ["a.c", "abc", false],
  ])("%j on %j: %s", (pattern, text, matches) => {
    expect(compileShellPattern(pattern).test(text)).toBe(matches);
  });
});

// Expected values are answers of Python 3.11's re.sub on bytes.
describe("regular expressions remove as Python's re.sub on bytes does", () => {
  it.each([
    ["HOME=[^\\n]*", "a\nHOME=/x\r\nb", "a\n\nb"],
    ["x.", "x\rx\nx\u2028", "x\n\u0080\u00a8"], // "." is any byte but a newline
    ["a$", "ba\n", "b\n"],
    ["a\\Z", "a\na", "a\n"],
    ["^a", "aa\na", "a\na"],
    ["\\s", "a\u00a0b\u001cc d", "aÂ\u00a0b\u001ccd"], // the two bytes of U+00A0 are no space
    ["\\W", "é_a", "_a"],
    ["[]a]", "a]b", "b"],
    ["[^]a]", "a]b", "a]"],
    ["[\\s-]", "a- b", "ab"],
    ["a{,2}b", "aaab", "a"],
    ["a{x}", "a{x}a", "a"],
    ["(?P<n>a|b)+", "abc", "c"],
    ["a(?=b)", "abac", "bac"],
    ["(?<!b)a", "aba", "ba"],
    ["\\x41\\.", "A.A", "A"],
    ["|b", "aba", "aa"], // an empty match, then one that is not, at the same place
    ["\\w*?", "ab", ""],
    ["é", "aé", "a"],
  ])("%j on %j", (regex, text, rest) => {
    expect(createBytesRemoval(regex)(utf8AsLatin1(text))).toBe(rest);
  });
  it.each([
    ["(a)\\1", "a back-reference or octal escape is not supported"],
    ["(?i)a", '"(?i" is not supported'],
    ["(?>a)", '"(?>" is not supported'],
    ["a++", "a possessive quantifier is not supported"],
    ["^*", "a quantified assertion is not supported"],
    ["(?<=a+)b", "a look-behind with a quantifier or alternatives is not supported"],
    ["a**", "multiple repeat"],
    ["*a", "nothing to repeat"],
    ["(a", "missing )"],
    ["a)", "unbalanced parenthesis"],
    ["[a", "unterminated character set"],
    ["[z-a]", "bad character range"],
    ["a{3,2}", "minimum above maximum"],
    ["\\q", "bad escape \\q"],
    ["a\\", "backslash at the end"],
  ])("%j is refused", (regex, problem) => {
    expect(() => createBytesRemoval(regex)).toThrow(problem);
  });
});
