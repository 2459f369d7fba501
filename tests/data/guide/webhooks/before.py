# What the reader's server has at that place: a request of ours, its body unread, and the endpoint's secret.
import datetime
import os
import types

from standardwebhooks.webhooks import Webhook as Signer

os.environ["GOODWORD_WEBHOOK_SECRET"] = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
raw_body = '{"type":"sale.created","timestamp":"2026-03-01T09:00:00.000Z","data":{}}'
now = datetime.datetime.now(tz=datetime.timezone.utc)
request = types.SimpleNamespace(headers={
    "webhook-id": "evt_1",
    "webhook-timestamp": str(int(now.timestamp())),
    "webhook-signature": Signer(os.environ["GOODWORD_WEBHOOK_SECRET"]).sign("evt_1", now, raw_body),
})
