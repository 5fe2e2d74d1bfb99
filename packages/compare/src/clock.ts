/** Variables of OE-Core and BitBake that hold the time of the build. */
const NAMES = /^(?:DATE|TIME|DATETIME|BUILD_DATE|BUILD_TIME|BUILDNAME|TIMESTAMP|BUILD_TIMESTAMP)$/;

/** What a time looks like in a text, the longest first; of digits alone only what is a date of this century. */
const TIMES: readonly RegExp[] = [
  /\b20\d\d-(?:0\d|1[0-2])-[0-3]\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g,
  /(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[-_T]?(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?)?Z?(?!\d)/g,
  /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:\w{3} +\d{1,2}|\d{1,2} \w{3})[ \d:]*(?:[A-Z]{3,4} ?)?\d{4}\b/g,
  /(?<![\d:])(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?![\d:])/g,
  /(?<![\w.])1[4-9]\d{8}(?:\.\d+)?(?![\w.])/g,
];

/** Whether a variable is one that holds the time of the build, by its name. */
export function isClockName(name: string): boolean {
  return NAMES.test(name);
}

/** Whether two texts differ in times alone: both have some, and are the same without them. */
export function differInTimes(before: string, after: string): boolean {
  if (before === after) return false;
  const [a, b] = [withoutTimes(before), withoutTimes(after)];
  return a === b && a !== before;
}

function withoutTimes(text: string): string {
  return TIMES.reduce((rest, pattern) => rest.replace(pattern, "\u0000"), text);
}
