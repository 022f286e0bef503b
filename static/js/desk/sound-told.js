/** What the sound says at the desk where it cannot do what was asked, or waits for something. */
export const TOLD = Object.freeze({
  another: "The archive has another sound by now. Load the page again.",
  beforeStart: "The line would end before it starts. Move its start first.",
  inSilence: (edge) => `The ${edge} is in silence already.`,
  noSilence: (seconds) => `There is no silence within ${seconds} seconds.`,
  notDrawn: "The outline is not there yet.",
  notPlayed: "The sound cannot be played. Load the page again.",
  notTimed: "This line has no times yet. Press I where it starts.",
  over: "The recording is over here.",
  startFirst: "This line has no start yet. Press I where it starts.",
  stopped: (edge) => `The ${edge} cannot be moved further.`,
  tap: "Press T again as each line starts.",
});
