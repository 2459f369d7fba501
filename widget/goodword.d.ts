// The types of the script's API and of its elements. Copy this file into your project, or reference it by path.

/** Who referred this browser, as far as the page knows. */
export interface GoodwordReferral {
  /** `clk_…`; null until the server has answered, and where storing is not allowed. */
  clickId: string | null;
  /** The key of the partner's link. */
  key: string | null;
}

/** A sign-up, as `POST /v1/track/lead` takes it from a page. */
export interface GoodwordLead {
  customerEmail?: string;
  customerName?: string;
  /** Your id of the customer. */
  customerExternalId?: string;
  /** A partner's code. */
  code?: string;
  /** Default: the click the page remembers. */
  clickId?: string;
  eventName?: string;
  programId?: string;
  /** Up to 10,000 characters of JSON of your own. */
  metadata?: Record<string, unknown>;
}

/** `goodword(…)`. No call throws. */
export interface GoodwordCall {
  (name: "ready", work: (referral: GoodwordReferral | null) => void): Promise<void> | undefined;
  /** Answers what the server said, or null if it could not be reached. */
  (name: "lead", lead: GoodwordLead): Promise<unknown> | undefined;
  (name: "consent", answer: "granted" | "denied" | "required" | "none"): void;
  /** With the `publicToken` of `POST /v1/tokens/embed/referrals`. */
  (name: "identify", token: string): void;
  /** Calls made before the script is there wait here. */
  q?: unknown[];
}

/** What every element has. */
export interface GoodwordElement extends HTMLElement {
  /** The page's own words, by the name of the text (www/docs/widget.md). */
  texts?: Record<string, string>;
}

/** The elements' events; all bubble and cross shadow roots. */
export interface GoodwordEvents {
  "goodword-ready": CustomEvent<{ element: "join" | "signup" | "share" | "offer" | "leaderboard" }>;
  "goodword-joined": CustomEvent<{ code: string; link: string }>;
  "goodword-lead": CustomEvent<{ email: string }>;
  "goodword-copied": CustomEvent<{ what: "code" | "link" | "text"; text: string }>;
  "goodword-error": CustomEvent<{ code: string; message: string }>;
}

declare global {
  interface Window {
    goodword: GoodwordCall;
    Goodword?: { readonly referral: GoodwordReferral | null };
  }
  interface HTMLElementTagNameMap {
    "goodword-join": GoodwordElement;
    "goodword-signup": GoodwordElement;
    "goodword-share": GoodwordElement;
    "goodword-offer": GoodwordElement;
    "goodword-leaderboard": GoodwordElement;
  }
  interface HTMLElementEventMap extends GoodwordEvents {}
  interface DocumentEventMap extends GoodwordEvents {}
}
