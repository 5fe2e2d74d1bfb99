import { type Output, runCommand } from "./command.ts";

const { stdout, stderr } = process;
const colours = stdout.isTTY === true && !process.env.NO_COLOR;
const clear = stderr.isTTY ? () => void stderr.write("\r\u001b[K") : () => {};

const output: Output = {
  colours,
  out(line) {
    clear();
    stdout.write(`${line}\n`);
  },
  error(line) {
    clear();
    stderr.write(`${line}\n`);
  },
  ...(stderr.isTTY ? { progress: (path: string) => void stderr.write(`\r\u001b[Kchecking ${path}`) } : {}),
};

stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0); // the reader has seen enough
});

process.exitCode = await runCommand(process.argv.slice(2), output);
