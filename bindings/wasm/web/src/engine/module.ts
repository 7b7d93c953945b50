/** The engine's module, compiled once for every worker, while the page and the workers are still on their way. */

async function compile(): Promise<WebAssembly.Module> {
  const response = await fetch(new URL("../../../dist/shockpath_bg.wasm", import.meta.url));
  if (!response.ok) throw new Error(`${response.status} ${response.statusText}: ${response.url}`);
  const type = response.headers.get("content-type") ?? "";
  // A static server that does not know the type of WebAssembly is common; then it is compiled once it is there.
  return type.startsWith("application/wasm")
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

export const compiled = compile();
