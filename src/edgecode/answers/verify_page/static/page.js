// The page itself: takes files in, shows one word and everything it rests on. All text goes in as text, never as markup.

const MEANS = {
  WITNESSED: "Everything checks, and enough independent organizations have signed the same history of this record.",
  UNWITNESSED: "Everything checks. Not enough witnesses: whoever keeps the record could still have shown others another history.",
  UNVERIFIABLE: "It cannot be told here. Nothing is shown to be altered; something needed is missing or unknown.",
  DIVERGED: "The log's keeper signed two histories that cannot both be true.",
  INVALID: "Something in this pack is not what was recorded. It is named below; the rest was judged all the same.",
};
const INSIDE = "Everything checks under the keys that came with the pack. Whose they are, nothing here can tell, so no witness counts.";
const ORIGINS = { C: "camera", P: "capture", H: "human-made", G: "generated", M: "mixed", A: "archive", U: "unaccounted" };
const ABOUT = { cut: "a cut", erasure: "an erasure", disclosure: "a disclosure" };
const SHOWN_AT_FIRST = 400;
const NOTHING_SHOWN = "Because the pack is not what was recorded, take nothing below for recorded.";

const byId = (id) => document.getElementById(id);
const counted = (count) => Number(count).toLocaleString("en-US");
function made(tag, text = "", className = "") {
  const element = document.createElement(tag);
  if (text !== "") element.textContent = text;
  if (className) element.className = className;
  return element;
}

let chosen = null, round = 0;

async function trustGiven() {
  const file = byId("policy-file").files[0];
  let text = byId("policy-text").value.trim();
  if (file && !text) text = decodeUtf8(new Uint8Array(await file.arrayBuffer())).trim();
  if (!text) return null;
  const words = text.split("\n").map((line) => line.trim());
  const isPolicy = words.some((line) => /^(?:log|witness|group|quorum)[ \t]/.test(line));
  return utf8(isPolicy ? `${text}\n` : `${words.filter(Boolean).map((key) => `log ${key}`).join("\n")}\nquorum none\n`);
}

async function judge() {
  if (!chosen) return;
  const mine = ++round;
  document.documentElement.dataset.verdict = "";
  byId("pack-name").textContent = chosen.name;
  byId("result").hidden = false;
  const progress = working();
  let report, began = performance.now();
  try {
    if (!globalThis.crypto?.subtle)
      throw new Wrong("browser.no_crypto", "this browser gives this page no cryptography: open it as a file or over https", "UNVERIFIABLE");
    const policy = await trustGiven(), outside = policy && parsePolicy(policy), data = new Uint8Array(await chosen.arrayBuffer());
    await progress("Reading the pack", 0, 0);
    report = await verifyPack(data, outside, progress);
    report.outside = Boolean(outside);
  } catch (error) {
    report = unjudged(error);
  }
  if (mine !== round) return;
  report.seconds = (performance.now() - began) / 1000;
  byId("working").hidden = true;
  try { showReport(report); } catch (error) {
    clear();
    report = { ...unjudged(error), seconds: report.seconds };
    showReport(report);
  }
  globalThis.report = report;
  document.documentElement.dataset.verdict = report.word;
}

// What is said where the judging or the showing itself failed: never a word that was not shown with everything behind it.
function unjudged(error) {
  const known = error instanceof Wrong;
  const finding = { code: known ? error.code : "page.failed", object: known && error.code.startsWith("policy") ? "the policy given" : "this page", what: error.message, verdict: "UNVERIFIABLE" };
  return { word: "UNVERIFIABLE", findings: [finding], events: 0, quorum: { organisations: [], needed: 0 }, unjudged: [], outside: false };
}

// Nothing of a pack that was judged before stays on the page.
function clear() {
  for (const id of ["facts", "findings", "six", "gaps", "ranges"]) byId(id).replaceChildren();
  for (const id of ["six-title", "six-warn", "text", "text-note"]) byId(id).textContent = "";
  for (const id of ["findings-section", "six-section", "gaps-section", "ranges-section", "text-section"]) byId(id).hidden = true;
  globalThis.report = undefined;
}

// Shows how far the judging is, at most twenty times a second, and lets the browser draw it.
function working() {
  show("Judging", "");
  clear();
  byId("details").hidden = true;
  byId("working").hidden = false;
  let drawn = -Infinity;
  return async (what, done, total) => {
    if (performance.now() - drawn < 50) return;
    byId("doing").textContent = total ? `${what}: ${counted(done)} of ${counted(total)}` : `${what} …`;
    byId("bar").max = total || 1;
    byId("bar").value = done;
    await new Promise((go) => setTimeout(go));
    drawn = performance.now();
  };
}

function show(word, means) {
  byId("word").textContent = word;
  byId("means").textContent = means;
  byId("verdict").dataset.word = word;
}

