// A lead and a sale, reported twice, by the public SDK.
import { Dub } from "dub";

const dub = new Dub({ token: process.env.DUB_API_KEY, serverURL: process.env.SERVER + "/v1" });

const lead = await dub.track.lead({
  clickId: process.env.CLICK_ID,
  eventName: "Sign up",
  customerExternalId: "user_42",
  customerEmail: "ann@example.com",
});
const order = {
  customerExternalId: "user_42",
  amount: 7800,
  currency: "usd",
  paymentProcessor: "stripe",
  invoiceId: "in_1",
};
const sale = await dub.track.sale(order);
const again = await dub.track.sale(order);
console.log(JSON.stringify({ lead, sale, again }));
