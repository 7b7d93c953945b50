// Takes the picture of the page that the README shows.
import { fileURLToPath } from "node:url";
import { launch, open, settled } from "./browser.mjs";
import { serve } from "./static.mjs";

const path = fileURLToPath(new URL("../docs/workbench.png", import.meta.url));
const browser = await launch();
const server = await serve();
try {
  const { page } = await open(browser, server.address, { viewport: { width: 1440, height: 900 } });
  await settled(page);
  await page.getByLabel("Protocol in the editor").selectOption("shock-causes@1.0.0");
  const rule = page.locator("[data-rule='shock-causes/repair-mechanical-complication']");
  await rule.getByText("Why, down to the chart").click();
  await rule.locator(".leaf").first().waitFor();
  await rule.getByRole("button", { name: /charted/ }).click();
  // The editor begins where the protocol does, below its head.
  await page.locator(".cm-scroller").evaluate((node) => node.scrollTo(0, 1180));
  await page.waitForTimeout(300);
  await page.screenshot({ path });
  console.log(path);
} finally {
  await browser.close();
  await server.close();
}
