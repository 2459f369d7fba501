(() => {
  const notes = (window.gwNotes = { errors: [], warnings: [], events: [] });
  addEventListener("error", (event) => event instanceof ErrorEvent && notes.errors.push(`error: ${event.message}`), true);
  addEventListener("unhandledrejection", (event) => notes.errors.push(`rejection: ${event.reason}`), true);
  const warn = console.warn;
  console.warn = (...words) => {
    notes.warnings.push(words.join(" "));
    warn.apply(console, words);
  };
  for (const name of ["ready", "joined", "lead", "click", "error", "copied", "tested"]) {
    addEventListener("goodword-" + name, (event) => {
      notes.events.push(`${event.target.localName || "document"} ${name} ${JSON.stringify(event.detail)}`);
    }, true);
  }
})();
