// Chromium as Debian packages it, with nothing of a profile and nothing that calls home.
import { chromium } from "playwright-core";

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** Opens the page and waits for the first answer with all its details. */
export async function open(browser, address, options = {}) {
  const context = await browser.newContext({ locale: "en-US", viewport: { width: 1366, height: 768 }, ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  const requests = [];
  context.on("request", (request) => requests.push(request.url()));
  await page.goto(address);
  await page.getByTestId("answer").waitFor();
  return { context, page, errors, requests };
}

/** The details are there: what changed, what is missing. */
export async function settled(page) {
  await page.locator(".cm-content").waitFor();
  await page.locator("[data-testid=answer][data-detailed=true]").waitFor();
}
