// Imports the npm package (the file named by PACKAGE) as a server does, then on a page as small as it can be.

const { PACKAGE } = process.env;
const settings = { host: "https://go.example.com/", key: "pk_live_0", params: ["a", "b"], nonce: "n" };

const alone = await import(PACKAGE);
const without = [(await alone.load(settings)) ?? null, alone.referral()];

const scripts = [];
globalThis.window = {};
globalThis.document = {
  querySelector: (selector) => scripts.find((script) => selector === `script[src="${script.src}"]`) ?? null,
  createElement: () => ({ dataset: {}, addEventListener() {} }),
  head: { append: (script) => scripts.push(script) },
};
const onPage = await import(PACKAGE + "?page");
onPage.goodword("lead", { customerEmail: "ann@example.com" });
onPage.load(settings);
const second = onPage.load(settings);
const calls = window.goodword.q.map(([name]) => name);
// The script comes, and does what waits.
window.Goodword = { referral: { clickId: "clk_1", key: "MAYA27" } };
for (const [name, work] of window.goodword.q) name === "ready" && work(window.Goodword.referral);
const told = scripts.map(({ src, dataset, nonce }) => ({ src, key: dataset.key, params: dataset.params, nonce }));
const referral = await second;
console.log(JSON.stringify({ without, scripts: told, calls, referral: onPage.referral() && referral }));
