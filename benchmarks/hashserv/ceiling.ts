import { createServer } from "node:net";
import { depidOf, METHOD, taskhashOf } from "./rows.ts";

/**
 * The ceiling: a server that knows nothing of the protocol but the lines of the benchmark, which it answers out of a
 * Map. No Node server can do less for an answer. Arguments: how many entries it has. Prints its port.
 */
const entries = Number(process.argv[2]);
const answers = new Map<string, string>();
for (let i = 0; i < entries; i++) {
  answers.set(`${METHOD} ${taskhashOf(i)}`, depidOf(i));
  answers.set(depidOf(i), "true");
}

const server = createServer({ noDelay: true }, (socket) => {
  let [rest, greeted] = ["", false];
  socket.on("error", () => socket.destroy());
  socket.on("data", (bytes) => {
    const lines = (rest + bytes.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    let text = "";
    for (const line of lines) {
      if (!greeted) greeted = line === "";
      else if (line.startsWith("{")) text += line.includes("stream") ? '"ok"\n' : `${answerReport(line)}\n`;
      else text += `${answers.get(line) ?? ""}\n`;
    }
    if (text !== "") socket.write(text, "latin1");
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${(server.address() as { port: number }).port}\n`));

function answerReport(line: string): string {
  const { report } = JSON.parse(line);
  answers.set(`${report.method} ${report.taskhash}`, report.unihash);
  return JSON.stringify({ taskhash: report.taskhash, method: report.method, unihash: report.unihash });
}
