export { type AccountFiles, HOST_ACCOUNTS } from "./accounts.ts";
export { createDirectoryTree } from "./directory-tree.ts";
export { packObject, unpackObject } from "./object-archive.ts";
