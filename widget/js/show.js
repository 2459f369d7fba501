// `<goodword-offer>` and `<goodword-leaderboard>`: what a visitor gets, and who brings most.

export const CSS = "__GW_CSS__";
export const VIEWS = "__GW_VIEWS__";

const PERIODS = ["month", "quarter", "year", "all"];

/** What the port may ask of these elements. */
export function begin(port, shown) {
  const { element, kind, context } = shown;
  const { data } = port;
  const program = port.program && "&programId=" + port.program;

  const offer = async () => {
    const { referral } = context.page;
    const name = data.code || referral?.key || "";
    const query = `${name && "&code=" + encodeURIComponent(name)}${referral?.clickId ? "&clickId=" + referral.clickId : ""}${program}`;
    const { ok, body } = await port.send("embed/offer", { query });
    if (!ok) throw new Error("there is no offer for this code");
    data.offer = { ...body, name: body.name || "" };
    // In money, or in what is settled in the product.
    const unit = ["credits", "months"].find((name) => body[name]);
    data.gift = unit || body.credit ? port.worth(unit ? body[unit] : body.credit, unit) : "";
    data.code = body.code;
    shown.pour(body.coupon || body.code);
  };

  const board = async (period) => {
    const ask = (own) =>
      port.send(own ? "embed/me/leaderboard" : "embed/leaderboard", { query: `${own ? "" : program}&period=${period}`, own });
    const own = !!port.token();
    let answer = await ask(own);
    // Whose address is not proven yet sees what everybody sees.
    if (own && !answer.ok) answer = await ask(false);
    const { ok, body } = answer;
    if (!ok) throw new Error("there is no leaderboard");
    body.rows = body.rows.map((row) => ({ ...row, name: row.name || "", own: !!row.own }));
    data.board = body;
    data.periods = PERIODS.map((name) => ({ name, on: String(name == period) }));
  };

  return {
    async load() {
      await (kind == "offer" ? offer() : board(PERIODS.find((name) => name == element.getAttribute("period")) || "month"));
    },
    async period(name) {
      await board(name).catch(() => port.act("lost"));
      port.act("redraw");
    },
  };
}
