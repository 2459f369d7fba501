// What the reader's server has at that place: a request of ours, its body unread, and the endpoint's secret.
import { Webhook as Signer } from "standardwebhooks";

process.env.GOODWORD_WEBHOOK_SECRET = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const rawBody = JSON.stringify({ type: "sale.created", timestamp: "2026-03-01T09:00:00.000Z", data: {} });
const now = new Date();
const request = {
  headers: {
    "webhook-id": "evt_1",
    "webhook-timestamp": String(Math.floor(now / 1000)),
    "webhook-signature": new Signer(process.env.GOODWORD_WEBHOOK_SECRET).sign("evt_1", now, rawBody),
  },
};
