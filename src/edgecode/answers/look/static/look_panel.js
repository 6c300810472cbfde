// What a frame is: the card under the pointer, the match back panel, the legend, the evidence, the table, keys and pointer.
const panel = document.getElementById("panel"), card = document.getElementById("card");

/** The clips that are seen (or heard) at a frame, as matchback names them: the upper track, the incoming side first. */
const seenAt = (frame, kind) => (at(kind === "sound" ? HEARD : SEEN, frame)?.clips || []).map((place) => CLIPS[place]);
const gapsAt = (frame, clip) => GAPS.filter((gap) => gap.first <= frame && frame < gap.end && (clip === undefined || gap.clip === clip.index));

function showCard(frame, clip, x, y) {
  const one = clip && clip.kind === "sound" ? at(SOUND, frame) : at(RUNS, frame);
  const reasons = clip ? gapsAt(frame, clip).map((gap) => gap.reason) : [];
  const letter = reasons.length ? "U" : clip ? clip.letter : one?.letter || "U";
  card.replaceChildren(
    clip ? pictureOf(clip) : "",
    make("h3", {}, letterChip(letter), clip ? clip.name : one ? CLASS[one.letter] : "nothing"),
    make("p", { class: "soft tc" }, `${timecode(frame)}  ·  frame ${count(frame)}`),
    reasons.length ? make("p", { class: "unknown" }, `${reasons[0]}: ${REASON[reasons[0]][0]}`) : "",
    clip && clip.maker ? make("p", {}, clip.maker) : "",
    clip && edgeCode(clip, frame) ? make("p", { class: "tc" }, edgeCode(clip, frame)) : "",
    clip ? make("p", { class: "soft" }, [clip.grade, CONFORM[clip.conform], clip.enabled ? "" : "switched off"].filter(Boolean).join(" · ")) : "",
  );
  card.hidden = false;
  const wide = card.offsetWidth, tall = card.offsetHeight;
  card.style.left = `${Math.max(6, Math.min(x + 18, innerWidth - wide - 8))}px`;
  card.style.top = `${y + 20 + tall > innerHeight ? Math.max(6, y - tall - 16) : y + 20}px`;
}

function matchBack(frame) {
  const one = at(RUNS, frame) || { letter: "U", classes: "", ai: "unknown", grade: "", conform: "", visibility: "", reasons: [] };
  const mixed = one.letter === "M" ? ` of ${[...one.classes].map((letter) => CLASS[letter]).join(" and ")}` : "";
  const facts = [AI[one.ai], one.grade, one.letter === "U" ? "" : CONFORM[one.conform], one.visibility === "possible" ? "possibly covered" : ""];
  const picture = seenAt(frame, "picture"), sound = seenAt(frame, "sound");
  panel.replaceChildren(
    make("h2", {}, "Match back"),
    make("p", { class: "at" }, make("span", { class: "tc" }, timecode(frame)), letterChip(one.letter), CLASS[one.letter] + mixed),
    make("p", { class: "sum" }, [`frame ${count(frame)} of ${count(FRAMES)}`, ...facts].filter(Boolean).join(" · ")),
    ...(picture.length ? picture.map((clip) => onScreen(clip, frame)) : [nothing(frame)]),
    ...sound.map((clip) => onScreen(clip, frame)),
  );
}
function nothing(frame) {
  const lost = gapsAt(frame);
  if (lost.length) return stuck(lost[0]);
  return make("article", { class: "on-screen" }, make("div", { class: "picture" }, "black"), make("div", {}, make("h3", {}, "Black"), make("p", { class: "note" }, "Nothing on the picture tracks: an edit decision, human-made.")));
}

