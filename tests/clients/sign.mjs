// Signs bodies as the providers do. Stripe's own library makes its signatures; where a library only checks them (Shopify, Paddle),
// it must accept what was made here before it is sent anywhere.
import { readFileSync } from "node:fs";
import { createHmac } from "node:crypto";
import Stripe from "stripe";
import "@shopify/shopify-api/adapters/node";
import { shopifyApi, ApiVersion } from "@shopify/shopify-api";
import { Paddle } from "@paddle/paddle-node-sdk";

const stripe = new Stripe("sk_test_unused");
const paddle = new Paddle("unused");

const now = () => Math.floor(Date.now() / 1000);
const mac = (secret, text, as) => createHmac("sha256", secret).update(text, "utf8").digest(as);

function byStripe({ body, secrets, ago }) {
  const timestamp = now() - (ago ?? 0);
  const headers = secrets.map((secret) => stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp }));
  // While a secret is changed Stripe sends one signature for each.
  const header = [`t=${timestamp}`, ...headers.map((header) => header.slice(header.indexOf("v1=")))].join(",");
  if (!ago) secrets.forEach((secret) => stripe.webhooks.signature.verifyHeader(body, header, secret, 300));
  return { "stripe-signature": header };
}

async function byShopify({ body, secrets, topic, id, shop }) {
  const headers = {
    "x-shopify-hmac-sha256": mac(secrets[0], body, "base64"),
    "x-shopify-topic": topic,
    "x-shopify-webhook-id": id,
    "x-shopify-shop-domain": shop ?? "tea.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-triggered-at": "2025-11-24T12:00:06.000000000Z",
  };
  const shopify = shopifyApi({
    apiKey: "unused",
    apiSecretKey: secrets[0],
    apiVersion: Object.values(ApiVersion)[0],
    hostName: "shop.example",
    isEmbeddedApp: false,
    logger: { level: 0, log: () => {} },
  });
  const request = { method: "POST", url: "/hooks", headers: { host: "shop.example", ...headers } };
  const told = await shopify.webhooks.validate({ rawBody: body, rawRequest: request, rawResponse: {} });
  if (!told.valid) throw new Error("Shopify's library refuses it: " + told.reason);
  return headers;
}

async function byPaddle({ body, secrets, ago }) {
  const time = now() - (ago ?? 0);
  const header = [`ts=${time}`, ...secrets.map((secret) => "h1=" + mac(secret, `${time}:${body}`, "hex"))].join(";");
  // The library looks at the last signature, and at none that is older than five seconds.
  if (!ago) await paddle.webhooks.unmarshal(body, secrets[secrets.length - 1], header);
  return { "paddle-signature": header };
}

const by = {
  stripe: byStripe,
  shopify: byShopify,
  paddle: byPaddle,
  woocommerce: ({ body, secrets }) => ({ "x-wc-webhook-signature": mac(secrets[0], body, "base64") }),
};

const signed = [];
for (const job of JSON.parse(readFileSync(process.env.JOBS, "utf8"))) signed.push(await by[job.provider](job));
console.log(JSON.stringify(signed));
