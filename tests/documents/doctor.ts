import { mkdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BUILT, type Built, TestBuild } from "../../apps/simulator/src/testing/test-build.ts";
import { depid, depidWith, type Example } from "./example.ts";

/** A build directory after a build, with some settings. */
async function putBuild(folder: string, conf = ""): Promise<TestBuild> {
  const build = new TestBuild(join(folder, "build"));
  await mkdir(build.folder);
  await build.make();
  await build.configure(conf);
  return build;
}

export const DOCTOR: readonly Example[] = [
  depidWith("nothing that is wrong", async (folder) => ["doctor", (await putBuild(folder)).folder]),
  depidWith("objects and siginfo files that are gone", async (folder) => {
    const build = await putBuild(folder);
    const pathOf = (at: number) => join(build.sstate, build.pathOf(BUILT[at] as Built));
    await unlink(pathOf(0));
    await unlink(`${pathOf(2)}.siginfo`);
    return ["doctor", build.folder, "--hashserv", build.database];
  }),
  depidWith("settings that are wrong, or not known", async (folder) => [
    "doctor",
    (await putBuild(folder, `SSTATE_DIR = "\${@later()}"\nBB_SIGNATURE_HANDLER = "OEBasicHash"\n`)).folder,
  ]),
  depidWith("an sstate directory, and an object that is empty", async (folder) => {
    const build = await putBuild(folder);
    await writeFile(join(build.sstate, build.pathOf(BUILT[3] as Built)), "");
    return ["doctor", build.sstate];
  }),
  depid("a mirror", "doctor", "fixtures/cases/02-doctor-mirror-local-server"),
];
