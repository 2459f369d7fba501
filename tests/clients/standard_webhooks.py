"""Whether the public library verifies what was posted: the event, or that it refuses."""

import json
import os

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

headers = json.loads(os.environ["HEADERS"])
try:
    event = Webhook(os.environ["SECRET"]).verify(os.environ["BODY"], headers)
    print(json.dumps({"event": event}))
except WebhookVerificationError:
    print(json.dumps({"refused": True}))
