// What Lighthouse objects to on pages that a running browser opens: `node lighthouse.mjs MODULE PORT URL…` prints a list.
import { pathToFileURL } from "node:url";

const [module, port, ...pages] = process.argv.slice(2);
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(module).href);

// Pages keep a line open for news, so that the network is never idle: they are looked at after a few seconds.
const settings = {
  ...desktopConfig.settings,
  onlyCategories: ["accessibility", "best-practices"],
  throttlingMethod: "provided",
  disableStorageReset: true,
  networkQuietThresholdMs: 500,
  cpuQuietThresholdMs: 500,
  maxWaitForLoad: 3000,
  disableFullPageScreenshot: true,
  skipAboutBlank: true,
};

const objections = [];
for (const page of pages) {
  const { lhr } = await lighthouse(page, { port: Number(port), logLevel: "silent" }, { ...desktopConfig, settings });
  if (lhr.runtimeError) throw new Error(`${page}: ${lhr.runtimeError.message}`);
  for (const { auditRefs } of Object.values(lhr.categories)) {
    for (const { id, weight } of auditRefs) {
      const { score, scoreDisplayMode, title, details, errorMessage } = lhr.audits[id];
      const failed = scoreDisplayMode === "error" || (score !== null && score < 1);
      if (weight > 0 && failed) {
        objections.push(`${page}: ${title} ${errorMessage ?? JSON.stringify(details?.items ?? []).slice(0, 400)}`);
      }
    }
  }
}
console.log(JSON.stringify(objections));
