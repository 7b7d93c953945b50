import { defineConfig } from "vite";

// Paths are relative, so that the page works from any folder of any static server.
export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    // The module of the engine is fetched and compiled while it arrives; nothing is put into text.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  worker: { format: "es" },
  server: { fs: { allow: ["../../.."] } },
});