function onScreen(clip, frame) {
  const version = VERSIONS[clip.version], lost = gapsAt(frame, clip);
  const pairs = [
    ["track", [TRACKS[clip.track]?.name, ...clip.nest].filter(Boolean).join(" › ")],
    ["version", version ? version.name : "none known"],
    ["edge code", edgeCode(clip, frame)],
    ["made by", clip.maker],
    ["matched", [CONFORM[clip.conform], clip.why].filter(Boolean).join(": ")],
    ["evidence", clip.grade],
  ].filter(([, value]) => value);
  const rows = pairs.flatMap(([term, value]) => [make("dt", {}, term), make("dd", { class: term === "edge code" ? "tc" : null }, value)]);
  return make("article", { class: clip.kind === "sound" ? "on-screen sound" : "on-screen" },
    pictureOf(clip),
    make("div", {}, make("h3", {}, letterChip(lost.length ? "U" : clip.letter), clip.name), make("dl", { class: "pairs" }, ...rows)),
    ...lost.map(stuck),
    version && version.lineage?.length ? chain(version, frame) : "",
  );
}
function stuck(gap) {
  const asked = (DATA.questions || []).find((question) => (question.gaps || []).includes(GAPS.indexOf(gap)));
  return make("div", { class: "stuck" },
    make("b", {}, gap.reason), `: ${REASON[gap.reason][0]}, ${frames(gap.end - gap.first)} from ${timecode(gap.first)}. `,
    asked ? asked.text : REASON[gap.reason][1],
    asked && asked.command ? make("code", { class: "type" }, asked.command) : "",
  );
}
function chain(version, frame) {
  const rows = version.lineage.map((place) => step(DATA.steps[place])).map((step) => {
    const item = make("li", {}, letterChip(step.unknown ? "U" : step.letter),
      make("div", {}, make("span", { class: step.unknown ? "unknown" : null }, `${step.relation} ${step.what}`),
        step.maker ? ` · ${step.maker}` : "",
        step.unknown ? make("span", { class: "unknown" }, ` · ${step.unknown}: ${REASON[step.unknown]?.[0] || "unknown"}`) : "",
        make("br"), make("small", {}, [step.detail, step.edge_code, step.grade].filter(Boolean).join(" · "))));
    item.style.paddingLeft = `${Math.min(step.depth, 12) * 22}px`;
    return item;
  });
  const rest = version.more ? make("li", { class: "note" }, make("div", {}, `and ${count(version.more)} more rows: edgecode matchback ${DATA.recorded ? `${shellWord(DATA.cut)} ${timecode(frame)}` : "in a production"}`)) : "";
  return make("ol", { class: "chain" }, ...rows, rest);
}

function select(frame, { open = true, quiet = false } = {}) {
  view.frame = Math.min(FRAMES - 1, Math.max(0, frame));
  reveal(view.frame);
  const one = at(RUNS, view.frame), top = seenAt(view.frame, "picture")[0];
  canvas.setAttribute("aria-valuenow", view.frame);
  canvas.setAttribute("aria-valuetext", `${timecode(view.frame)}, ${one ? CLASS[one.letter] : ""}${top ? `, ${top.name}` : ""}`);
  for (const row of document.querySelectorAll("#gaps tbody tr")) {
    const gap = GAPS[[...row.parentElement.children].indexOf(row)];
    row.className = gap && gap.first <= view.frame && view.frame < gap.end ? "here" : "";
  }
  if (open) matchBack(view.frame);
  if (!quiet) history.replaceState(null, "", `#f=${view.frame}`);
}
function jumpToGap(step) {
  const starts = [...new Set(GAPS.map((gap) => gap.first))].sort((a, b) => a - b);
  if (!starts.length) return;
  const next = step > 0 ? starts.find((first) => first > view.frame) ?? starts[0] : [...starts].reverse().find((first) => first < view.frame) ?? starts[starts.length - 1];
  select(next);
}
function jumpToClip(step) {
  const starts = [...new Set((MAIN?.clips || []).map((clip) => clip.first))].sort((a, b) => a - b);
  const next = step > 0 ? starts.find((first) => first > view.frame) : [...starts].reverse().find((first) => first < view.frame);
  if (next !== undefined) select(next);
}

/** The clip of one track that is on screen at a frame, else the one that lies there, switched off or covered. */
const seenOn = (track, frame) => {
  const there = clipsAt(track, frame), seen = seenAt(frame, track.kind);
  return seen.find((clip) => there.includes(clip)) || there[0];
};
/** Where the pointer is: the frame, and the clip of the track under it (or the topmost one that is on screen). */
function under(event) {
  const box = canvas.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
  const row = view.rows.find((one) => y >= one.y && y < one.y + one.height + 2);
  const frame = row?.kind === "map" ? Math.min(FRAMES - 1, Math.max(0, Math.floor((x - GUTTER) / whole()))) : frameAt(x);
  const clip = row?.track ? seenOn(row.track, frame) : seenAt(frame, row?.kind === "sound" ? "sound" : "picture")[0];
  return { x, frame, clip, row, inside: x >= GUTTER };
}

