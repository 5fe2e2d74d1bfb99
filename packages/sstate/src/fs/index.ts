export { type AccountFiles, HOST_ACCOUNTS } from "./accounts.ts";
export { createDirectoryTree } from "./directory-tree.ts";
export { createInterfaceTree, type ListSymbols } from "./interface-tree.ts";
export { packObject, unpackObject } from "./object-archive.ts";
