// What we draw of a figure, and what plotly draws of the same figure when it is asked for all of it: pairs of numbers and
// of texts.
async (root) => {
  const ours = root.querySelector(".seqviz-figure");
  const theirs = root.appendChild(document.createElement("div"));
  theirs.className = "seqviz-figure"; // in the page's own ink
  const recording = JSON.parse(document.getElementById(root.parentElement.dataset.recording).textContent);
  const data = structuredClone(ours.data).map((trace, i) => ({ ...trace, texttemplate: recording.figure.data[i].texttemplate }));
  await globalThis.Plotly.newPlot(theirs, data, structuredClone(ours.layout));

  const numbers = (text) => (text.match(/-?[\d.]+/g) ?? []).map(Number);
  const paint = (path) => {
    const { fill, fillOpacity } = getComputedStyle(path);
    const [r, g, b, a = 1] = numbers(fill);
    return fill === "none" ? fill : [r, g, b, 255 * a * Number(fillOpacity)];
  };
  const look = ({ stroke, strokeWidth, strokeDasharray, clipPath }) => [stroke, strokeWidth, strokeDasharray, clipPath === "none"].join("; ");
  // plotly leaves out points between which there is a straight line
  const extent = (paths) => {
    const boxes = paths.map((path) => path.getBBox());
    const [left, top] = ["x", "y"].map((name) => Math.min(...boxes.map((box) => box[name])));
    const ends = [Math.max(...boxes.map(({ x, width }) => x + width)), Math.max(...boxes.map(({ y, height }) => y + height))];
    return [left, top, ...ends, paths.reduce((length, path) => length + path.getTotalLength(), 0)];
  };
  const curves = [...ours.querySelectorAll(".lines .seqviz-curve")].flatMap((curve) => {
    const name = [...curve.closest(".trace").classList].find((one) => /^trace./.test(one));
    const group = theirs.querySelector(`.${CSS.escape(name)}`);
    const lines = [...group.querySelectorAll(".lines path")];
    const area = group.querySelector(".fills path");
    const places = [extent([curve]), extent(lines)];
    const fills = [paint(curve), area ? paint(area) : "none"];
    return [places, fills, ...lines.map((line) => [curve, line].map((path) => look(getComputedStyle(path))))];
  });

  const index = (map) => map.__data__[0].trace.index;
  const maps = (figure) => [...figure.querySelectorAll(".hm")].sort((one, other) => index(one) - index(other));
  const texts = (map) => [...map.querySelectorAll("text")].map((text) => text.textContent.replace("-", "−")).filter(Boolean).join();
  const cells = [];
  const written = [];
  for (const [i, map] of maps(ours).entries()) {
    const painted = maps(theirs)[i];
    const image = painted.querySelector("image");
    const picture = Object.assign(new Image(), { src: image.getAttribute("href") });
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height).getContext("2d");
    canvas.drawImage(picture, 0, 0);
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(image.getAttribute(name)));
    for (const cell of map.querySelectorAll(".seqviz-map path")) {
      const box = cell.getBBox();
      const across = ((box.x + box.width / 2 - x) / width) * picture.width;
      const down = ((box.y + box.height / 2 - y) / height) * picture.height;
      const [red, green, blue, alpha] = canvas.getImageData(Math.floor(across), Math.floor(down), 1, 1).data;
      const { fill } = getComputedStyle(cell);
      const [r, g, b, a = 1] = fill === "none" ? [0, 0, 0, 0] : numbers(fill);
      cells.push([[r, g, b, 255 * a], [red, green, blue, alpha]]);
    }
    if (texts(map)) written.push([texts(map), texts(painted)]);
  }

  const bars = [];
  const groups = (figure) => [...figure.querySelectorAll(".barlayer .trace")].sort((one, other) => index(one) - index(other));
  for (const [i, group] of groups(ours).entries()) {
    const path = group.querySelector(".seqviz-bars");
    const painted = [...groups(theirs)[i].querySelectorAll(".point path")];
    if (!path) continue; // bars that do not move
    const corners = (one) => one.split("Z").map(numbers).filter(([left, top, bottom, right]) => left !== right && top !== bottom);
    const [here, there] = [path.getAttribute("d"), painted.map((one) => one.getAttribute("d")).join("")].map(corners);
    bars.push([here.flat(), there.flat()]);
    for (const one of painted) bars.push([paint(path), paint(one)]);
  }

  const words = (figure) => [...figure.querySelectorAll(".textpoint")].filter((word) => word.getBoundingClientRect().width).flatMap((word) => {
    const [there, plot] = [word, figure.querySelector(".main-svg")].map((element) => element.getBoundingClientRect());
    return [word.textContent, there.x - plot.x, there.y - plot.y];
  });
  const [one, other] = [words(ours), words(theirs)];
  globalThis.Plotly.purge(theirs);
  theirs.remove();
  return { bars, curves, cells, numbers: written, words: one.length ? [[one.length, other.length], ...one.map((part, i) => [part, other[i]])] : [] };
};
