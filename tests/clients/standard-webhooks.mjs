// Whether the public library verifies what was posted: the event, or that it refuses.
import { Webhook, WebhookVerificationError } from "standardwebhooks";

const { SECRET, HEADERS, BODY } = process.env;
try {
  console.log(JSON.stringify({ event: new Webhook(SECRET).verify(BODY, JSON.parse(HEADERS)) }));
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error;
  console.log(JSON.stringify({ refused: true }));
}
