export { MAX_SOCKET_PATH_BYTES, withShortPath } from "./short-path.ts";
