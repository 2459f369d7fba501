// Every call of the public SDK that www/docs/compatibility.md says works, against the server whose address and keys are told: what
// each answered, by the call's name.
import { Dub } from "dub";

const { SERVER, DUB_API_KEY } = process.env;
const dub = new Dub({ token: DUB_API_KEY, serverURL: SERVER, retryConfig: { strategy: "none" } });
const said = {};

/** Notes what a call answered, as JSON has it. */
async function say(call, answer) {
  const told = await answer;
  said[call] ??= [];
  said[call].push(JSON.parse(JSON.stringify(told)));
  return told;
}

/** Notes how a call was refused. */
async function refused(call, answer) {
  try {
    await answer;
    said[call] = "was not refused";
  } catch (error) {
    said[call] = { type: error.constructor.name, code: error.error?.code, docUrl: error.error?.docUrl, message: error.message };
  }
}

/** What is ours alone. */
async function own(method, path, body) {
  const headers = { authorization: `Bearer ${DUB_API_KEY}`, "content-type": "application/json" };
  const answer = await fetch(`${process.env.HOST}/v1${path}`, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`);
  return answer.json();
}

// Partners and their links.
const maya = await say("partners.create", dub.partners.create({
  name: "Maya", email: "maya@partners.example", username: "MAYA27", tenantId: "tenant_1", country: "DE",
  linkProps: { externalId: "first_1", comments: "The first." },
}));
await say("partners.create", dub.partners.create({ email: "maya@partners.example", tenantId: "tenant_1" }));
const ben = await say("partners.create", dub.partners.create({ email: "ben@partners.example" }));
const cara = await say("partners.create", dub.partners.create({ name: "Cara", email: "cara@partners.example" }));
const tea = await say("partners.createLink", dub.partners.createLink({
  partnerId: maya.id, url: "https://shop.example/tea", key: "TEA27",
}));
await say("partners.upsertLink", dub.partners.upsertLink({
  tenantId: "tenant_1", url: "https://shop.example/tea", comments: "Tea alone.",
}));
await say("partners.upsertLink", dub.partners.upsertLink({ tenantId: "tenant_1", url: "https://shop.example/cups" }));
await say("partners.retrieveLinks", dub.partners.retrieveLinks({ tenantId: "tenant_1" }));
const pots = await say("links.create", dub.links.create({
  url: "https://shop.example/pots", key: "POTS27", tenantId: "tenant_1", externalId: "pots_1",
}));
await say("links.get", dub.links.get({ externalId: "pots_1" }));
await say("links.get", dub.links.get({ domain: "any.example", key: "POTS27" }));
await say("links.update", dub.links.update(pots.id, { url: "https://shop.example/jars", comments: "Jars now." }));
await say("links.upsert", dub.links.upsert({ url: "https://shop.example/jars", partnerId: maya.id }));
await say("links.list", (await dub.links.list({ tenantId: "tenant_1" })).result);
await say("links.count", dub.links.count({ tenantId: "tenant_1" }));

// For the widget: a token of a partner, known or new, and a picture of a link.
await say("embedTokens.referrals", dub.embedTokens.referrals({ tenantId: "tenant_1" }));
await say("embedTokens.referrals", dub.embedTokens.referrals({ partner: { email: "dana@partners.example", tenantId: "tenant_2" } }));
await say("qrCodes.get", dub.qrCodes.get({ url: tea.shortLink, size: 300, level: "H", fgColor: "#0a7d4f" }));

// What they bring.
const click = await own("POST", "/track/click", { key: "TEA27", url: "https://shop.example/tea", referrer: "https://www.blog.example/post" });
await own("POST", "/track/click", { key: "MAYA27" });
await say("track.lead", dub.track.lead({
  clickId: click.clickId, eventName: "Sign up", customerExternalId: "user_42", customerName: "Ann",
  customerEmail: "ann@example.com", metadata: { plan: "pro" },
}));
await say("track.lead", dub.track.lead({ clickId: "", eventName: "Sign up", customerExternalId: "stranger" }));
const order = { customerExternalId: "user_42", amount: 7800, currency: "usd", paymentProcessor: "stripe", invoiceId: "in_1", metadata: { seats: 2 } };
await say("track.sale", dub.track.sale(order));
await say("track.sale", dub.track.sale(order));
await say("track.sale", dub.track.sale({ ...order, invoiceId: "in_2", amount: 10000 }));
await say("track.sale", dub.track.sale({ ...order, invoiceId: "in_3", amount: 5000 }));
await say("track.sale", dub.track.sale({ customerExternalId: "stranger", amount: 900, currency: "usd", invoiceId: "in_4" }));

// Commissions.
await say("commissions.create", dub.commissions.create({ type: "custom", partnerId: ben.id, amount: 500, description: "A good talk." }));
const [all] = await say("commissions.list", (async () => {
  const pages = [];
  for await (const page of await dub.commissions.list({ pageSize: 2 })) pages.push(...page.result);
  return [pages];
})());
const on = (invoice) => all.find((commission) => commission.invoiceId === invoice);
await say("commissions.list", (await dub.commissions.list({ invoiceId: "in_2", sortBy: "amount", interval: "30d" })).result);
await say("commissions.list", (await dub.commissions.list({ type: "custom", tenantId: undefined, partnerId: ben.id })).result);
await say("commissions.update", dub.commissions.update({ id: on("in_1").id, requestBody: { saleAmount: 3900 } }));
await say("commissions.update", dub.commissions.update({ id: on("in_2").id, requestBody: { status: "refunded" } }));
await refused("commissions.update earnings", dub.commissions.update({ id: on("in_1").id, requestBody: { earnings: 1 } }));
await refused("commissions.update more", dub.commissions.update({ id: on("in_1").id, requestBody: { saleAmount: 9900 } }));
await say("commissions.updateMany", dub.commissions.updateMany({ commissionIds: [on("in_3").id], status: "canceled" }));
await refused("commissions.create sale", dub.commissions.create({ type: "sale", partnerId: ben.id, saleAmount: 100 }));

// A payout.
await own("PUT", `/partners/${maya.id}/payout-method`, { method: "manual" });
await own("PUT", `/partners/${ben.id}/payout-method`, { method: "paypal", email: "ben@paypal.example" });
await own("POST", "/sandbox/clock", { advanceDays: 40 });
const batch = await own("POST", "/payouts/batches", { batchKey: "first", minimum: 1 });
await own("POST", `/payouts/batches/${batch.id}/approve`, {});
const payouts = await say("payouts.list", dub.payouts.list({}));
await own("POST", "/payouts/mark", { payouts: payouts.map((payout) => payout.id), status: "paid" });
await own("POST", "/payouts/mark", { payouts: [payouts[1].id], status: "returned", note: "No such account." });
await say("payouts.list", dub.payouts.list({ tenantId: "tenant_1", sortBy: "paidAt", page: 1, pageSize: 1 }));
await say("payouts.list", dub.payouts.list({ status: "completed" }));
await say("payouts.list", dub.payouts.list({}));
await say("commissions.list", (await dub.commissions.list({ status: "paid" })).result);

// Customers.
const customers = await say("customers.list", (await dub.customers.list({ includeExpandedFields: true })).result);
await say("customers.list", (await dub.customers.list({ externalId: "user_42" })).result);
await say("customers.get", dub.customers.get({ id: customers.find((c) => c.externalId === "user_42").id, includeExpandedFields: true }));
await say("customers.get", dub.customers.get({ id: "ext_user_42" }));
await say("customers.update", dub.customers.update({
  id: "ext_user_42", requestBody: { name: "Ann B.", avatar: "https://example.com/a.png", country: "FR", stripeCustomerId: "cus_stripe" },
}));

// Figures and events.
for (const groupBy of ["count", "timeseries", "countries", "devices", "referers", "top_links", "top_urls"]) {
  await say(`analytics.retrieve ${groupBy}`, dub.analytics.retrieve({ groupBy, interval: "all" }));
}
for (const event of ["leads", "sales", "composite"]) {
  await say("analytics.retrieve", dub.analytics.retrieve({ event, interval: "all" }));
  await say("analytics.retrieve", dub.analytics.retrieve({ event, interval: "all", tenantId: "tenant_1" }));
}
await say("analytics.retrieve", dub.analytics.retrieve({ event: "sales", start: "2026-03-01T00:00:00Z", end: "2026-03-02T00:00:00Z", key: "TEA27" }));
await refused("analytics.retrieve browsers", dub.analytics.retrieve({ groupBy: "browsers" }));
await refused("analytics.retrieve city", dub.analytics.retrieve({ city: "Berlin" }));
await refused("analytics.retrieve timezone", dub.analytics.retrieve({ timezone: "Europe/Berlin" }));
for (const groupBy of ["count", "timeseries", "top_links"]) {
  await say("partners.analytics", dub.partners.analytics({ partnerId: maya.id, groupBy, interval: "all" }));
}
for (const event of ["clicks", "leads", "sales"]) {
  await say("events.list", dub.events.list({ event, interval: "all" }));
}
await say("events.list", dub.events.list({ event: "sales", interval: "all", page: 2, limit: 2, tenantId: "tenant_1" }));
await say("events.list", dub.events.list({ event: "sales", start: "2026-02-01", end: "2026-02-28" }));

// Partners in lists, and their ends.
await say("partners.list", dub.partners.list({}));
await say("partners.list", dub.partners.list({ tenantId: "tenant_1", sortBy: "createdAt", sortOrder: "asc", page: 1 }));
await say("partnerApplications.list", dub.partnerApplications.list());
const [{ partner: first }, { partner: second }] = said["partnerApplications.list"][0];
await say("partnerApplications.approve", dub.partnerApplications.approve({ partnerId: first.id }));
await say("partnerApplications.reject", dub.partnerApplications.reject({ partnerId: second.id, rejectionReason: "notTheRightFit" }));
await say("partners.ban", dub.partners.ban({ partnerId: cara.id, reason: "spam" }));
await say("partners.deactivate", dub.partners.deactivate({ partnerId: ben.id }));
await say("partners.list", dub.partners.list({ status: "deactivated" }));
await say("customers.delete", dub.customers.delete("ext_user_42"));
await say("customers.list", (await dub.customers.list()).result);
await say("events.list", dub.events.list({ event: "leads", interval: "all" }));

// Refusals, each of the type the SDK has for it.
const stranger = new Dub({ token: "sk_test_unknown", serverURL: SERVER });
await refused("unauthorized", stranger.partners.list());
const page = new Dub({ token: process.env.PUBLISHABLE_KEY, serverURL: SERVER });
await refused("forbidden", page.partners.list());
await refused("not_found", dub.customers.get({ id: "ext_nobody" }));
await refused("conflict", dub.track.sale({ ...order, amount: 1 }));
await refused("unprocessable_entity", dub.links.create({ url: "https://elsewhere.example/", partnerId: maya.id }));
await refused("bad_request", dub.customers.list({ search: "\u0000" }));
console.log(JSON.stringify(said));
