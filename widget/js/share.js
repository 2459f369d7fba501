// What only `<goodword-share>` needs: ways to share, figures by day, explanations, claims, links for posts.

export const CSS = "__GW_CSS__";
export const VIEWS = "__GW_VIEWS__";
/** What texts are called that only this element says. */
export const NAMES = "__GW_SHARE_NAMES__".split(" ");

const TARGETS = [
  ["E-mail", "mailto:?subject={title}&body={both}"],
  ["WhatsApp", "https://wa.me/?text={both}"],
  ["X", "https://x.com/intent/post?text={text}&url={link}"],
  ["Facebook", "https://www.facebook.com/sharer/sharer.php?u={link}"],
  ["LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={link}"],
  ["Telegram", "https://t.me/share/url?url={link}&text={text}"],
  ["Reddit", "https://www.reddit.com/submit?url={link}&title={text}"],
  ["SMS", "sms:?&body={both}"],
];
// The members that hold what belongs to an entry, in the order in which it happened.
const PARTS = ["touchpoints", "others", "commissions", "history", "trail"];
const PANELS = ["uncredited", "claims"];

/** What the port may ask of this element. */
export function begin(port, shown) {
  const { data } = port;
  // States of deals that are those of something else, too.
  const SAME = { submitted: "state-hold", rejected: "mark-refused", disqualified: "mark-refused" };
  const word = (text) => port.words["mark-" + text] ?? port.words["kind-" + text] ?? port.words[SAME[text]] ?? text;
  let what = "clicks";
  let figures;

  // All that the server tells of orders and claims says the same kinds of things in members of the same few names.
  const entry = (one) => {
    if (typeof one == "string") return { head: "", says: one, parts: [], next: 0 };
    if (one.rule) return period(one);
    const { createdAt, at, kind, customerName, invoiceId, by, share, status, earnings, says, note } = one;
    const head = [createdAt || at, kind || customerName || invoiceId || by, share ? share + "%" : earnings == null ? status : ""];
    return {
      head: head.filter(Boolean).map((text) => port.format("d", word(text))).join(" · "),
      says: says || note || "",
      parts: PARTS.flatMap((name) => one[name] || []).map(entry),
      next: 0,
    };
  };
  // How a period stands: what it earned, and how much more unlocks how much.
  const period = ({ name, earned, measure, next, endsAt }) => {
    const left = next && (measure == "amount" ? port.money(next.missing) : port.format("n", next.missing));
    return { head: `${name} · ${port.money(earned)}`, says: "", parts: [], endsAt, next: next && { ...next, left } };
  };
  // Minor units, digit by digit; nothing where it is no amount.
  const minor = (text) => {
    const { exponent } = data;
    const [, whole, part = ""] = new RegExp(`^(.*?)(?:[.,](\\d{1,${exponent || 1}}))?$`).exec(text);
    const digits = whole.replace(/\D/g, "") + part.padEnd(exponent, "0").slice(0, exponent);
    return digits ? +digits : null;
  };

  const line = (values, height) => {
    const most = Math.max(1, ...values);
    const step = 300 / Math.max(1, values.length - 1);
    return values.map((value, i) => `${i ? "L" : "M"}${(i * step).toFixed(1)} ${(height - (height - 4) * (value / most)).toFixed(1)}`).join("");
  };

  const draw = () => {
    const values = figures[what] || [];
    const show = (value) => (what == "earnings" ? port.money(value) : port.format("n", value));
    const day = (i) => new Date(Date.parse(figures.from) + i * 864e5).toISOString().slice(0, 10);
    const path = line(values, 78);
    const choices = ["clicks", "leads", "sales", "earnings"].filter((name) => figures[name]?.length);
    data.chart = {
      what, line: path, area: `${path}V80H0Z`, from: figures.from, to: day(values.length - 1),
      label: `${port.words["figure-" + what]}: ${show(values.reduce((sum, value) => sum + value, 0))}`,
      choices: choices.map((name) => ({ what: name, on: String(name == what) })),
      days: values.map((value, i) => ({ day: day(i), value: show(value) })).reverse(),
    };
    port.act("redraw");
  };

  const look = async () => {
    try {
      const { ok, body } = await port.send("embed/figures", { own: 1, query: "&days=30" });
      if (ok && body.clicks) {
        figures = body;
        draw();
      }
    } catch {}
  };

  const made = (path, body, key) =>
    port.post(path, body, () => {
      port.form.reset();
      port.act("say", key);
    }, { own: 1 });

  return {
    me(me) {
      const { link, totals, earnings, nudge } = me;
      const { clicks, leads, sales } = totals;
      const rate = clicks ? port.format("%", sales / clicks) : "–";
      const show = (value) => port.format("n", value);
      data.figures = [["clicks", show(clicks)], ["leads", show(leads)], ["sales", show(sales)], ["rate", rate]].map(([name, value]) => ({ name, value }));
      data.panels = me.status == "approved" && earnings ? [...(me.panels || []), ...PANELS].map((title) => ({ title: title == "progress" ? "periods" : title, path: "embed/" + title })) : [];
      if (nudge) data.gain = port.rate(nudge);
      data.statement = me.accountUrl.replace("/p/account?", "/p/account/statement?");
      if (earnings) {
        data.sums = ["pending", "processed", "paid"].map((name) => ({ name, value: earnings[name] }));
        data.progress = String(Math.min(100, Math.max(0, Math.floor((earnings.processed * 100) / (earnings.minPayout || 1)))));
        for (const one of earnings.commissions) {
          Object.assign(one, { title: "why", path: `embed/commissions/${one.id}/explanation`, worth: port.worth(one.earnings, one.currency) });
        }
      }
      if (me.points) reach(me.points);
      if (link) tell(link);
      // Something happened: the days may have changed.
      const sum = [clicks, leads, sales, earnings?.pending, earnings?.paid].join();
      if (sum != data.sum && me.status != "pending") look();
      data.sum = sum;
    },

    // A panel was opened.
    async tell(path) {
      // A month of days is drawn when it is asked for: the page's memory is small.
      if (path == "days") return;
      const say = (text) => [entry(text)];
      let told;
      try {
        const { ok, body, message } = await port.send(path, { own: 1 });
        told = ok ? [body].flat().map(entry) : say(message);
      } catch {
        told = say(port.words.unreachable);
      }
      data["told-" + path] = told.length ? told : say(port.words.nothing);
      port.act("redraw");
    },

    claim() {
      const { invoiceId, note } = port.fields;
      port.post("embed/claims", { invoiceId, note }, ({ says }) => {
        if (!says) throw says;
        port.form.reset();
        port.act("say", says);
        this.tell("embed/claims");
      }, { own: 1, once: 0 });
    },

    deal() {
      const { customerName, contact, amount } = port.fields;
      port.post("embed/registrations", { customerName, contact, amount: minor(amount) }, ({ says }) => {
        if (!says) throw says;
        port.form.reset();
        port.act("say", says);
        this.tell("embed/registrations");
      }, { own: 1, once: 0 });
    },

    // Whether a customer can be registered, while it is typed. No answer is no harm.
    typed({ form }) {
      if (form?.dataset.gw != "deal") return;
      clearTimeout(port.typing);
      data.standing = "";
      port.typing = setTimeout(async () => {
        const [customerName, contact] = ["customerName", "contact"].map((name) => form[name].value.trim());
        if (!customerName || !contact) return;
        try {
          const { ok, body } = await port.send("embed/registrations/check", { own: 1, body: { customerName, contact } });
          if (ok) data.standing = body.standing;
        } catch {}
        port.act("redraw");
      }, 400);
    },

    link() {
      const { url, label } = port.fields;
      made("embed/links", { url, label }, "~linkMade");
    },

    code() {
      made("embed/code", { code: port.fields.code }, "~codeChanged");
    },

    chart(name) {
      what = name;
      draw();
    },

    async share() {
      const { link } = data.me;
      try {
        await navigator.share({ title: data.vendor, text: data.sayings[0] || "", url: link.shortLink });
      } catch {
        // Closed without a choice.
      }
    },

    qr(kind) {
      const { size, path, box } = data.me.qr;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="1024" height="1024" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`;
      if (kind == "svg") return save(new Blob([svg], { type: "image/svg+xml" }), "svg");
      const canvas = document.createElement("canvas");
      const unit = Math.floor(1024 / size);
      canvas.width = canvas.height = unit * size;
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.width);
      pen.scale(unit, unit);
      pen.fillStyle = "#000";
      pen.fill(new Path2D(path));
      canvas.toBlob((blob) => save(blob, "png"));
    },
  };

  // How far the next level is, and what each article costs.
  function reach(points) {
    const { level, articles, owed } = points;
    const sums = owed ? ["available", "held", "owed"] : ["available", "held"];
    data.pointSums = sums.map((name) => ({ name, value: points[name] }));
    if (level?.next) level.reached = String(Math.floor((level.points * 100) / (level.points + level.missing)));
    for (const one of articles || []) Object.assign(one, { worth: port.fill("points", one.price), can: !one.missing && one.left !== 0 });
  }

  function tell(link) {
    const fill = (text) => text.replace(/\{link\}/g, link.shortLink).replace(/\{code\}/g, link.code);
    data.sayings = (data.shareTexts || []).map(fill);
    const text = data.sayings[0] || data.vendor;
    const both = text.includes(link.shortLink) ? text : `${text} ${link.shortLink}`;
    const values = { link: link.shortLink, text, both, title: data.vendor };
    data.targets = TARGETS.map(([name, url]) => ({ name, url: url.replace(/\{(\w+)\}/g, (_, key) => encodeURIComponent(values[key])) }));
    data.canShare = !!navigator.share;
  }

  function save(blob, ending) {
    const a = document.createElement("a");
    a.href = URL.createObjectURL(blob);
    a.download = `${data.me.link.code}.${ending}`;
    a.click();
    setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
  }
}
