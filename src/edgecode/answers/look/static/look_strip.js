// The strip: one canvas with the whole cut. Only what lies under the window is looked at; where many runs share a column,
// the column shows their shares, and an unaccounted frame is never averaged away.
const canvas = document.getElementById("strip"), pen = canvas.getContext("2d");
const GUTTER = 62, THUMB = 58;
const PICTURE_TRACKS = TRACKS.filter((track) => track.kind === "picture"), SOUND_TRACKS = TRACKS.filter((track) => track.kind === "sound");
const screenTime = (track) => track.clips.reduce((sum, clip) => sum + clip.end - clip.first, 0);
const MAIN = [...PICTURE_TRACKS].sort((a, b) => screenTime(b) - screenTime(a) || a.index - b.index)[0];
const view = { first: 0, scale: 1, frame: -1, only: "", rows: [], width: 0, height: 0 };
let colors = {}, patterns = {};

function layOut() {
  const rows = [["map", 16], ["ruler", 22], ["gaps", 12], ["picture", 74], ["ai", 9]];
  if (SOUND.length) rows.push(["sound", 20]);
  rows.push(["space", 8]);
  for (const track of [...PICTURE_TRACKS].reverse()) rows.push(["track", track === MAIN ? THUMB + 18 : 19, track]);
  for (const track of SOUND_TRACKS.slice(0, 12)) rows.push(["track", 17, track]);
  let y = 0;
  view.rows = rows.map(([kind, height, track]) => { const row = { kind, y, height, track }; y += height + 2; return row });
  view.height = y + 2;
}

const whole = () => Math.max(1e-6, (view.width - GUTTER) / FRAMES);
const xOf = (frame) => GUTTER + (frame - view.first) * view.scale;
const frameAt = (x) => Math.min(FRAMES - 1, Math.max(0, Math.floor(view.first + (x - GUTTER) / view.scale)));
function clamp() {
  view.scale = Math.min(40, Math.max(whole(), view.scale));
  view.first = Math.max(0, Math.min(view.first, FRAMES - (view.width - GUTTER) / view.scale));
}

/** A tile for each class: its color, and a pattern of its own, so that no answer depends on seeing color. */
function readColors() {
  const style = getComputedStyle(document.documentElement), name = (key) => style.getPropertyValue(`--${key}`).trim();
  colors = Object.fromEntries([...LETTERS, "ink", "soft", "line", "strip", "track", "sheet", "gap", "ai"].map((key) => [key, name(key)]));
  for (const letter of LETTERS) patterns[letter] = pen.createPattern(tile(letter), "repeat");
}
function tile(letter) {
  const side = 12, sheet = document.createElement("canvas"), brush = sheet.getContext("2d");
  sheet.width = sheet.height = side;
  brush.fillStyle = colors[letter];
  brush.fillRect(0, 0, side, side);
  brush.strokeStyle = brush.fillStyle = letter === "U" ? "#ffffff" : "#00000038";
  brush.lineWidth = letter === "U" ? 2 : 1.5;
  const line = (...points) => { brush.beginPath(); for (let i = 0; i < points.length; i += 4) { brush.moveTo(points[i], points[i + 1]); brush.lineTo(points[i + 2], points[i + 3]) } brush.stroke() };
  const up = [-3, 3, 3, -3, -3, 15, 15, -3, 9, 15, 15, 9], down = up.map((value, i) => (i % 2 ? value : side - value));
  if (letter === "P") for (const [x, y] of [[3, 3], [9, 9]]) { brush.beginPath(); brush.arc(x, y, 1.6, 0, 7); brush.fill() }
  if (letter === "H") line(0, 3, side, 3, 0, 9, side, 9);
  if (letter === "A") line(3, 0, 3, side, 9, 0, 9, side);
  if (letter === "G" || letter === "M") line(...up);
  if (letter === "M") line(...down);
  if (letter === "U") { brush.globalAlpha = 0.5; line(...down) }
  return sheet;
}

let asked = false;
function ask() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; draw() });
}

function draw() {
  const ratio = window.devicePixelRatio || 1;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.fillStyle = colors.strip;
  pen.fillRect(0, 0, view.width, view.height);
  pen.textBaseline = "middle";
  for (const row of view.rows) {
    pen.save();
    pen.beginPath();
    pen.rect(GUTTER, row.y, view.width - GUTTER, row.height);
    pen.clip();
    DRAW[row.kind]?.(row);
    pen.restore();
    label(row);
  }
  drawHead();
}

