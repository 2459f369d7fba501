// A stand-in for Stripe on this machine, for trying things out: it takes the calls that Stripe's own library makes for a checkout
// and a refund, lets a buyer pay on a page, and sends the events Stripe would, signed by Stripe's own library.
//
//   WEBHOOK=http://127.0.0.1:7700/hooks/stripe/itg_… SECRET=whsec_… PORT=12111 node fake-stripe.mjs
//
// Then, in the shop: new Stripe("sk_test_x", { host: "127.0.0.1", port: 12111, protocol: "http" }).
import { createServer } from "node:http";
import { randomBytes } from "node:crypto";
import { pathToFileURL } from "node:url";
import Stripe from "stripe";

const signer = new Stripe("sk_test_unused");
const seconds = () => Math.floor(Date.now() / 1000);
const id = (prefix) => `${prefix}_${randomBytes(9).toString("hex")}`;

/** Starts it; gives its address, its port, what was answered to each event, and how to stop it. */
export async function start({ webhook, secret, port = 0 }) {
  const sessions = new Map();
  const charges = new Map();
  const sent = [];
  // As the key that was used last says.
  let livemode = false;
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => reply(response, 500, { error: { message: String(error) } }));
  });
  await new Promise((ready) => server.listen(port, "127.0.0.1", ready));
  const url = `http://127.0.0.1:${server.address().port}`;

  async function tell(type, object, previous) {
    const event = {
      id: id("evt"), object: "event", api_version: "2026-10-28.endive", created: seconds(), livemode, pending_webhooks: 1,
      request: { id: null, idempotency_key: null }, type, data: { object, ...(previous ? { previous_attributes: previous } : {}) },
    };
    const body = JSON.stringify(event);
    const signature = signer.webhooks.generateTestHeaderString({ payload: body, secret });
    const told = await fetch(webhook, {
      method: "POST", body, headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature },
    });
    sent.push({ type, status: told.status, answer: await told.json().catch(() => null) });
  }

  async function pay(session) {
    session.status = "complete";
    session.payment_status = "paid";
    const payment = id("pi");
    const charge = {
      id: id("ch"), object: "charge", amount: session.amount_total, amount_refunded: 0, currency: session.currency,
      customer: session.customer, livemode, metadata: {}, paid: true, payment_intent: payment, refunded: false, status: "succeeded",
    };
    charges.set(payment, charge);
    session.paid_by = payment;
    if (session.mode === "payment") {
      session.payment_intent = payment;
      return tell("checkout.session.completed", shown(session));
    }
    const invoice = {
      id: session.invoice, object: "invoice", amount_paid: session.amount_total, billing_reason: "subscription_create", currency: session.currency,
      customer: session.customer, customer_email: session.customer_details.email, livemode, metadata: {}, status: "paid",
      parent: { type: "subscription_details", subscription_details: { subscription: session.subscription, metadata: session.subscription_metadata } },
      status_transitions: { paid_at: seconds() }, total: session.amount_total, total_taxes: [], total_discount_amounts: [],
      lines: { object: "list", has_more: false, data: [{ id: id("il"), object: "line_item", amount: session.amount_total, quantity: 1, taxes: [], discount_amounts: [] }] },
    };
    // Stripe promises no order; the invoice often comes first.
    await tell("invoice.paid", invoice);
    await tell("invoice_payment.paid", {
      id: id("inpay"), object: "invoice_payment", invoice: invoice.id, livemode, payment: { type: "payment_intent", payment_intent: payment }, status: "paid",
    });
    return tell("checkout.session.completed", shown(session));
  }

  async function answer(request, response) {
    const { pathname } = new URL(request.url, url);
    if (request.headers.authorization) livemode = request.headers.authorization.includes("sk_live_");
    const form = new URLSearchParams(await text(request));
    const paying = pathname.match(/^\/pay\/(cs_\w+)$/);
    if (request.method === "POST" && pathname === "/v1/checkout/sessions") {
      const session = opened(form, url);
      sessions.set(session.id, session);
      return reply(response, 200, shown(session));
    }
    if (request.method === "GET" && pathname.startsWith("/v1/checkout/sessions/")) {
      const session = sessions.get(pathname.split("/").pop());
      return session ? reply(response, 200, shown(session)) : reply(response, 404, { error: { message: "No such session" } });
    }
    if (request.method === "POST" && pathname === "/v1/refunds") {
      const charge = charges.get(form.get("payment_intent"));
      if (!charge) return reply(response, 404, { error: { type: "invalid_request_error", message: "No such payment_intent" } });
      const amount = Number(form.get("amount") ?? charge.amount - charge.amount_refunded);
      const before = charge.amount_refunded;
      charge.amount_refunded += amount;
      charge.refunded = charge.amount_refunded === charge.amount;
      await tell("charge.refunded", charge, { amount_refunded: before });
      return reply(response, 200, { id: id("re"), object: "refund", amount, charge: charge.id, payment_intent: charge.payment_intent, status: "succeeded" });
    }
    if (paying && sessions.has(paying[1])) {
      const session = sessions.get(paying[1]);
      if (request.method === "GET") return page(response, session);
      session.customer_details.email = form.get("email") ?? session.customer_details.email;
      await pay(session);
      response.writeHead(303, { location: session.success_url.replace("{CHECKOUT_SESSION_ID}", session.id) });
      return response.end();
    }
    return reply(response, 404, { error: { type: "invalid_request_error", message: `No ${request.method} ${pathname} here` } });
  }

  return { url, port: server.address().port, sent, stop: () => server.close() };
}

