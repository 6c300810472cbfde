"use strict";
// The page's data, its words and its clock. Everything is read once; texts are only ever set as text, never as markup.
const DATA = JSON.parse(document.getElementById("look-data").textContent);
const PICTURES = JSON.parse(document.getElementById("look-pictures").textContent);
const LETTERS = "CPHGMAU";
const CLASS = { C: "camera", P: "performance capture", H: "human-made", G: "generated", M: "mixed", A: "archive", U: "unaccounted" };
const REASON = {
  "no-match": ["matches no known file", "Which file is this?"],
  "ambiguous": ["more than one file fits", "Which of these versions is it?"],
  "offline-media": ["its media cannot be read", "Where is the media?"],
  "range-outside": ["outside the frames on record", "Is there a longer render?"],
  "no-step": ["nothing says how it was made", "Who or what made it?"],
  "dangling-parent": ["an input is named but unknown", "Where is this input?"],
  "vendor-open": ["the vendor's return leaves it open", "Which frames did the vendor return, and how were they made?"],
};
const CONFORM = {
  content: "by content", id: "by an id in the cut", inferred: "inferred from name or timecode", declared: "a person said so", none: "no match",
};
const AI = { none: "no AI on record", assistive: "AI-assisted", generative: "AI made content", unknown: "AI use unknown" };
const FRAMES = DATA.frames;
// Rows of data arrive as arrays to keep the file small; these give the places their names.
const run = ([first, end, letter, classes, ai, grade, conform, visibility, reasons, clips]) =>
  ({ first, end, letter, classes: classes || "", ai: ai || "none", grade: grade || "", conform: conform || "", visibility: visibility || "", reasons: reasons || [], clips: clips || [] });
const SEEN = DATA.runs.map(run), HEARD = (DATA.sound_runs || []).map(run);
/** Runs as they are drawn: neighbors that say the same of different clips are one. */
function joined(runs) {
  const found = [], same = (a, b) => ["letter", "classes", "ai", "grade", "conform", "visibility"].every((key) => a[key] === b[key]) && a.reasons.join() === b.reasons.join();
  for (const one of runs) {
    const last = found[found.length - 1];
    if (last && last.end === one.first && same(last, one)) last.end = one.end; else found.push({ ...one });
  }
  return found;
}
const RUNS = joined(SEEN), SOUND = joined(HEARD);
const step = ([depth, relation, what, maker, letter, edge_code, grade, detail, unknown]) => ({ depth, relation, what, maker, letter, edge_code, grade, detail, unknown });
const GAPS = (DATA.gaps || []).map(([first, end, reason, clip, sound]) => ({ first, end, reason, clip, sound: !!sound }));
const GAPS_OF = new Map();
for (const gap of GAPS) GAPS_OF.set(gap.clip, [...(GAPS_OF.get(gap.clip) || []), gap]);
const CLIPS = DATA.clips.map((clip, index) => ({ version: -1, kind: "picture", enabled: true, reasons: [], nest: [], ...clip, index }));
const TRACKS = DATA.tracks.map((track, index) => ({ ...track, index, clips: CLIPS.filter((clip) => clip.track === index).sort((a, b) => a.first - b.first) }));
const VERSIONS = DATA.versions || [];
const [RATE_TOP, RATE_BOTTOM] = DATA.rate.split("/").map(Number);
const NOMINAL = Math.ceil(RATE_TOP / (RATE_BOTTOM || 1));

const pad = (number, size = 2) => String(number).padStart(size, "0");
const count = (number) => number.toLocaleString("en-US");
const frames = (number) => `${count(number)} frame${number === 1 ? "" : "s"}`;

/** The record timecode of a frame of the cut (SMPTE ST 12-1; drop-frame skips labels, never frames). */
function timecode(frame) {
  let label = DATA.start + frame;
  if (DATA.drop_frame) {
    const skipped = NOMINAL / 15, tens = Math.floor(label / (NOMINAL * 600 - 9 * skipped)), rest = label % (NOMINAL * 600 - 9 * skipped);
    label += skipped * 9 * tens + (rest > skipped ? skipped * Math.floor((rest - skipped) / (NOMINAL * 60 - skipped)) : 0);
  }
  const seconds = Math.floor(label / NOMINAL);
  return `${pad(Math.floor(seconds / 3600) % 24)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}${DATA.drop_frame ? ";" : ":"}${pad(label % NOMINAL)}`;
}

/** The place of the first item that ends after *frame*, in a list sorted by first. */
function from(list, frame) {
  let low = 0, high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].end <= frame) low = middle + 1; else high = middle;
  }
  return low;
}
const at = (list, frame) => { const item = list[from(list, frame)]; return item && item.first <= frame ? item : null };
/** Clips of a track at a frame; clips of one track overlap only under dissolves and nested cuts, so a short walk finds all. */
const clipsAt = (track, frame) => {
  const found = [];
  for (let i = Math.max(0, from(track.clips, frame) - 8); i < track.clips.length && track.clips[i].first <= frame; i++)
    if (track.clips[i].end > frame) found.push(track.clips[i]);
  return found;
};

const fraction = (text) => { if (!text) return null; const [a, b] = String(text).split("/").map(Number); return b ? a / b : a };
/** The edge code of a frame of the cut in a clip: the version's code and the frame counted from the version's first. */
function edgeCode(clip, frame) {
  const version = VERSIONS[clip.version];
  if (!version || !version.edge_code) return "";
  const source = fraction(clip.source), lost = (GAPS_OF.get(clip.index) || []).some((gap) => gap.first <= frame && frame < gap.end);
  // The letter is that of this frame at the moment of printing; the digits are the version's.
  const code = (lost ? "U" : clip.letter) + version.edge_code.slice(1);
  if (source === null || version.media === "still") return code;
  return `${code} ${pad(Math.max(0, Math.floor(source + (frame - clip.first) * (fraction(clip.scale) ?? 1))), 4)}`;
}

/** A word as a shell takes it. */
const shellWord = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

/** An element with text and children; there is no other way in which this page writes text. */
function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") element.className = value; else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}
const letterChip = (letter) => make("span", { class: `letter letter-${letter && LETTERS.includes(letter) ? letter : "none"}`, title: CLASS[letter] || "" }, letter || "·");

/** The picture of a clip, or a tile that says what it would be. */
function pictureOf(clip) {
  const version = VERSIONS[clip.version], uri = version && PICTURES[version.picture];
  if (uri) return make("img", { class: "picture", src: uri, alt: `Picture of ${version.name}` });
  const word = clip.kind === "black" ? "black" : clip.kind === "title" ? "title" : !version ? "no file known" : version.media || clip.kind;
  return make("div", { class: "picture" }, word);
}
