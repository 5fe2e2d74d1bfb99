import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { noProgress } from "@depid/command-line/progress";
import { sha256Hex } from "@depid/hash";
import { createMemoryStorage, type Server, startServer } from "@depid/hashserv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runHashclient } from "./program.ts";

const TLS = new URL("../../../../fixtures/hashserv/tls/", import.meta.url);
const ADMIN = { username: "root", token: "hunter2" };
const LOGGED_IN = ["--login", ADMIN.username, "--password", ADMIN.token];
const METHOD = "stress.test.method";
const [T0, T1] = [sha256Hex("0"), sha256Hex("1")];

let server: Server;
beforeEach(async () => {
  server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage(), admin: ADMIN });
});
afterEach(() => server.close());

interface Setup {
  readonly input?: string;
  readonly netrc?: string;
  /** Spoken to in place of the test's server. */
  readonly address?: string;
}

/** Runs a command line. @returns the exit status and what was printed */
async function run(args: readonly string[], { input = "", netrc, address = server.address }: Setup = {}) {
  let [out, error] = ["", ""];
  async function* lines() {
    yield* input.split("\n");
  }
  const status = await runHashclient({
    args: ["--address", address, ...args],
    input: lines(),
    out: (text) => {
      out += text;
    },
    error: (text) => {
      error += text;
    },
    openProgress: async () => noProgress,
    readText: (path) => readFile(path, "utf8"),
    readNetrc: async () => netrc,
  });
  return { status, out, error };
}

/** Times, which differ from run to run, as 0. */
const withoutTimes = (text: string) => text.replace(/\d+\.\d{3}/g, "0.000");

/** Makes three rows, as stress does. */
const fill = () => run(["stress", "--clients", "2", "--requests", "3", "--report"]);

describe("depid-hashclient", () => {
  it("takes the time of look-ups by many clients, and reports what it looked up", async () => {
    const { status, out } = await fill();
    expect(withoutTimes(out)).toMatchInlineSnapshot(`
      "Number of clients:    2
      Requests per client:  3
      Number of requests:   6
      Total elapsed time:   0.000s
      Total request rate:   0.000 req/s
      Average request time: 0.000s
      Median request time:  0.000s
      Request time std dev: 0.000s
      Maximum request time: 0.000s
      Minimum request time: 0.000s
      Hashes found:         0
      Hashes missed:        6
      "
    `);
    expect(status).toBe(0);
    expect((await fill()).out).toContain("Hashes found:         6\n");
  });

  it("prints all that is known of a taskhash or an output, and nothing of what is unknown", async () => {
    await fill();
    const known = await run(["get", METHOD, T0]);
    const row = JSON.parse(known.out);
    expect(row).toMatchObject({ method: METHOD, taskhash: T0, outhash: T0, unihash: T0, PN: null, gc_mark: "" });
    expect(known.out).toBe(`${JSON.stringify(row, Object.keys(row).sort(), 4)}\n`);
    expect(await run(["get-outhash", METHOD, T0, T1])).toEqual(known);
    const error = `depid-hashclient: the server has no unihash of no, method ${METHOD}\n`;
    expect(await run(["get", METHOD, "no"])).toEqual({ status: 0, out: "", error });
    expect(await run(["--json", "get", METHOD, "no"])).toEqual({ status: 0, out: "null\n", error });
    expect(await run(["--log", "error", "get", METHOD, "no"])).toEqual({ status: 0, out: "", error: "" });
    expect((await run(["get-outhash", METHOD, "no", T1])).error).toContain("has no record of the output no");
  });

  it("says whether a unihash exists, by its exit status too", async () => {
    await fill();
    expect(await run(["unihash-exists", T0])).toMatchObject({ status: 0, out: "true\n" });
    expect(await run(["unihash-exists", "anything"])).toMatchObject({ status: 0, out: "false\n" });
    expect(await run(["unihash-exists", T0, "--quiet"])).toMatchObject({ status: 0, out: "" });
    expect(await run(["unihash-exists", "--quiet", "x"])).toMatchObject({ status: 1, out: "" });
  });

  it("collects garbage: marks by conditions and by lines of stdin, sweeps, cleans up", async () => {
    await fill();
    expect((await run(["gc-status"])).out).toBe("No Garbage collection in progress\n");
    expect((await run(["gc-mark", "M", "-w", "method", METHOD, "-w", "taskhash", T0])).out).toBe(
      "New hashes marked: 1\n",
    );
    const input = `unihash ${T1}\n\n  method ${METHOD}   taskhash ${T0}\nunihash no\n`;
    expect((await run(["gc-mark-stream", "M"], { input })).out).toBe("New hashes marked: 2\n");
    expect((await run(["gc-status"])).out).toBe(
      "Current Mark: M\nTotal hashes to keep: 2\nTotal hashes to remove: 1\n",
    );
    expect(await run(["gc-sweep", "N"])).toMatchObject({
      status: 1,
      out: "ERROR: 'N' is not the current mark. Refusing to sweep\n",
    });
    expect((await run(["gc-sweep", "M"])).out).toBe("Removed 1 rows\n");
    expect((await run(["clean-unused", "0"])).out).toBe("Removed 1 rows\n");
    expect((await run(["remove", "--where", "taskhash", T0])).out).toBe("Removed 2 row(s)\n");
    expect(await run(["remove", "--where", "taskhash", T0])).toEqual({
      status: 0,
      out: "Removed 0 row(s)\n",
      error: `depid-hashclient: no row has taskhash "${T0}": nothing was removed\n`,
    });
    expect((await run(["gc-mark", "O", "-w", "taskhash", T0])).error).toContain("nothing was marked");
    expect((await run(["remove"])).out).toBe("No query specified\n");
    expect((await run(["remove", "-w", "taskhash", T1, "--json"])).out).toBe('{\n    "count": 2\n}\n');
  });

  it("says which rows there are", async () => {
    await fill();
    expect((await run(["get-db-usage"])).out).toMatch(
      /^\{'\w+': \{'rows': \d\}.*\}\nTable name {10}\| Rows {16}\n-{20}\+-{20}\n(\w+ *\| \d {19}\n)+\nTotal rows: \d+\n$/,
    );
    const columns = (await run(["get-db-query-columns"])).out.trimEnd().split("\n");
    expect(columns).toEqual(columns.toSorted());
    expect(columns).toContain("outhash_siginfo");
  });

  it("tells the server's own account of its work, and begins it anew", async () => {
    await run(["ping", "-n", "3", "-q"]);
    expect(JSON.parse((await run(["stats", "--reset"])).out).requests.num).toBe(3);
    expect(JSON.parse((await run(["stats"])).out).requests.num).toBe(1);
  });

  it("takes the time of pings", async () => {
    expect(withoutTimes((await run(["ping", "-n", "2"])).out)).toMatchInlineSnapshot(`
      "Ping 1 of 2... 0.000s
      Ping 2 of 2... 0.000s
      ------------------------
      Number of pings:         2
      Average round trip time: 0.000s
      Median round trip time:  0.000s
      Round trip time std dev: 0.000s
      Min time is:             0.000s
      Max time is:             0.000s
      "
    `);
    expect(JSON.parse((await run(["ping", "-n", "2", "--json"])).out)).toMatchObject({ count: 2 });
  });
});

