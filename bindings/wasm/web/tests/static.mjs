// A plain static file server: it knows files and nothing else.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".wasm": "application/wasm",
};

/** Serves the built page below a folder of the server; gives its address, and every path that was asked for. */
export async function serve(folder = "/") {
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://local").pathname);
    asked.push({ method: request.method, path });
    const inside = path.startsWith(folder) ? normalize(path.slice(folder.length)) : "..";
    const file = join(DIST, inside === "." || inside === "" ? "index.html" : inside);
    const found = !inside.startsWith("..") && (await stat(file).catch(() => undefined))?.isFile();
    if (!found || request.method !== "GET") return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${server.address().port}${folder}`;
  return { address, asked, close: () => new Promise((resolve) => server.close(resolve)) };
}