function listen() {
  let held = null;
  canvas.addEventListener("pointerdown", (event) => {
    const spot = under(event);
    held = { x: event.clientX, first: view.first, moved: false, map: spot.row?.kind === "map" };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const spot = under(event);
    if (held) {
      const wide = (view.width - GUTTER) / view.scale;
      if (Math.abs(event.clientX - held.x) > 4) held.moved = true;
      if (held.map) view.first = spot.frame - wide / 2;
      else if (held.moved) view.first = held.first - (event.clientX - held.x) / view.scale;
      clamp();
      ask();
      card.hidden = true;
    } else if (spot.inside) showCard(spot.frame, spot.clip, event.clientX, event.clientY);
    else card.hidden = true;
  });
  canvas.addEventListener("pointerup", (event) => {
    const spot = under(event);
    if (held && !held.moved && spot.inside) { card.hidden = true; select(spot.frame) }
    held = null;
  });
  canvas.addEventListener("pointercancel", () => (held = null));
  canvas.addEventListener("pointerleave", () => (card.hidden = true));
  canvas.addEventListener("wheel", (event) => {
    const across = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // At full width a plain wheel scrolls the page, so that nobody gets caught in the strip; ctrl or pinch zooms.
    if (!across && !event.ctrlKey && !event.metaKey && !event.altKey) return;
    event.preventDefault();
    card.hidden = true;
    if (across) { view.first += (event.deltaX || event.deltaY) / view.scale; clamp(); ask() }
    else zoom(Math.exp(-event.deltaY * 0.004), under(event).x);
  }, { passive: false });
  document.addEventListener("keydown", onKey);
  for (const [id, act] of [["previous-gap", () => jumpToGap(-1)], ["next-gap", () => jumpToGap(1)], ["zoom-in", () => zoom(2)], ["zoom-out", () => zoom(0.5)], ["zoom-fit", () => zoom(1e-9)]])
    document.getElementById(id).addEventListener("click", act);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.jump");
    if (!link) return;
    event.preventDefault();
    select(Number(link.getAttribute("href").slice(3)));
    document.querySelector(".strip").scrollIntoView({ block: "nearest" });
  });
  addEventListener("hashchange", openAddress);
  addEventListener("resize", resize);
  const repaint = () => { readColors(); drawLegend(); draw() };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  addEventListener("beforeprint", repaint);
  addEventListener("afterprint", repaint);
  document.getElementById("clips").addEventListener("toggle", fillTable, { once: true });
}
/** Keys that walk the strip work from anywhere on the page; those that a page scrolls or presses with, only in the strip's own box. */
const EVERYWHERE = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "n", "p", "+", "=", "-", "0"]);
function isTaken(event, key) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  const on = event.target;
  if (on === canvas) return false;
  if (on.closest?.("input, textarea, select, summary, [contenteditable]")) return true;
  // A table that scrolls in a box of its own keeps its arrows.
  const boxed = on !== document.body && on !== document.documentElement;
  if (key.startsWith("Arrow") && boxed && (on.scrollWidth > on.clientWidth + 1 || on.scrollHeight > on.clientHeight + 1)) return true;
  if (key === "Enter" && on.closest?.("a, button")) return true;
  return !EVERYWHERE.has(key) && !on.closest?.(".strip");
}
function onKey(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key, step = event.shiftKey ? NOMINAL : 1, here = Math.max(0, view.frame);
  const act = {
    ArrowRight: () => select(here + step), ArrowLeft: () => select(here - step), ArrowDown: () => jumpToClip(1), ArrowUp: () => jumpToClip(-1),
    Home: () => select(0), End: () => select(FRAMES - 1), PageDown: () => select(here + 10 * NOMINAL), PageUp: () => select(here - 10 * NOMINAL),
    n: () => jumpToGap(1), p: () => jumpToGap(-1), "+": () => zoom(2), "=": () => zoom(2), "-": () => zoom(0.5), 0: () => zoom(1e-9),
    Enter: () => { select(here); panel.scrollIntoView({ block: "nearest" }) },
  }[key];
  if (!act || isTaken(event, key)) return;
  event.preventDefault();
  act();
}

