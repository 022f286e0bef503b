// A book is opened in foliate-js, and what it shows and plays is written down: at each frame, which line is marked, what
// the sound's clock says, and how loud it is.
import "./foliate-js/view.js";

const sounds = [];
let context;
const Sound = window.Audio;
window.Audio = class extends Sound {
  constructor(...sources) {
    super(...sources);
    sounds.push(this);
    this.meter = context.createAnalyser();
    context.createMediaElementSource(this).connect(this.meter).connect(context.destination);
  }
};

const view = document.createElement("foliate-view");
const readings = [];

const loudness = (meter) => {
  const samples = new Float32Array(meter.fftSize);
  meter.getFloatTimeDomainData(samples);
  return Math.max(...samples.map(Math.abs));
};

const look = () => {
  const documents = view.renderer.getContents().map((each) => each.doc);
  const marked = documents.flatMap((each) => [...each.getElementsByClassName(view.book.media.activeClass)]);
  const sound = sounds.at(-1);
  if (sound && !sound.paused && !sound.seeking) {
    readings.push({ at: sound.currentTime, loud: loudness(sound.meter), marked: marked.map((each) => each.id).join() });
  }
  requestAnimationFrame(look);
};

window.book = {
  async open(address, place) {
    document.body.replaceChildren(view);
    await view.open(address);
    view.renderer.setAttribute("flow", "scrolled");
    await view.goTo(place);
    const names = (list) => (list ?? []).map(({ label, subitems }) => [label, ...names(subitems)]).flat();
    const { dir, metadata, pageList, sections, toc } = view.book;
    return { dir, ...metadata, toc: names(toc), pages: names(pageList), sections: sections.map((each) => each.id) };
  },
  // Plays when the page is clicked, as nothing plays otherwise, to the end of the sound; gives what was seen.
  play: () => new Promise((done) => {
    document.documentElement.addEventListener("click", async () => {
      context = new AudioContext();
      await context.resume();
      look();
      await view.startMediaOverlay();
      const wait = () => (sounds.at(-1)?.ended ? done(readings) : setTimeout(wait, 50));
      wait();
    }, { once: true });
  }),
};
