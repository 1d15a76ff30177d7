// Entry: what to draw depends on the widget's kind; returns how to take it away again.
export function render({ model, el }) {
  const made = new { explorer: Explorer, quiz: Quiz }[model.get("kind")](model, el);
  return () => made.dispose();
}
