import { defineConfig } from "vite";

/** The page: one script and one style sheet, which `formatPage` puts into one file. */
export default defineConfig({
  resolve: { conditions: ["@depid/source", "module", "browser"] },
  build: {
    // Not where tsc writes: what is there is removed.
    outDir: "dist/bundle",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    rollupOptions: {
      input: { explorer: "src/main.tsx", style: "src/style/index.css" },
      output: {
        entryFileNames: "[name].js",
        assetFileNames: "[name].[ext]",
      },
    },
  },
});
