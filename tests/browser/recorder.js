// An AudioWorklet that tells what each of its inputs has heard, every so many frames.
const TURN = 512;

registerProcessor(
  "recorder",
  class extends AudioWorkletProcessor {
    constructor({ numberOfInputs }) {
      super();
      this.at = 0;
      this.tracks = Array.from({ length: numberOfInputs }, () => new Int16Array(TURN));
    }

    process(inputs) {
      for (const [number, [block]] of inputs.entries()) {
        for (let at = 0; at < 128; at++) this.tracks[number][this.at + at] = 32767 * (block?.[at] ?? 0);
      }
      this.at += 128;
      if (this.at === TURN) {
        this.port.postMessage(this.tracks);
        this.at = 0;
      }
      return true;
    }
  },
);
