export { type AccountFiles, HOST_ACCOUNTS } from "./fs/accounts.ts";
export { createDirectoryTree } from "./fs/directory-tree.ts";
