// The page of looks: puts an element up anew with what was chosen, and shows the lines that make it so.
const form = document.getElementById("theme-form");
const stage = document.getElementById("stage");
const query = new URLSearchParams(location.search);
const value = (id) => document.getElementById(id).value;

function show() {
  const name = `goodword-${value("element")}`;
  const element = document.createElement(name);
  const theme = [value("preset"), value("scheme")].filter(Boolean).join(" ");
  element.setAttribute("theme", theme);
  element.setAttribute("lang", value("lang"));
  const coded = ["signup", "offer"].includes(value("element"));
  if (coded) element.setAttribute("code", stage.dataset.code);
  if (query.get("program")) element.setAttribute("program", query.get("program"));
  const lines = [];
  if (document.getElementById("own").checked) lines.push(["--goodword-accent", value("accent")]);
  if (value("radius") >= 0) lines.push(["--goodword-radius", `${value("radius")}px`]);
  for (const [property, text] of lines) element.style.setProperty(property, text);
  const style = lines.length ? `${name} {\n${lines.map((line) => `  ${line.join(": ")};\n`).join("")}}\n` : "";
  document.getElementById("markup").textContent =
    `<${name} theme="${theme}" lang="${value("lang")}"${coded ? ` code="${stage.dataset.code}"` : ""}></${name}>\n${style}`;
  stage.replaceChildren(element);
}

// The address may choose, too: `?element=offer&lang=ar&alone` is the element by itself, as for a picture.
for (const [id, text] of query) {
  const field = document.getElementById(id);
  if (field && form.contains(field)) field.value = text;
}
document.body.classList.toggle("alone", query.has("alone"));
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
