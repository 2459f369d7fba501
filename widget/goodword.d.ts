// The types of what `goodword.js` brings to a page.

declare namespace Goodword {
  /** Who sent this visitor. */
  interface Referral {
    /** `clk_…`, once the click is stored. */
    clickId: string | null;
    /** The link's key: the partner's code. */
    key: string | null;
  }

  /** A sign-up, as a page may report it. */
  interface Lead {
    /** Your own id of the person. */
    customerExternalId?: string;
    customerEmail?: string;
    customerName?: string;
    /** The kind of sign-up. Default: `Sign up`. */
    eventName?: string;
    /** A code the person typed. */
    code?: string;
    /** Up to 10,000 characters of JSON of your own. */
    metadata?: Record<string, unknown>;
  }

  /** What the page says about consent. */
  type Consent = "granted" | "denied" | "required" | "none";

  /** The one function of the script. Nothing it does throws into the page. */
  interface Call {
    /** When the click is stored, or known not to be: now, if it is. */
    (name: "ready", work: (referral: Referral | null) => void): Promise<void> | undefined;
    /** Reports a sign-up; answers what the server said, or null if it could not be reached. */
    (name: "lead", lead: Lead): Promise<unknown> | undefined;
    /** Says that consent was given or taken back. */
    (name: "consent", consent: Consent): void;
    /** Signs a partner in by a token your server asked for. */
    (name: "identify", token: string): void;
    /** Calls that wait until the script has come. */
    q?: unknown[][];
  }

  interface Api {
    /** Who sent this visitor, or null. */
    readonly referral: Referral | null;
    readonly call: Call;
  }
}

interface Window {
  /** Set by the script, or by a queue that stands in for it until then. */
  goodword?: Goodword.Call;
  /** Set by the script. */
  Goodword?: Goodword.Api;
}

interface HTMLElementTagNameMap {
  "goodword-join": HTMLElement;
  "goodword-share": HTMLElement;
  "goodword-signup": HTMLElement;
}
