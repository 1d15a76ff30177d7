// What a film needs of a browser: a hand that is seen, and stills of only what changed.
({
  // A pointer at the mouse: a screenshot has none.
  hand() {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="26" height="34"><path d="M2 2v25l6-6 4 10 5-2-4-10h9z" fill="black" stroke="white" stroke-width="2"/></svg>';
    const shown = document.createElement("div");
    shown.innerHTML = svg;
    shown.style.cssText = "position:fixed;left:0;top:0;z-index:99999;pointer-events:none";
    document.body.append(shown);
    document.addEventListener("pointermove", ({ clientX, clientY }) => (shown.style.transform = `translate(${clientX}px, ${clientY}px)`), true);
  },

  // The part of a screenshot that differs from the one before, at even places, as WebP; null where nothing does.
  async changed([png, quality]) {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const { width, height } = picture;
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    const now = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    const before = globalThis.seqvizFilm;
    globalThis.seqvizFilm = now;
    let [left, top, right, bottom] = before ? [width, height, -1, -1] : [0, 0, width - 1, height - 1];
    for (let i = 0; before && i < now.length; i++) {
      if (now[i] === before[i]) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
    if (right < 0) return null;
    [left, top] = [left - (left % 2), top - (top % 2)];
    const part = new OffscreenCanvas(right - left + 1, bottom - top + 1);
    part.getContext("2d", { alpha: false }).drawImage(picture, -left, -top);
    const bytes = new Uint8Array(await (await part.convertToBlob({ type: "image/webp", quality })).arrayBuffer());
    return { x: left, y: top, width: part.width, height: part.height, still: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
  },
})
