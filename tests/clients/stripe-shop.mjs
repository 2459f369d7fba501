// A shop that sells by Stripe's own library: one order, one subscription, and a refund; with a stand-in for Stripe.
import Stripe from "stripe";
import { start } from "./fake-stripe.mjs";

const { WEBHOOK, SECRET, CLICK_ID } = process.env;
const fake = await start({ webhook: WEBHOOK, secret: SECRET });
const stripe = new Stripe("sk_test_shop", { host: "127.0.0.1", port: fake.port, protocol: "http", maxNetworkRetries: 0 });

async function buy(mode, metadata) {
  const session = await stripe.checkout.sessions.create({
    mode,
    client_reference_id: CLICK_ID,
    metadata,
    line_items: [{ price_data: { currency: "usd", unit_amount: 5000, product_data: { name: "Tea" } }, quantity: 2 }],
    success_url: "https://shop.example/thanks?session={CHECKOUT_SESSION_ID}",
  });
  const paid = await fetch(session.url, { method: "POST", body: new URLSearchParams({ email: "ann@example.com" }), redirect: "manual" });
  return { paid: paid.status, session: await stripe.checkout.sessions.retrieve(session.id) };
}

const order = await buy("payment", { customerExternalId: "user_42" });
const subscription = await buy("subscription", { customerExternalId: "user_43" });
await stripe.refunds.create({ payment_intent: order.session.payment_intent, amount: 2500 });
fake.stop();
console.log(JSON.stringify({ paid: [order.paid, subscription.paid], sent: fake.sent }));