function label(row) {
  const word = { picture: "PICTURE", sound: "SOUND", ai: "AI", gaps: "GAPS", map: "CUT" }[row.kind] || row.track?.name;
  if (!word) return;
  pen.font = "600 10px system-ui, sans-serif";
  pen.fillStyle = row.kind === "gaps" ? colors.gap : row.kind === "ai" ? colors.ai : colors.soft;
  pen.textAlign = "right";
  pen.fillText(word.slice(0, 9), GUTTER - 8, row.y + row.height / 2 + 0.5, GUTTER - 10);
  pen.textAlign = "left";
}

const DRAW = {
  map(row) {
    const scale = whole();
    drawRuns(RUNS, row.y + 3, row.height - 6, 0, scale, false);
    const left = GUTTER + view.first * scale, wide = ((view.width - GUTTER) / view.scale) * scale;
    if (wide > view.width - GUTTER - 1) return;
    pen.strokeStyle = colors.ink;
    pen.lineWidth = 2;
    pen.strokeRect(left + 1, row.y + 1, Math.max(4, wide - 2), row.height - 2);
  },
  ruler(row) {
    const steps = [1, 2, 6, 12, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800].map((step, i) => (i < 4 ? step : step * NOMINAL));
    const step = steps.find((size) => size * view.scale > 96) || 3600 * NOMINAL;
    pen.font = "11px ui-monospace, 'DejaVu Sans Mono', monospace";
    const last = Math.min(FRAMES, view.first + (view.width - GUTTER) / view.scale);
    for (let frame = Math.ceil(view.first / step) * step; frame < last; frame += step) {
      const x = Math.round(xOf(frame));
      pen.fillStyle = colors.line;
      pen.fillRect(x, row.y + row.height - 6, 1, 6);
      pen.fillStyle = colors.soft;
      if (x + 84 < view.width) pen.fillText(timecode(frame), x + 4, row.y + row.height / 2);
    }
  },
  gaps(row) {
    pen.fillStyle = colors.U;
    for (const gap of GAPS) {
      const x = xOf(gap.first), wide = Math.max(3, (gap.end - gap.first) * view.scale);
      if (x + wide < GUTTER || x > view.width) continue;
      pen.fillRect(x, row.y + (gap.sound ? 5 : 1), wide, row.height - (gap.sound ? 5 : 1));
    }
  },
  picture(row) { drawRuns(RUNS, row.y, row.height, view.first, view.scale, true) },
  sound(row) { drawRuns(SOUND, row.y, row.height, view.first, view.scale, true) },
  ai(row) {
    pen.fillStyle = colors.track;
    pen.fillRect(GUTTER, row.y, view.width, row.height);
    for (let i = from(RUNS, view.first); i < RUNS.length; i++) {
      const { first, end, ai } = RUNS[i], x = xOf(first), wide = Math.max(1, (end - first) * view.scale);
      if (x > view.width) break;
      if (ai === "none") continue;
      pen.fillStyle = ai === "unknown" ? colors.soft : colors.ai;
      if (ai === "generative") pen.fillRect(x, row.y, wide, row.height);
      else if (ai === "assistive") pen.fillRect(x, row.y + row.height / 2, wide, row.height / 2);
      else for (let dash = x; dash < x + wide; dash += 6) pen.fillRect(dash, row.y + 3, Math.min(3, x + wide - dash), 3);
    }
  },
  track(row) { drawTrack(row) },
};

