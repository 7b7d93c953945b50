// Takes the picture of the page that the README shows.
import { fileURLToPath } from "node:url";
import { launch, open, settled } from "./browser.mjs";
import { serve } from "./static.mjs";

const path = fileURLToPath(new URL("../docs/workbench.png", import.meta.url));
const browser = await launch();
const server = await serve();
try {
  const { page } = await open(browser, server.address, { viewport: { width: 1728, height: 1000 } });
  await settled(page);
  await page.getByLabel("Protocol in the editor").selectOption("ami-shock-escalation@1.0.0");
  const rule = page.locator("[data-rule='ami-shock-escalation/start-va-ecmo']");
  await rule.getByText("Why, down to the chart").click();
  await rule.locator(".node").first().waitFor();
  await rule.evaluate((node) => node.scrollIntoView({ block: "center" }));
  await page.waitForTimeout(300);
  await page.screenshot({ path });
  console.log(path);
} finally {
  await browser.close();
  await server.close();
}