function drawLegend() {
  const ratio = window.devicePixelRatio || 1;
  document.getElementById("legend").replaceChildren(...[...LETTERS].map((letter) => {
    const many = DATA.by_origin[letter] || 0, swatch = make("canvas", { width: Math.round(22 * ratio), height: Math.round(22 * ratio) }), brush = swatch.getContext("2d");
    brush.scale(ratio, ratio);
    brush.fillStyle = brush.createPattern(tile(letter), "repeat");
    brush.fillRect(0, 0, 22, 22);
    brush.fillStyle = colors[letter];
    brush.fillRect(5, 4, 12, 14);
    brush.fillStyle = letter === "U" ? "#ffffff" : "#101216";
    brush.font = "700 13px ui-monospace, 'DejaVu Sans Mono', monospace";
    brush.textAlign = "center";
    brush.textBaseline = "middle";
    brush.fillText(letter, 11, 11.5);
    const withAi = letter === "M" ? Object.entries(DATA.mixed || {}).reduce((sum, [classes, part]) => sum + (classes.includes("G") ? part : 0), 0) : 0;
    const button = make("button", { type: "button", "aria-pressed": String(view.only === letter), class: letter === "U" && many ? "is-gap" : null, disabled: !many },
      swatch, make("span", {}, CLASS[letter]), make("b", {}, count(many)), withAi ? make("small", {}, `${count(withAi)} with AI`) : "");
    button.addEventListener("click", () => { view.only = view.only === letter ? "" : letter; drawLegend(); draw(); document.querySelectorAll("#legend button")[LETTERS.indexOf(letter)].focus() });
    return button;
  }));
}

function drawEvidence() {
  const grades = ["corroborated", "signed", "logged", "declared", "none"].map((grade) => [grade, (DATA.by_grade || {})[grade] || 0]).filter(([, many]) => many);
  const bar = make("div", { class: "mix", role: "img", "aria-label": grades.map(([grade, many]) => `${grade} ${frames(many)}`).join(", ") },
    ...grades.map(([grade, many]) => { const part = make("i", { class: `grade-${grade}` }); part.style.width = `${(100 * many) / FRAMES}%`; return part }));
  const words = { corroborated: "two independent sources agree", signed: "the tool or vendor signed", logged: "a tool's own record", declared: "a person said so", none: "not accounted for" };
  document.getElementById("evidence").replaceChildren(bar, make("div", { class: "grades" },
    ...grades.map(([grade, many]) => make("span", {}, make("i", { class: `grade-${grade}` }), make("b", {}, grade === "none" ? "" : `${grade} `), `${count(many)}, ${words[grade]}`))));
}

function fillTable() {
  const body = make("tbody"), head = ["In", "Out", "Frames", "Track", "Clip", "Origin", "Made by", "Version", "Edge code", "Evidence"];
  document.getElementById("clip-table").replaceChildren(make("table", {}, make("thead", {}, make("tr", {}, ...head.map((word) => make("th", {}, word)))), body));
  const sorted = [...CLIPS].sort((a, b) => a.first - b.first || a.track - b.track);
  const more = (start) => {
    for (const clip of sorted.slice(start, start + 250)) {
      const cells = [clip.end > clip.first ? timecode(clip.end) : "", count(clip.end - clip.first), TRACKS[clip.track]?.name || "", clip.enabled ? clip.name : `${clip.name} (off)`,
        `${clip.letter} ${CLASS[clip.letter]}`, clip.maker || (clip.reasons[0] ? `${clip.reasons[0]}: ${REASON[clip.reasons[0]][0]}` : ""), VERSIONS[clip.version]?.name || "", edgeCode(clip, clip.first), clip.grade || ""];
      body.append(make("tr", {}, make("td", {}, make("a", { class: "jump", href: `#f=${Math.max(0, clip.first)}` }, timecode(clip.first))), ...cells.map((cell) => make("td", {}, cell))));
    }
    if (start + 250 < sorted.length) requestAnimationFrame(() => more(start + 250));
  };
  more(0);
}

function openAddress() {
  const asked = /^#f=(\d+)$/.exec(location.hash);
  if (asked) select(Number(asked[1]), { quiet: true });
}

canvas.setAttribute("aria-valuemax", Math.max(0, FRAMES - 1));
readColors();
drawLegend();
drawEvidence();
resize();
listen();
openAddress();
if (view.frame < 0 && FRAMES) select(GAPS.length ? GAPS[0].first : Math.floor(FRAMES / 2), { quiet: true });
document.documentElement.dataset.ready = "yes";