/** Runs as a band; columns that hold several runs show their shares, U on top and never less than a third of the height. */
function drawRuns(runs, y, height, first, scale, lettered) {
  let column = -1, shares = null;
  const last = first + (view.width - GUTTER) / scale;
  const flush = () => {
    if (!shares) return;
    const all = LETTERS.split("").reduce((sum, letter) => sum + (shares[letter] || 0), 0), red = shares.U ? Math.max(height / 3, (height * shares.U) / all) : 0;
    let top = y;
    const bar = (letter, tall) => { pen.globalAlpha = dim(letter); pen.fillStyle = colors[letter]; pen.fillRect(column, top, 1.02, tall); top += tall };
    if (red) bar("U", red);
    for (const letter of "CPHGMA") if (shares[letter]) bar(letter, ((height - red) * shares[letter]) / (all - (shares.U || 0)));
    pen.globalAlpha = 1;
    shares = null;
  };
  const small = [];
  for (let i = from(runs, first); i < runs.length && runs[i].first < last; i++) {
    const one = runs[i], x = GUTTER + (one.first - first) * scale, wide = (one.end - one.first) * scale;
    if (wide >= 2) { band(one, x, y, wide, height, lettered); if (one.letter === "U" && wide < 4) small.push(x) }
    else {
      if (Math.floor(x) !== column) { flush(); column = Math.floor(x); shares = {} }
      shares[one.letter] = (shares[one.letter] || 0) + wide;
      if (one.letter === "U") small.push(x);
    }
  }
  flush();
  // Drawn last, so that a neighbor that starts in the same column cannot cover a single lost frame.
  pen.globalAlpha = dim("U");
  pen.fillStyle = colors.U;
  for (const x of small) pen.fillRect(Math.floor(x), y, 2, height / 3);
  pen.globalAlpha = 1;
}
const dim = (letter) => (view.only && view.only !== letter ? 0.14 : 1);

function band(one, x, y, wide, height, lettered) {
  pen.globalAlpha = dim(one.letter);
  pen.fillStyle = height > 12 && wide > 5 ? patterns[one.letter] : colors[one.letter];
  pen.fillRect(x, y, Math.max(wide - (wide > 4 ? 1 : 0), 1), height);
  if (lettered && wide > 15 && height > 14) {
    const text = one.letter === "M" && wide > 46 ? `M ${[...one.classes].join("+")}` : one.letter;
    pen.font = `700 ${height > 30 ? 14 : 11}px ui-monospace, 'DejaVu Sans Mono', monospace`;
    const left = Math.max(x, GUTTER) + 5, size = pen.measureText(text).width;
    pen.fillStyle = one.letter === "U" ? "#ffffff" : "#101216";
    if (left + size + 4 < x + wide) {
      pen.save();
      pen.globalAlpha *= 0.9;
      pen.fillStyle = colors[one.letter];
      pen.fillRect(left - 3, y + 4, size + 6, height > 30 ? 18 : height - 8);
      pen.restore();
      pen.fillStyle = one.letter === "U" ? "#ffffff" : "#101216";
      pen.fillText(text, left, y + (height > 30 ? 13.5 : height / 2 + 0.5));
    }
  }
  pen.globalAlpha = 1;
}

const images = new Map();
function image(key) {
  if (!PICTURES[key]) return null;
  if (!images.has(key)) {
    const picture = new Image();
    picture.onload = ask;
    picture.src = PICTURES[key];
    images.set(key, picture);
  }
  const found = images.get(key);
  return found.complete && found.naturalWidth ? found : null;
}

