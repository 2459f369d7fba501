// The demo's clock in the bar at the top. The page is whole without it.
const clock = document.getElementById("clock");
fetch("/clock")
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
  .then(({ now }) => { clock.textContent = now; })
  .catch(() => { clock.textContent = "Goodword does not answer"; });
