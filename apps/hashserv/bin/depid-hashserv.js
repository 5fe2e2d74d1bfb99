#!/usr/bin/env node
// Its modules are files, too: without room for them nothing else could say so.
try {
  await import("../dist/main.js");
} catch (error) {
  if (error?.code !== "EMFILE" && error?.code !== "ENFILE") throw error;
  console.error(
    "depid-hashserv: too few files may be open at a time to start: raise the limit (ulimit -n, LimitNOFILE=)",
  );
  process.exitCode = 1;
}
