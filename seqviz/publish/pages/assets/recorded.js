// A page from disk: recordings take the kernel's place. Everything else is the notebook's own front end.
class Recorded {
  constructor(recording) {
    this.state = { ...recording };
    this.listeners = new Map();
  }

  get(name) {
    return this.state[name];
  }

  set(name, value) {
    this.state[name] = value;
  }

  on(event, listener) {
    this.listeners.set(event, listener);
  }

  off(event) {
    this.listeners.delete(event);
  }

  // What a kernel would compute is looked up: the answers lie in the order of their controls' values.
  save_changes() {
    const index = Object.entries(this.state.recorded).reduce((place, [name, values]) => {
      const wish = this.state.values[name];
      return place * values.length + (typeof wish === "number" ? nearest(values, wish) : values.indexOf(wish));
    }, 0);
    const { figure, content } = this.state.answers[index];
    this.set("figure", this.state.figures[figure]);
    this.set("content", content);
    this.listeners.get("change:content")?.();
  }
}

// Figures are made when they come near: a page is there at once, however many it holds.
export function play(plotly, made) {
  use({ get: (name) => ({ plotly, style: "" })[name] });
  const near = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach(({ target }) => (near.unobserve(target), made(make(target)))),
    { rootMargin: "600px" },
  );
  for (const place of document.querySelectorAll("[data-recording]")) near.observe(place);
}

function make(place) {
  const recording = JSON.parse(document.getElementById(place.dataset.recording).textContent);
  place.replaceChildren();
  render({ model: new Recorded(recording), el: place });
  return place.firstElementChild;
}