function showReport(report) {
  show(report.word, report.word === "UNWITNESSED" && !report.outside ? INSIDE : MEANS[report.word]);
  showFacts(report);
  showFindings(report);
  const answer = report.manifest?.kind === "cut" && isObject(report.answer) ? report.answer : null;
  const isWrong = ["INVALID", "DIVERGED"].includes(report.word);
  byId("six-warn").hidden = !isWrong;
  byId("six-warn").textContent = NOTHING_SHOWN;
  for (const id of ["six-section", "gaps-section", "ranges-section"]) byId(id).hidden = !answer;
  if (answer) {
    try { showSix(answer, report); showGaps(answer); showRanges(answer); } catch (error) {
      if (!isWrong) throw error;
      for (const id of ["six-section", "gaps-section", "ranges-section"]) byId(id).hidden = true;
    }
  }
  // Of what is no cut the page shows what was judged; answer.txt is the keeper's own words.
  const text = report.members?.get("answer.txt"), isPaper = report.manifest && report.manifest.kind !== "cut";
  byId("text-section").hidden = !text;
  byId("text-about").textContent = isPaper ? "answer.json" : "answer.txt";
  byId("text-note").textContent = isPaper ? "This is the judged answer." : "This is the keeper's rendering and not judged: the judged answer is answer.json.";
  byId("text").textContent = isPaper ? JSON.stringify(report.answer, null, 2) : text ? new TextDecoder().decode(text) : "";
  byId("text-details").open = Boolean(text && isPaper);
  byId("details").hidden = false;
  byId("result").focus({ preventScroll: true });
}