function drawTrack(row) {
  const { clips } = row.track, last = view.first + (view.width - GUTTER) / view.scale, main = row.track === MAIN;
  pen.fillStyle = colors.track;
  pen.fillRect(GUTTER, row.y, view.width, row.height);
  const start = Math.max(0, from(clips, view.first) - 8), crowded = main && (from(clips, last) - start) * 20 > view.width;
  if (crowded) drawSamples(row);
  let column = -1;
  for (let i = start; i < clips.length && clips[i].first < last; i++) {
    const clip = clips[i], x = xOf(clip.first), wide = (clip.end - clip.first) * view.scale;
    if (x + wide < GUTTER) continue;
    if (wide < 2) {
      if (Math.floor(x) === column && clip.letter !== "U") continue;
      column = Math.floor(x);
    }
    pen.globalAlpha = clip.enabled ? dim(clip.letter) : 0.3;
    if (crowded) drawFoot(clip, x, row.y, wide);
    else if (main) drawThumb(clip, x, row.y, wide, row.height);
    else drawSlim(clip, x, row.y, wide, row.height);
    pen.globalAlpha = 1;
  }
}
/** Where clips are too narrow for pictures of their own: what is on screen every so often, like frames of a strip. */
function drawSamples(row) {
  const span = THUMB * 1.6;
  for (let x = GUTTER; x < view.width; x += span) {
    const middle = frameAt(x + span / 2), clip = clipsAt(row.track, middle)[0], picture = clip && image(VERSIONS[clip.version]?.picture);
    if (picture) pen.drawImage(picture, x, row.y, span - 1, THUMB);
  }
}
/** The line below the picture: the clip's class, and its gaps over it. */
function drawFoot(clip, x, y, wide) {
  const box = Math.max(1, wide - (wide > 3 ? 1 : 0));
  pen.fillStyle = colors[clip.letter];
  pen.fillRect(x, y + THUMB, box, 4);
  pen.fillStyle = colors.U;
  for (const gap of GAPS_OF.get(clip.index) || []) pen.fillRect(xOf(gap.first), y + THUMB - 3, Math.max(2, (gap.end - gap.first) * view.scale - 1), 7);
}
function drawThumb(clip, x, y, wide, height) {
  const box = Math.max(1, wide - 1), picture = image(VERSIONS[clip.version]?.picture);
  pen.save();
  pen.beginPath();
  pen.rect(x, y, box, height);
  pen.clip();
  pen.fillStyle = colors.strip;
  pen.fillRect(x, y, box, height);
  if (picture && wide > 3) {
    const tall = THUMB, span = Math.max(tall * 1.4, (tall * picture.naturalWidth) / picture.naturalHeight);
    if (box <= span) pen.drawImage(picture, x + (box - span) / 2, y, span, tall);
    else for (let left = x; left < x + box; left += span) pen.drawImage(picture, left, y, span, tall);
  } else if (wide > 30) {
    pen.fillStyle = colors.soft;
    pen.font = "11px system-ui, sans-serif";
    pen.fillText(clip.kind === "black" || clip.kind === "title" ? clip.kind : clip.version < 0 ? "no file" : VERSIONS[clip.version].media, x + 6, y + THUMB / 2);
  }
  drawFoot(clip, x, y, wide);
  if (wide > 26) {
    pen.fillStyle = colors.ink;
    pen.font = "11px system-ui, sans-serif";
    pen.fillText(clip.name, Math.max(x, GUTTER) + 3, y + THUMB + 12);
  }
  pen.restore();
}
function drawSlim(clip, x, y, wide, height) {
  pen.fillStyle = colors[clip.letter];
  pen.fillRect(x, y + 1, Math.max(1, wide - 1), height - 2);
  if (wide < 26) return;
  pen.save();
  pen.beginPath();
  pen.rect(x, y, wide - 3, height);
  pen.clip();
  pen.fillStyle = clip.letter === "U" ? "#ffffff" : "#101216";
  pen.font = "600 11px system-ui, sans-serif";
  pen.fillText(clip.enabled ? clip.name : `${clip.name} (off)`, Math.max(x, GUTTER) + 5, y + height / 2 + 0.5);
  pen.restore();
}

function drawHead() {
  if (view.frame < 0) return;
  const x = xOf(view.frame), wide = Math.max(1.5, view.scale);
  if (x + wide < GUTTER || x > view.width) return;
  pen.fillStyle = colors.ink;
  pen.globalAlpha = 0.22;
  pen.fillRect(x, 18, wide, view.height - 20);
  pen.globalAlpha = 1;
  pen.fillRect(x + wide / 2 - 0.75, 18, 1.5, view.height - 20);
  pen.beginPath();
  pen.moveTo(x + wide / 2 - 6, 18);
  pen.lineTo(x + wide / 2 + 6, 18);
  pen.lineTo(x + wide / 2, 26);
  pen.fill();
}

function resize() {
  const fits = view.width === 0 || Math.abs(view.scale - whole()) < 1e-9;
  view.width = canvas.parentElement.clientWidth;
  layOut();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(view.width * ratio);
  canvas.height = Math.round(view.height * ratio);
  canvas.style.height = `${view.height}px`;
  if (fits) view.scale = whole();
  clamp();
  draw();
}
function zoom(factor, x = xOf(view.frame < 0 ? frameAt(view.width / 2) : view.frame)) {
  const under = view.first + (x - GUTTER) / view.scale;
  view.scale *= factor;
  clamp();
  view.first = under - (x - GUTTER) / view.scale;
  clamp();
  ask();
}
function reveal(frame) {
  const wide = (view.width - GUTTER) / view.scale;
  if (frame < view.first || frame >= view.first + wide) view.first = frame - wide / 2;
  clamp();
  ask();
}
