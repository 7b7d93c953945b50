/** The package is JavaScript; `src/engine/package.ts` says what is used of it. */
declare module "*/dist/shockpath.js" {
  export function initSync(source: { module: WebAssembly.Module }): unknown;
}
declare module "*/js/library.js" {
  export const Library: { shipped(): unknown; of(files: Record<string, string>): unknown };
}
