// `npm run api`: a page for each thing that the packages export, with what its docstring says, in docs/api.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Application, Converter } from "typedoc";

const ROOT = join(import.meta.dirname, "../..");

/** Source of each export of the packages, to the name it is imported by. */
const names = new Map(
  readdirSync(join(ROOT, "packages")).flatMap((folder) => {
    const { name, exports } = JSON.parse(readFileSync(join(ROOT, "packages", folder, "package.json"), "utf8"));
    return Object.entries(exports).map(([path, target]) => [
      join(ROOT, "packages", folder, target["@depid/source"]),
      join(name, path),
    ]);
  }),
);

const app = await Application.bootstrap({
  name: "depid",
  entryPoints: [...names.keys()],
  tsconfig: join(import.meta.dirname, "tsconfig.json"),
  basePath: ROOT,
  readme: "none",
  out: join(ROOT, "docs/api"),
  disableGit: true,
  sourceLinkTemplate: "../../../packages/{path}#L{line}",
  excludeExternals: true,
  treatWarningsAsErrors: true,
  validation: { invalidLink: true, notExported: false, notDocumented: false },
});
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  for (const module of project.children ?? [])
    module.name = names.get(module.sources?.[0]?.fullFileName) ?? module.name;
});

const project = await app.convert();
if (project === undefined) process.exit(2);
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);

const pages = readdirSync(join(ROOT, "docs/api"), { recursive: true }).filter((it) => it.endsWith(".html"));
const broken = pages.flatMap((page) => {
  const file = join(ROOT, "docs/api", page);
  const targets = [...readFileSync(file, "utf8").matchAll(/href="(\.[^"#?]*)/g)].map(([, target]) => decodeURI(target));
  return targets.filter((it) => !existsSync(join(dirname(file), it))).map((it) => `${page}: ${it} is not there`);
});
for (const line of broken) console.error(line);
if (broken.length > 0) process.exit(1);
console.log(`${names.size} modules: ${relative(process.cwd(), join(ROOT, "docs/api/index.html"))}`);
