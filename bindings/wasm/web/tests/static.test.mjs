// A folder of files is all that the page needs, wherever it lies.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { launch, open, settled } from "./browser.mjs";
import { serve } from "./static.mjs";

test("it works from a subfolder of a plain static server", async () => {
  const browser = await launch();
  const server = await serve("/somewhere/deep/");
  try {
    const { page, requests, errors } = await open(browser, server.address);
    await settled(page);
    assert.deepEqual(errors, []);
    for (const url of requests.filter((url) => url.startsWith("http"))) assert.ok(url.startsWith(server.address), url);
    assert.ok(server.asked.every(({ path }) => path.startsWith("/somewhere/deep/")));
  } finally {
    await browser.close();
    await server.close();
  }
});

test("no file of the page names an address to fetch from", async () => {
  const dist = new URL("../dist/", import.meta.url);
  const names = await readdir(dist, { recursive: true });
  for (const name of names.filter((name) => name.endsWith(".html") || name.endsWith(".css"))) {
    const text = await readFile(new URL(name, dist), "utf8");
    assert.doesNotMatch(text, /(?:src|href|url)\s*[=(]\s*["']?https?:/, name);
  }
});