describe("users", () => {
  const token = (out: string) => /Token: {7}([A-Za-z0-9._]{64})\n/.exec(out)?.[1] ?? "";

  it("are made, shown, changed and deleted by an administrator", async () => {
    const made = await run([...LOGGED_IN, "new-user", "-u", "bob", "@read", "@report"]);
    expect(made.out).toMatch(/^Username: {4}bob\nPermissions: @read @report\nToken: {7}\S{64}\n$/);
    expect((await run([...LOGGED_IN, "set-user-perms", "-u", "bob", "@read"])).out).toBe(
      "Username:    bob\nPermissions: @read\n",
    );
    expect((await run([...LOGGED_IN, "get-all-users"])).out).toBe(
      `Username            | Permissions\n${"-".repeat(20)}+${"-".repeat(20)}\n` +
        "root                | @all @db-admin @read @report @user-admin\nbob                 | @read\n",
    );
    const asBob = ["-l", "bob", "-p", token(made.out)];
    expect((await run([...asBob, "get-user"])).out).toBe("Username:    bob\nPermissions: @read\n");
    expect((await run([...LOGGED_IN, "-b", "bob", "get-user"])).out).toContain("bob");
    const refreshed = token((await run([...asBob, "refresh-token"])).out);
    expect(refreshed).not.toBe(token(made.out));
    expect((await run(["-l", "bob", "-p", refreshed, "delete-user", "-u", "bob"])).out).toBe("Username:    bob\n");
    expect(await run([...LOGGED_IN, "get-user", "-u", "bob"])).toMatchObject({
      status: 1,
      out: "",
      error: 'depid-hashclient: there is no user "bob"\n',
    });
  });

  it.each([
    [["get-all-users"], "ERROR: Anonymous user is not allowed to access permissions(s) @user-admin\n"],
    [[...LOGGED_IN, "new-user", "-u", "bob", "@x"], "ERROR: Unknown permissions @x\n"],
    [[...LOGGED_IN, "-b", "nobody", "stats"], "ERROR: User nobody doesn't exist\n"],
  ])("are told why not: %j", async (args, out) => {
    expect(await run(args)).toEqual({ status: 1, out, error: "" });
  });

  it("are looked up in ~/.netrc by the address of the server", async () => {
    const netrc = `machine ${server.address} login root password hunter2\n`;
    expect((await run(["get-user"], { netrc })).out).toContain("Username:    root\n");
    expect(await run(["--no-netrc", "get-user"], { netrc })).toMatchObject({ status: 1 });
    expect(await run(["get-user"], { netrc: netrc.replace("machine ", "machine x") })).toMatchObject({ status: 1 });
  });
});