function showFacts({ manifest, head, quorum, unjudged, outside, events, made: index, seconds, members }) {
  const facts = byId("facts");
  facts.replaceChildren();
  const add = (name, value) => facts.append(made("dt", name), made("dd", value));
  if (manifest) add("Pack", `about ${ABOUT[manifest.kind] ?? "something unknown"}, ${manifest.pack}`);
  if (head) add("Record", `${head.origin}, ${counted(head.size)} entries, root ${hex(head.root)}`);
  if (manifest && head && index >= 0n) add("Answer", staleness(BigInt(manifest.size), index, head.size));
  if (index >= 0n) add("Bound by", `entry ${counted(index)} of the record, which holds the digest of pack.json`);
  add("Judged", `${counted(events)} events with their proofs, in ${seconds < 1 ? `${Math.ceil(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`}`);
  const names = quorum.organisations.join(" and ");
  if (!outside) add("Keys", "those in the pack itself; whose they are, nothing here can tell");
  else if (!quorum.needed) add("Witnesses", "none asked for by the policy given");
  else add("Witnesses", `${quorum.organisations.length ? `${names} signed` : "none signed"}; ${quorum.needed} ${quorum.needed === 1 ? "organization" : "organizations"} needed`);
  if (unjudged.length) add("Not judged here", `ML-DSA cosignatures of ${unjudged.join(", ")}`);
  const page = members?.get("verify.html");
  if (page) add("Page in the pack", `SHA-256 ${hex(sha256(page))}`);
}

// How old the answer is: what was recorded after it is not in it, however new the head is that it is proved under.
function staleness(given, made, size) {
  const between = made > given ? `; ${counted(made - given)} entries were recorded between the answer and the pack` : "";
  const since = size > made + 1n ? `; nothing of the ${counted(size - made - 1n)} entries after the pack is in it` : "";
  return `given at ${counted(given)} entries; the head has ${counted(size)}; the pack was made at entry ${counted(made)}${between}${since}`;
}

function showFindings({ findings }) {
  byId("findings-section").hidden = !findings.length;
  byId("findings").replaceChildren(...findings.slice(0, SHOWN_AT_FIRST).map((finding) => {
    const item = made("li", "", finding.verdict === "UNVERIFIABLE" ? "doubt" : "");
    item.append(made("b", finding.object), `${finding.what} `, made("code", finding.code));
    return item;
  }));
  if (findings.length > SHOWN_AT_FIRST) byId("findings").append(made("li", `and ${counted(findings.length - SHOWN_AT_FIRST)} more`));
}

function showSix({ coverage, six }, { quorum, outside }) {
  const share = (part) => (coverage.frames ? `${(Math.floor((part * 1000) / coverage.frames) / 10).toFixed(1)} %` : "0 %");
  const grades = ["corroborated", "signed", "logged", "declared"].map((grade) => `${share(coverage.by_grade[grade])} ${grade}`).join(" · ");
  const witnessed = outside ? `${quorum.organisations.length} of ${quorum.needed} organizations` : "no outside policy given";
  const generated = coverage.by_origin.G + Object.entries(coverage.mixed).reduce((all, [classes, frames]) => all + (classes.includes("G") ? frames : 0), 0);
  const cards = [
    [counted(coverage.frames), "frames in the cut", ""],
    [`${counted(generated)}`, `frames with content that a model made (${share(generated)})`, ""],
    [counted(coverage.unaccounted), `frames unaccounted, of them waived ${counted(coverage.waived)}`, coverage.unaccounted ? "gap" : ""],
    [six.persons, "persons shown or heard by replica, and their consents", "words"],
    [six.findings, "open findings of rule packs", "words"],
    [grades, `evidence of the frames · witnessed: ${witnessed}`, "words"],
  ];
  byId("six-title").textContent = `Six numbers · “${coverage.production}” · ${coverage.cut}`;
  byId("six").replaceChildren(...cards.map(([value, label, className]) => {
    const card = made("li");
    card.append(made("b", value, className), made("span", label));
    return card;
  }));
}

function table(caption, columns, lines) {
  const box = made("div", "", "scroll"), sheet = made("table"), head = made("tr"), body = made("tbody");
  sheet.append(made("caption", caption));
  for (const [name, className] of columns) { const cell = made("th", name, className === "count" ? className : ""); cell.scope = "col"; head.append(cell); }
  const top = made("thead");
  top.append(head);
  sheet.append(top, body);
  box.append(sheet);
  const parts = [box];
  const fill = (from, to) => {
    const added = lines.slice(from, to).map((line) => line());
    for (const row of added) [...row.cells].forEach((cell, i) => { cell.dataset.name = columns[i][0]; });
    body.append(...added);
  };
  fill(0, SHOWN_AT_FIRST);
  if (lines.length > SHOWN_AT_FIRST) {
    const more = made("button", `Show the other ${counted(lines.length - SHOWN_AT_FIRST)}`, "more");
    more.addEventListener("click", () => { fill(SHOWN_AT_FIRST); more.remove(); });
    parts.push(more);
  }
  return parts;
}
function line(cells, className = "") {
  const row = made("tr", "", className);
  for (const [value, name] of cells) {
    const cell = made("td", typeof value === "string" ? value : "", name);
    if (typeof value !== "string") cell.append(value);
    row.append(cell);
  }
  return row;
}

function showGaps({ coverage }) {
  const gaps = [...coverage.gaps.map((gap) => [gap, "picture"]), ...coverage.audio.gaps.map((gap) => [gap, "sound"])];
  const columns = [["In", "tc"], ["Out", "tc"], ["Frames", "count"], ["Track", ""], ["Clip", ""], ["Medium", ""], ["Why", ""]];
  const lines = gaps.map(([gap, medium]) => () =>
    line([[gap.in_tc, "tc"], [gap.out_tc, "tc"], [counted(gap.frames), "count"], [gap.track, ""], [gap.clip, ""], [medium, ""], [gap.reason, ""]]));
  const caption = `${counted(coverage.unaccounted)} frames of the picture, ${counted(coverage.audio.unaccounted)} of the sound`;
  byId("gaps").replaceChildren(...(gaps.length ? table(caption, columns, lines) : [made("p", "Nothing: every frame is accounted for.")]));
}

function showRanges(answer) {
  const versions = new Map(answer.versions.map((row) => [row.id, row])), steps = new Map(answer.steps.map((row) => [row.id, row]));
  const columns = [["In", "tc"], ["Out", "tc"], ["Frames", "count"], ["Origin", ""], ["AI", ""], ["Grade", ""], ["Matched by", ""], ["What is on screen", ""], ["Entries", ""]];
  const build = (one) => () => {
    const letter = made("span", "", "origin"), shown = one.shown.map((part) => versions.get(part.version)).filter(Boolean);
    letter.append(made("i", one.origin, `is-${one.origin in ORIGINS ? one.origin : "U"}`), one.origin === "M" ? `mixed ${[...one.classes].join("+")}` : ORIGINS[one.origin] ?? "");
    const entries = new Set(shown.flatMap((version) => [...version.ledger.slice(0, 1), ...(version.steps ?? []).slice(0, 1).flatMap((step) => steps.get(step)?.ledger ?? [])]));
    const nothing = one.reasons.length ? one.reasons.join(", ") : one.shown.length ? one.shown.map((part) => `clip ${part.clip}`).join(", ") : "nothing on any track: an edit decision";
    const codes = [...new Set(shown.map((version) => version.edge_code ?? version.id))].join(" + ") || nothing;
    const seen = one.visibility === "possible" ? `${codes} (possibly seen)` : codes;
    return line([[one.in_tc, "tc"], [one.out_tc, "tc"], [counted(one.out - one.in), "count"], [letter, ""], [one.ai, ""], [one.grade, ""], [one.conform, ""], [seen, "codes"],
      [[...entries].sort((a, b) => a - b).join(" "), "tc"]], one.origin === "U" ? "open" : "");
  };
  const parts = table(`Picture: ${counted(answer.ranges.length)} ranges`, columns, answer.ranges.map(build));
  if (answer.sound.length) parts.push(...table(`Sound: ${counted(answer.sound.length)} ranges`, columns, answer.sound.map(build)));
  byId("ranges").replaceChildren(...parts);
}

byId("pack").addEventListener("change", (event) => { chosen = event.target.files[0] ?? chosen; judge(); });
byId("policy-file").addEventListener("change", judge);
byId("policy-text").addEventListener("change", judge);
document.addEventListener("dragover", (event) => { event.preventDefault(); document.body.classList.add("dragging"); });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) document.body.classList.remove("dragging"); });
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  const file = event.dataTransfer.files[0];
  if (file) { chosen = file; judge(); }
});
document.documentElement.dataset.ready = "yes";
