// A button that plays what an explorer's answer describes. Nothing sounds by itself.
/** @import { SoundContent } from "./types.d.ts" */
import { element, uniqueId } from "./page.js";

const LOUDEST = 0.5; // of what can be played
const FADE = 0.002; // seconds in which a tone fades in and out: cut off, it would click

export class SoundButton {
  /** @type {SoundContent | undefined} */
  sound;
  /** @type {AudioContext | undefined} */
  context;
  /** What sounds now. @type {AudioBufferSourceNode | undefined} */
  source;

  constructor() {
    this.words = element("span", { id: uniqueId("sound") });
    this.button = element("button", { type: "button", "aria-describedby": this.words.id }, "▶ Play the sound");
    this.button.addEventListener("click", () => (this.source ? this.stop() : this.play()));
    this.element = element("div", { className: "seqviz-sound" }, this.button, this.words);
  }

  /** @param {SoundContent} sound */
  take(sound) {
    if (sound === this.sound) return;
    this.stop();
    this.sound = sound;
    this.words.textContent = sound.words;
  }

  play() {
    if (!this.sound) return;
    if (typeof AudioContext === "undefined") {
      this.words.textContent = "This browser plays no sound.";
      return;
    }
    this.context ??= new AudioContext();
    void this.context.resume(); // a context that was made before the first press is silent until asked
    const samples = synthesised(this.sound, Math.random);
    const buffer = this.context.createBuffer(1, samples.length, this.sound.rate);
    buffer.copyToChannel(samples, 0);
    const source = new AudioBufferSourceNode(this.context, { buffer });
    source.connect(this.context.destination);
    source.addEventListener("ended", () => this.source === source && this.stop());
    source.start();
    this.source = source;
    this.button.textContent = "■ Stop";
  }

  stop() {
    const { source } = this;
    this.source = undefined;
    source?.stop();
    this.button.textContent = "▶ Play the sound";
  }

  dispose() {
    this.stop();
    void this.context?.close();
  }
}

/**
 * The samples of a sound, as loud as any other.
 * @param {SoundContent} sound
 * @param {() => number} random from 0 to 1, 1 left out
 */
export function synthesised({ seconds, rate, tones, noise }, random) {
  const samples = new Float32Array(Math.round(seconds * rate));
  for (const { start, end, hertz } of tones) {
    const first = Math.round(start * rate);
    const count = Math.round(end * rate) - first;
    for (let n = 0; n < count; n += 1) {
      const fade = Math.min(1, (n + 1) / (FADE * rate), (count - n) / (FADE * rate));
      for (const one of hertz) samples[first + n] += fade * Math.sin((2 * Math.PI * one * n) / rate);
    }
  }
  // Box and Muller 1958: two even random numbers are one from a bell curve
  if (noise) for (let n = 0; n < samples.length; n += 1) samples[n] += noise * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  return peak ? samples.map((one) => (LOUDEST * one) / peak) : samples;
}