describe("a command line", () => {
  it("without a command does nothing", async () => {
    expect(await run([], { address: "127.0.0.1:1" })).toEqual({ status: 0, out: "", error: "" });
  });

  it.each([
    [["nonsense"], /^depid-hashclient: unknown command 'nonsense'; see depid-hashclient --help\n$/],
    [["gc-swep", "M"], /unknown command 'gc-swep' \(did you mean gc-sweep\?\)/],
    [["help", "pin"], /unknown command 'pin' \(did you mean ping\?\)/],
    [["--log", "loud", "ping"], /^depid-hashclient: option '--log <level>' .*expected ERROR/],
    [["--tls-ca", "/none.pem", "ping"], /^depid-hashclient: --tls-ca \/none.pem: no such file\n$/],
    [["get", "m"], /^depid-hashclient get: missing required argument 'taskhash'; see /],
    [["get", "m", "t", "u"], /^depid-hashclient get: too many arguments/],
    [["remove", "-w", "key"], /^depid-hashclient remove: option '-w, --where <key value>' .*expected KEY VALUE/],
    [["ping", "-n", "x"], /^depid-hashclient ping: .*expected a whole number/],
    [["clean-unused", "old"], /expected a whole number/],
    [["new-user"], /^depid-hashclient new-user: required option '-u, --username <name>' not specified; see /],
  ])("that makes no sense has status 2: %j", async (args, error) => {
    const result = await run(args);
    expect(result).toMatchObject({ status: 2, out: "" });
    expect(result.error).toMatch(error);
  });

  it.each([[["gc-mark-stream", "M"], /^depid-hashclient: no hash equivalence server answers at 127\.0\.0\.1:1: /]])(
    "that cannot be carried out has status 1: %j",
    async (args, error) => {
      const result = await run(args, { address: "127.0.0.1:1" });
      expect(result).toMatchObject({ status: 1, out: "" });
      expect(result.error).toMatch(error);
    },
  );

  it.each([
    [
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      / is no hash equivalence server: it answered what none does \(a message is not JSON\)\n$/,
    ],
    ["SSH-2.0-OpenSSH_9.2\r\n", / is no hash equivalence server: /],
    ["", /connection closed by the server; perhaps what listens there is no hash equivalence server\n$/],
  ])("to something that is no hash equivalence server says so: it answers %j", async (answer, error) => {
    const other = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(answer));
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const result = await run(["stats"], { address: `127.0.0.1:${port}` });
    other.close();
    expect(result).toMatchObject({ status: 1, out: "" });
    expect(result.error).toMatch(error);
  });

  it("knows --help and --version", async () => {
    const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
    expect(await run(["--version"])).toMatchObject({ status: 0, out: expect.stringMatching(manifest.version) });
    const { status, out } = await run(["--help"]);
    expect(status).toBe(0);
    for (const name of ["get-outhash", "stress", "gc-mark-stream", "new-user"]) expect(out).toContain(`  ${name} `);
  });
});

it("speaks TLS with a server it is told to trust, and no other", async () => {
  const [cert, key] = [
    await readFile(new URL("cert.pem", TLS), "utf8"),
    await readFile(new URL("key.pem", TLS), "utf8"),
  ];
  const secure = await startServer({ bind: "ws://127.0.0.1:0", storage: createMemoryStorage(), tls: { cert, key } });
  const setup = { address: secure.address };
  expect(await run(["unihash-exists", "x"], setup)).toMatchObject({
    status: 1,
    error: expect.stringContaining("self-signed certificate"),
  });
  const trusting = ["--tls-ca", new URL("cert.pem", TLS).pathname];
  expect(await run([...trusting, "unihash-exists", "x"], setup)).toMatchObject({ status: 0, out: "false\n" });
  await secure.close();
});
