import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ExploreError } from "./errors.ts";
import { type PageServer, servePage } from "./serve-page.ts";

const PAGE = { script: "", style: "", scriptHash: "script", styleHash: "style" };

let server: PageServer;
beforeEach(async () => {
  server = await servePage("the page", PAGE, 0, "secret");
});
afterEach(() => server.close());

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly host?: string;
}

/** Asks the server; `fetch` would not let the host be another. */
function ask({ path, method = "GET", host }: Asked = {}) {
  const { port, pathname, search } = new URL(server.url);
  const headers = { host: host?.replace("PORT", port) ?? `127.0.0.1:${port}` };
  return new Promise<{ status: number | undefined; text: string; policy: string | undefined }>((resolve, reject) => {
    const asked = request(
      { host: "127.0.0.1", port, path: path ?? `${pathname}${search}`, method, headers, agent: false },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        const policy = response.headers["content-security-policy"];
        resolve({ status: response.statusCode, text, policy: typeof policy === "string" ? policy : undefined });
      },
    );
    asked.on("error", reject);
    asked.end();
  });
}

describe("the page on this machine", () => {
  it("is given to who has its address, with a policy by which it reaches nobody and stands in no frame", async () => {
    const { status, text, policy } = await ask();
    expect([status, text]).toEqual([200, "the page"]);
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-script' .*frame-ancestors 'none'$/);
    expect(await ask({ host: "localhost:PORT" })).toMatchObject({ status: 200 });
  });

  it.each<[string, Asked, number]>([
    ["without the token", { path: "/" }, 403],
    ["with another token", { path: "/?token=secrets" }, 403],
    ["by another name, as a page elsewhere would ask that has its name lead here", { host: "evil.example:PORT" }, 400],
    ["for what is no address", { path: "//" }, 404],
    ["for something else", { path: "/../etc/passwd?token=secret" }, 404],
    ["to change something", { method: "POST" }, 405],
  ])("is not given to who asks %s", async (_how, asked, status) => {
    const answer = await ask(asked);
    expect([answer.status, answer.text]).toEqual([status, expect.not.stringContaining("the page")]);
  });

  it("is not served where another one is", async () => {
    const { port } = new URL(server.url);
    await expect(servePage("", PAGE, Number(port), "x")).rejects.toThrow(ExploreError);
  });
});
