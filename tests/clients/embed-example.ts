// A page that uses the npm package, as its author writes it; only its types are checked.

import { goodword, load, referral, type Settings } from "goodword-embed";

const settings: Settings = { host: "https://go.example.com", key: "pk_live_0", consent: "required", params: ["partner"] };

export const begin = async (): Promise<string> => {
  const found = await load(settings);
  await goodword("lead", { customerExternalId: "user_42", customerEmail: "ann@example.com", metadata: { plan: "pro" } });
  goodword("ready", (again) => console.log(again?.clickId ?? "nobody sent this visitor"));
  goodword("consent", "granted");
  return found?.key ?? referral()?.key ?? window.Goodword?.referral?.key ?? "";
};

// @ts-expect-error a key is needed
load({ host: "https://go.example.com" });
// @ts-expect-error there is no such call
goodword("purchase", {});
// @ts-expect-error consent is one of four words
goodword("consent", "perhaps");
