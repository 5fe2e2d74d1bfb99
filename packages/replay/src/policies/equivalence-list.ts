import { byDepId, forgetting, reportingLevel } from "./parts.ts";
import type { Policy } from "./policy.ts";
import type { EquivalenceListOptions } from "./policy-options.ts";

/**
 * Purdie's counter-proposal of 2017 (origins.md section 2): a list of the build system's own, which says of new checksums which definitive one they are
 * equivalent to. The comparison is no part of the metadata.
 */
export function equivalenceList({ compare = "output" }: EquivalenceListOptions = {}): Policy {
  return {
    name: "equivalence-list",
    definition: `Purdie's list of 2017: the first object of an output is definitive, a later one that compares equal (${compare}) is mapped to it, and builds convert their checksums by the list as they start`,
    rebuilder: forgetting(byDepId()),
    server: { reporter: reportingLevel(compare), adoption: "next build", map: "list" },
  };
}
