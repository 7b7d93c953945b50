// Contrast, labels and roles, by axe; and that nothing is cut off where letters are large or the window narrow.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, open, settled } from "./browser.mjs";
import { serve } from "./static.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let browser;
let server;

before(async () => {
  browser = await launch();
  server = await serve();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const violations = async (page) => {
  // Evaluated, not added as a script: the page allows no script but its own.
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary}`));
};

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-US", "ko-KR"]) {
    test(`axe finds nothing: ${colorScheme}, ${locale}`, async () => {
      const { context, page, errors } = await open(browser, server.address, { colorScheme, locale });
      await settled(page);
      assert.deepEqual(await violations(page), []);
      // What can be opened, opened; of the traces a few, since they are all alike.
      await page.evaluate(() => {
        document.querySelectorAll("details:not(.trace)").forEach((node) => (node.open = true));
        [...document.querySelectorAll("details.trace")].slice(0, 3).forEach((node) => (node.open = true));
      });
      await page.locator(".trace .leaf").first().waitFor();
      await page.getByRole("tab").last().click();
      await page.locator(".sliders input").first().waitFor();
      assert.deepEqual(await violations(page), []);
      assert.deepEqual(errors, []);
      await context.close();
    });
  }
}

for (const [name, viewport] of [
  ["200 % zoom of 1366 pixels", { width: 683, height: 384 }],
  ["a window of 400 pixels", { width: 400, height: 800 }],
]) {
  test(`nothing is cut off: ${name}`, async () => {
    const { context, page } = await open(browser, server.address, { viewport });
    await settled(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `the page scrolls sideways by ${wide} pixels`);
    assert.ok(await page.getByText("Nothing here is approved for care").isVisible());
    await context.close();
  });
}
