// Puts Goodword's script on the page, once, and hands calls on to it. What is called before the script has come waits in a queue.
// Nothing here throws into the page, and on a server, where there is no page, it does nothing.

const page = typeof document === "undefined" ? null : document;

/** Calls the script, now or when it has come. */
export const goodword = (...args) => {
  if (!page) return undefined;
  const call = window.goodword || stub();
  return call(...args);
};

/** Puts the script on the page, unless it is there; answers when it runs: the referral, or null if the script did not come. */
export const load = ({ host, key, program, consent, params, apiHost, nonce }) => {
  if (!page) return Promise.resolve(null);
  window.goodword || stub();
  const address = `${String(host).replace(/\/+$/, "")}/goodword.js`;
  const script = page.querySelector(`script[src="${address}"]`) || add(address, { key, program, consent, params, apiHost }, nonce);
  return new Promise((done) => {
    script.addEventListener("error", () => done(null));
    window.goodword("ready", done);
  });
};

/** The referral the page has, or null: null-safe at any time. */
export const referral = () => (page && window.Goodword && window.Goodword.referral) || null;

const stub = () => {
  const call = (...args) => {
    call.q.push(args);
  };
  call.q = [];
  window.goodword = call;
  return call;
};

const add = (address, settings, nonce) => {
  const script = page.createElement("script");
  script.async = true;
  if (nonce) script.nonce = nonce;
  for (const [name, value] of Object.entries(settings)) {
    if (value) script.dataset[name] = Array.isArray(value) ? value.join(" ") : value;
  }
  script.src = address;
  page.head.append(script);
  return script;
};
