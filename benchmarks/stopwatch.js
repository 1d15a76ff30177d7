// Times taken in the page itself, so that no message to the test's own process is part of them.
// A press starts at its event's time stamp. It is painted when the frame that shows the drawing is complete:
// a message posted at the frame's start arrives after its style, layout and paint.
globalThis.stopwatch = (() => {
  let inFrame = false;
  const atFrameEnd = [];
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    inFrame = false;
    const now = performance.now();
    for (const callback of atFrameEnd.splice(0)) callback(now);
  };
  // Frames are followed, not asked for: an endless loop would have every press wait for the next tick of the screen,
  // where an idle page makes its frame at once.
  const requestFrame = globalThis.requestAnimationFrame.bind(globalThis);
  globalThis.requestAnimationFrame = (callback) =>
    requestFrame((now) => {
      if (!inFrame) channel.port2.postMessage(null);
      inFrame = true;
      return callback(now);
    });

  // Something was drawn now: when is it seen? In this frame if one is being made, else in the next.
  const seen = () =>
    new Promise((resolve) => {
      const drawn = performance.now();
      atFrameEnd.push((painted) => resolve({ drawn, painted }));
      if (!inFrame) requestAnimationFrame(() => {});
    });

  // What goes over the wire to the kernel and back, and when.
  const wire = [];
  const note = (sent, data) => wire.push({ sent, at: performance.now(), bytes: data.byteLength ?? data.length });
  globalThis.WebSocket = class extends WebSocket {
    constructor(...options) {
      super(...options);
      this.addEventListener("message", (event) => note(false, event.data));
    }

    send(data) {
      note(true, data);
      super.send(data);
    }
  };

  const keys = [];
  window.addEventListener("keydown", (event) => event.key.startsWith("Arrow") && keys.push(event.timeStamp), true);

  const since = (start, { drawn, painted }) => ({ drawn: drawn - start, painted: painted - start });

  // The first message sent after the press, and the largest that came between it and the drawing: the answer.
  function onTheWire(start, drawn) {
    const asked = wire.find((message) => message.sent && message.at > start);
    const answers = wire.filter((message) => !message.sent && message.at > start && message.at < drawn);
    if (!asked || !answers.length) return {};
    const answer = answers.reduce((largest, message) => (message.bytes > largest.bytes ? message : largest));
    return { asked: asked.at - start, answered: answer.at - start, bytes: answer.bytes, messages: answers.length };
  }

  const targets = {};
  // Watch a figure: ours says when it has painted, plotly's own when it has plotted. `state` tells one picture from another.
  function watch(name, element, state, subscribe) {
    const target = (targets[name] = { draws: [], state: () => state(element) });
    subscribe(element, async () => {
      const draw = { state: target.state() };
      target.draws.push(draw);
      Object.assign(draw, await seen());
      target.check?.(draw);
    });
  }

  const ours = (element) => `${element.dataset.serial}/${element.dataset.selected}`;
  const plotlys = (element) => Array.from(element.data[0].y.slice(0, 64)).join();

  return {
    keys,
    targets,
    watchOurs: (name, element) => watch(name, element, ours, (e, draw) => e.addEventListener("seqviz:painted", draw)),
    watchPlotly: (name, element) => watch(name, element, plotlys, (e, draw) => e.on("plotly_afterplot", draw)),

    // Before a press: what comes next must differ from what is there. `last` then waits for it.
    expect(name) {
      const target = targets[name];
      const before = target.state();
      keys.length = wire.length = 0;
      target.last = new Promise((resolve) => {
        target.check = (draw) => {
          if (draw.state === before || !keys.length) return;
          target.check = null;
          resolve({ ...since(keys[0], draw), ...onTheWire(keys[0], draw.drawn) });
        };
      });
    },

    last: (name) => targets[name].last,

    startRepeats(name) {
      keys.length = 0;
      targets[name].draws.length = 0;
      targets[name].check = null;
    },

    // Resolves once nothing was drawn for a second after the last key.
    async repeats(name) {
      const draws = targets[name].draws;
      const latest = () => Math.max(keys.at(-1) ?? 0, ...draws.map((draw) => draw.painted ?? performance.now()));
      while (performance.now() - latest() < 1000) await new Promise((resolve) => setTimeout(resolve, 50));
      return { keys: [...keys], painted: draws.map((draw) => draw.painted), states: draws.map((draw) => draw.state) };
    },

    // Run a cell; resolves with the milliseconds until its figure is drawn and painted.
    async runCell(index, figure) {
      const notebook = jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = index;
      const cell = notebook.widgets[index];
      cell.node.scrollIntoView({ block: "start" });
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (const old of cell.node.querySelectorAll("*")) old.dataset.old = true;
      const start = performance.now();
      const drawn = new Promise((resolve) => {
        if (figure === "ours") return cell.node.addEventListener("seqviz:painted", resolve, { once: true });
        // the earliest moment that can be called drawn: the first line is there
        new MutationObserver((_, observer) => {
          if (!cell.node.querySelector(".js-plotly-plot .scatterlayer path.js-line:not([data-old])")) return;
          observer.disconnect();
          resolve();
        }).observe(cell.node, { childList: true, subtree: true, attributes: true });
      });
      const ran = jupyterapp.commands.execute("notebook:run-cell");
      await drawn;
      const end = await seen();
      await ran;
      return since(start, end);
    },

    // Run a cell that draws nothing and return what it prints.
    async output(index) {
      const notebook = jupyterapp.shell.currentWidget.content;
      notebook.activeCellIndex = index;
      await jupyterapp.commands.execute("notebook:run-cell");
      const outputs = notebook.widgets[index].model.outputs.toJSON();
      const error = outputs.find((output) => output.output_type === "error");
      if (error) throw new Error(`${error.ename}: ${error.evalue}`);
      return outputs.map((output) => [output.text ?? ""].flat().join("")).join("");
    },
  };
})();
