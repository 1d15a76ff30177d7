// What is wrong with how an explorer lies on the screen, in words: what no look at its values would find.
(root) => {
  const faults = [];
  const seen = (node) => node.textContent.trim() && node.getBoundingClientRect().width && getComputedStyle(node).visibility !== "hidden";
  const corners = (text) => {
    const { x, y, width, height } = text.getBBox();
    const { a, b, c, d, e, f } = text.getScreenCTM();
    return [[x, y], [x + width, y], [x + width, y + height], [x, y + height]].map(([u, v]) => [a * u + c * v + e, b * u + d * v + f]);
  };
  const TOUCH = 2.5; // px: boxes of letters are higher than letters
  const along = (box, [u, v]) => {
    const places = box.map(([x, y]) => x * u + y * v);
    return [Math.min(...places), Math.max(...places)];
  };
  // boxes that may be turned are apart if they are apart along a side of one of them
  const apart = (one, other) =>
    [one, other].some((box) =>
      [0, 1].some((i) => {
        const [side, length] = [[box[i + 1][0] - box[i][0], box[i + 1][1] - box[i][1]], Math.hypot(box[i + 1][0] - box[i][0], box[i + 1][1] - box[i][1]) || 1];
        const unit = side.map((part) => part / length);
        const [[from, to], [start, end]] = [along(one, unit), along(other, unit)];
        return to < start + TOUCH || end < from + TOUCH;
      }),
    );
  const texts = [...root.querySelectorAll("svg text")].filter((text) => seen(text) && !text.closest(".hoverlayer"));
  const boxes = texts.map(corners);
  for (let i = 0; i < texts.length; i++) {
    for (let j = 0; j < i; j++) {
      if (!apart(boxes[i], boxes[j])) faults.push(`“${texts[j].textContent}” lies on “${texts[i].textContent}”`);
    }
    const [box, picture] = [texts[i].getBoundingClientRect(), texts[i].closest("svg").getBoundingClientRect()];
    const out = box.left < picture.left - 1 || box.right > picture.right + 1 || box.top < picture.top - 1 || box.bottom > picture.bottom + 1;
    if (out) faults.push(`“${texts[i].textContent}” is cut off`);
  }
  if (/<\/?su[bp]>/.test(root.textContent)) faults.push("markup stands as text");
  if (root.scrollWidth > root.clientWidth) faults.push(`${root.scrollWidth} px wide where there are ${root.clientWidth}`);
  const figure = root.querySelector(".seqviz-figure");
  const legend = root.querySelector("g.legend")?.getBoundingClientRect();
  for (const { xaxis, yaxis } of Object.values(figure?._fullLayout?._plots ?? {})) {
    if (xaxis._length < 100) faults.push(`a panel ${Math.round(xaxis._length)} px wide`);
    const corner = figure.getBoundingClientRect();
    const [left, top] = [corner.left + xaxis._offset, corner.top + yaxis._offset];
    const on = legend && legend.left < left + xaxis._length && legend.right > left && legend.top < top + yaxis._length && legend.bottom > top + 1;
    if (on) faults.push("the legend lies on a panel");
  }
  return faults;
}
