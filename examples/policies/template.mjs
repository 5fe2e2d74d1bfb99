// A policy of your own for `depid replay HISTORY --policy ./template.mjs,basichash,clairvoyant`. It works from any folder: it imports nothing, and is
// given the parts that policies are made of. docs/policies.md says what they do.

/** @param parts { byHash, byDepId, hashing, forgetting, reusingNothing, everyTask, reportingLevel, levelText, LEVELS, createBasic, createBasicHash, createEquivHash } */
export const policy = ({ byDepId, hashing, everyTask }) => ({
  // A sentence for the reader of a report.
  definition: "equivhash of the RFC, but tasks do not hash what documentation tools make",

  // What is reused, and the hashes by which it is found. `byHash(createBasicHash)` asks no server, `byDepId()` does. `hashing` leaves dependencies out:
  // of a task and a dependency there are pn, task, version, basehash, files, setscene and so on, as in a capture.
  rebuilder: hashing(byDepId(), () => (task, dependency) => {
    return task.pn === dependency.pn || !["texinfo-native", "help2man-native"].includes(dependency.pn);
  }),

  // Who reports, and when an answer counts: "next build", "at once" or "awaited". Leave all of it out if nobody reports. Your own outhash is
  // `{ outHashOf: (task, content, context) => 64 hexadecimal digits }`; `map: "list"` keeps reports from the server.
  server: { reporter: everyTask, adoption: "next build" },
});
