// What media elements play is recorded beside a control, and their clocks are read in one task. Nothing waits for the
// wall: how long something takes is counted in the audio's own frames.
window.hearing = (() => {
  const RATE = 48_000;
  // Frames between two readings of the clocks.
  const TURN = 512;
  // Frames after which something that has not come is given up.
  const PATIENCE = 20 * RATE;
  // Readings that are compared: as long as twelve of the 40 ms after which Firefox moves its clock on.
  const READINGS = 45;
  // What is louder is a burst.
  const LOUD = 1500;
  let context;
  let players = [];
  // What is told at each turn.
  const listeners = new Set();

  // Elements none of whose sources is played. Their networkState is the same for a while before they load.
  const failures = new Set();
  const failed = (player) => player.error || failures.has(player);

  const turns = (see) =>
    new Promise((done) => {
      let frames = 0;
      const listen = (tracks) => {
        frames += TURN;
        if (!see(tracks, frames) && frames < PATIENCE) return;
        listeners.delete(listen);
        done();
      };
      listeners.add(listen);
    });

  // The audio element of a page of the player, as it stands in its HTML.
  const elementOf = async (address) => {
    const text = await (await fetch(address)).text();
    const found = new DOMParser().parseFromString(text, "text/html").querySelector("audio");
    return found ? document.importNode(found, true) : new Audio();
  };

  const playerOf = async (source) => {
    if (source === "audio") return document.querySelector("audio");
    if (source.startsWith("/recordings/")) return elementOf(source);
    return Object.assign(new Audio(), { preload: "metadata", src: source });
  };

  // Addresses of sounds or of pages, or "audio" for the element of this page; the first is the control. Gives what is
  // known of each.
  const open = async (sources) => {
    context = new AudioContext({ sampleRate: RATE });
    await context.audioWorklet.addModule("/recorder.js");
    const recorder = new AudioWorkletNode(context, "recorder", { numberOfInputs: sources.length });
    recorder.port.onmessage = ({ data }) => listeners.forEach((listen) => listen(data));
    await context.resume();
    players = await Promise.all(sources.map(playerOf));
    for (const player of players.filter((each) => !each.isConnected)) {
      const last = [...player.querySelectorAll("source")].at(-1);
      last?.addEventListener("error", () => failures.add(player));
      if (!last && !player.src) failures.add(player);
      player.load();
    }
    await turns(() => players.every((player) => failed(player) || player.readyState >= 1));
    players.forEach((player, number) => context.createMediaElementSource(player).connect(recorder, 0, number));
    return players.map((player) => ({
      source: player.currentSrc,
      isPlayed: !failed(player) && player.readyState >= 1,
      duration: player.duration,
    }));
  };

  const alive = () => players.filter((player) => !failed(player) && player.readyState >= 1);

  // Moves all at once, plays, and records until each has been heard once.
  const hear = async ({ to, isPlaying, speed, skip, asks }) => {
    const those = alive();
    for (const player of those) {
      player.preservesPitch = speed === 1;
      player.defaultPlaybackRate = player.playbackRate = speed;
      if (!isPlaying && to !== null) player.pause();
    }
    if (isPlaying) {
      those.forEach((player) => void player.play().catch(() => {}));
      await turns(() => those.every((player) => !player.paused && player.readyState > 2));
    }
    if (to !== null) {
      const done = new Set();
      for (const player of those) {
        player.addEventListener("seeked", () => done.add(player), { once: true });
        if (asks && player === document.querySelector("audio")) ask("seekrequest", { ms: Math.round(to * 1000) });
        else player.currentTime = to;
      }
      await turns(() => done.size === those.length && those.every((player) => !player.seeking));
    }
    const kept = [];
    const clocks = [];
    const heard = players.map(() => 0);
    those.forEach((player) => void player.play().catch(() => {}));
    await turns((tracks, frames) => {
      if (frames <= skip) return false;
      kept.push(tracks);
      clocks.push(players.map((player) => player.currentTime));
      for (const [number, track] of tracks.entries()) {
        if (heard[number] || track.some((sample) => sample > LOUD)) heard[number]++;
      }
      const isHeard = players.every((player, n) => heard[n] * TURN > 0.08 * RATE || player.ended || !those.includes(player));
      return (isHeard && kept.length > READINGS) || kept.length * TURN > 4 * RATE;
    });
    return { to, isPlaying, speed, clocks, tracks: players.map((_, number) => packed(kept.map((each) => each[number]))) };
  };

  const ask = (type, detail) =>
    document.querySelector(".transport").dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));

  const packed = (pieces) => {
    let text = "";
    for (const piece of pieces) text += String.fromCharCode(...new Uint8Array(piece.buffer));
    return btoa(text);
  };

  const told = [];
  let isOver = true;
  const start = async (plan) => {
    isOver = false;
    for (const each of plan) told.push(await hear(each));
    players.forEach((player) => player.pause());
    isOver = true;
  };
  const collect = async () => {
    if (!told.length && !isOver) await turns((_, frames) => told.length || isOver);
    return { told: told.splice(0), isOver };
  };

  return { open, start, collect };
})();
