/**
 * Looks at what each package would publish: `npm run packed`. publint holds package.json against the packed files; attw tries how TypeScript
 * resolves each export (ESM only, as all of ours are). Ends with 1 if one of them finds something.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const folders = ["packages", "apps"].flatMap((room) => readdirSync(room).map((name) => `${room}/${name}`));
let wrong = 0;
for (const folder of folders) {
  const { exports, name } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const tries = [["publint", "--strict", folder]];
  if (exports !== undefined) tries.push(["attw", "--pack", folder, "--profile", "esm-only", "--format", "ascii"]);
  const failed = tries.filter(([program, ...args]) => {
    const { status, stdout, stderr } = spawnSync("npx", ["--no-install", program, ...args], { encoding: "utf8" });
    if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
    return status !== 0;
  });
  console.log(
    `${name}: ${failed.length === 0 ? "as it should be" : `${failed.map(([it]) => it).join(", ")} found something`}`,
  );
  wrong += failed.length;
}
process.exitCode = wrong === 0 ? 0 : 1;