/** A session, from the fields of the library's call. */
function opened(form, url) {
  const all = [...form.keys()];
  const under = (prefix) => Object.fromEntries(all.filter((key) => key.startsWith(prefix + "[")).map((key) => [key.slice(prefix.length + 1, -1), form.get(key)]));
  const lines = [...new Set(all.map((key) => key.match(/^line_items\[(\d+)\]/)?.[1]).filter(Boolean))];
  const of = (line, field) => form.get(`line_items[${line}]${field}`);
  const total = lines.reduce((sum, line) => sum + Number(of(line, "[price_data][unit_amount]")) * Number(of(line, "[quantity]") ?? 1), 0);
  const mode = form.get("mode") ?? "payment";
  const session = id("cs_test");
  return {
    id: session, object: "checkout.session", amount_subtotal: total, amount_total: total, client_reference_id: form.get("client_reference_id"),
    created: seconds(), currency: of(lines[0], "[price_data][currency]"), customer: mode === "payment" ? null : id("cus"),
    customer_details: { email: form.get("customer_email"), name: null, address: null }, discounts: [], livemode: false, metadata: under("metadata"),
    mode, payment_intent: null, payment_status: "unpaid", status: "open", success_url: form.get("success_url") ?? url,
    invoice: mode === "subscription" ? id("in") : null, subscription: mode === "subscription" ? id("sub") : null,
    subscription_metadata: under("subscription_data[metadata]"), total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    url: `${url}/pay/${session}`,
  };
}

function shown({ subscription_metadata, paid_by, ...session }) {
  return session;
}

function page(response, session) {
  const amount = `${session.amount_total} ${String(session.currency).toUpperCase()} (minor units)`;
  response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><html lang="en"><title>Pay</title><h1>Pay ${amount}</h1><form method="post">
    <label>E-mail <input name="email" type="email" required></label> <button>Pay</button></form>`);
}

async function text(request) {
  let all = "";
  for await (const part of request) all += part;
  return all;
}

function reply(response, status, value) {
  response.writeHead(status, { "content-type": "application/json", "request-id": id("req") });
  response.end(JSON.stringify(value));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { WEBHOOK, SECRET, PORT } = process.env;
  if (!WEBHOOK || !SECRET) {
    console.error("Set WEBHOOK to the address Goodword gave you, and SECRET to what you have told it.");
    process.exit(1);
  }
  const { url } = await start({ webhook: WEBHOOK, secret: SECRET, port: Number(PORT ?? 12111) });
  console.log(`Something like Stripe is listening on ${url}`);
}
