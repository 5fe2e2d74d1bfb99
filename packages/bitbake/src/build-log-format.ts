/** What meta-depid writes of a build. */
export const BUILD_LOG_FORMAT = "depid-build/1";
