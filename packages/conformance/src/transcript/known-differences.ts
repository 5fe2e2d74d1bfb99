/** Lines of the recordings where our server knowingly differs, by the recording's name; docs/differences.md says why. */
export const KNOWN_DIFFERENCES: Readonly<Record<string, readonly number[]>> = {
  "quirk-clean-age": [12, 14, 20, 22, 28, 30, 36, 38],
  "quirk-odd-types": [8, 108],
  "quirk-upstream-auth": [9, 10, 17, 18, 25, 26, 33, 34, 41, 52, 53],
  "quirk-upstream-columns": [16],
  "quirk-upstream-miss": [12, 21],
};
