import type { GoodwordCall, GoodwordReferral } from "./goodword";

export type * from "./goodword";

/** What the script is told. */
export interface Settings {
  /** Where the server is: `https://go.example.com`. */
  host: string;
  /** The publishable key, `pk_live_…` or `pk_test_…`. */
  key: string;
  /** The program, when the vendor has several. */
  program?: string;
  /** `granted` is the default; `required` stores nothing before consent is given; `none` never stores. */
  consent?: "granted" | "required" | "none";
  /** More link parameters to read besides `via`, `ref` and `gw`. */
  params?: string[];
  /** Where the API is, when it is not where the script comes from. */
  apiHost?: string;
  /** The page's nonce, under a Content Security Policy that asks for one. */
  nonce?: string;
}

/** Puts the script on the page, unless it is there; answers when it runs: the referral, or null if the script did not come. */
export function load(settings: Settings): Promise<GoodwordReferral | null>;

/** Calls the script, now or when it has come. */
export const goodword: GoodwordCall;

/** The referral the page has, or null: null-safe at any time. */
export function referral(): GoodwordReferral | null;
