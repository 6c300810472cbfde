"use strict";
const told = JSON.parse(document.getElementById("data").textContent);
const request = told.request;
const MADE = [
  ["camera", "camera"], ["capture", "performance capture"], ["people", "made by people"],
  ["model", "made by a generative model"], ["archive", "archive or library"],
];
const rows = document.getElementById("rows");
const template = document.getElementById("part");
const shots = request.rows.map(shot);

function element(tag, words, name) {
  const one = document.createElement(tag);
  if (words) one.textContent = words;
  if (name) one.className = name;
  return one;
}

function shot(row) {
  const section = element("section", "", "shot");
  section.append(element("h2", `${row.row}. ${row.shot || "without a name"}`));
  const total = row.end - row.first;
  const asked = `${total === 1 ? `frame ${row.first}` : `frames ${row.first} to ${row.end - 1}`}${row.counted_in === "cut" ? " of the cut" : ""}`;
  const facts = [asked, total === 1 ? "1 frame" : `${total} frames`, `record ${row.record_tc[0]} to ${row.record_tc[1]}`, row.track, row.file];
  section.append(element("p", facts.filter(Boolean).join("  ·  "), "facts"));
  const parts = element("div");
  const more = element("button", "Other frames of this shot were made differently", "more");
  more.type = "button";
  const one = { row, section, parts: [], holder: parts };
  more.addEventListener("click", () => { part(one).querySelector("input").focus(); changed(); });
  section.append(parts, more);
  rows.append(section);
  part(one);
  return one;
}

function part(one, answer) {
  const made = template.content.firstElementChild.cloneNode(true);
  const group = made.querySelector(".made");
  for (const [word, words] of MADE) {
    const label = element("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = word;
    box.checked = Boolean(answer && (answer.made || []).includes(word));
    label.append(box, words);
    group.append(label);
  }
  group.setAttribute("aria-label", `Made of, shot ${one.row.row}`);
  if (answer) {
    made.querySelector("select").value = answer.ai || "";
    for (const field of made.querySelectorAll("[data-field]")) field.value = answer[field.dataset.field] || "";
  }
  made.addEventListener("input", changed);
  one.parts.push(made);
  one.holder.append(made);
  return made;
}

// The same spelling that the reader of forms takes: 1001-1048, 1060; both ends are included.
function frames(words, row) {
  if (!words.trim()) return [[row.first, row.end]];
  const found = [];
  for (const piece of words.split(/[,;\n]/).map((one) => one.trim()).filter(Boolean)) {
    const match = /^(-?\d{1,12})(?:\s*(?:-|–|to|\.\.)\s*(-?\d{1,12}))?$/.exec(piece);
    if (!match || Number(match[2] ?? match[1]) < Number(match[1])) return null;
    found.push([Math.max(row.first, Number(match[1])), Math.min(row.end, Number(match[2] ?? match[1]) + 1)]);
  }
  return found.filter(([first, end]) => first < end);
}

function answerOf(one, made) {
  const answer = { row: one.row.row };
  if (one.row.shot) answer.shot = one.row.shot;
  const boxes = [...made.querySelectorAll(".made input:checked")].map((box) => box.value);
  if (boxes.length) answer.made = boxes;
  const ai = made.querySelector("select").value;
  if (ai) answer.ai = ai;
  for (const field of made.querySelectorAll("[data-field]")) if (field.value.trim()) answer[field.dataset.field] = field.value.trim();
  return answer;
}

function changed() {
  let answered = 0, asked = 0, wrong = 0;
  for (const one of shots) {
    const total = one.row.end - one.row.first;
    asked += total;
    const seen = [];
    for (const made of one.parts) {
      const answer = answerOf(one, made);
      const spans = frames(answer.frames || "", one.row);
      const problem = made.querySelector(".problem");
      problem.textContent = "";
      if (spans === null) problem.textContent = "Write frames as numbers: 1001-1048, 1060";
      else if (answer.made && !spans.length) problem.textContent = "None of these frames was asked for.";
      else if (!answer.made && Object.keys(answer).some((key) => !["row", "shot"].includes(key))) {
        problem.textContent = "Say what these frames are made of; without it this is no answer.";
      }
      if (problem.textContent) wrong += 1;
      if (answer.made && spans) seen.push(...spans);
    }
    seen.sort((a, b) => a[0] - b[0]);
    let at = one.row.first, covered = 0;
    for (const [first, end] of seen) { covered += Math.max(0, end - Math.max(first, at)); at = Math.max(at, end); }
    answered += covered;
    one.section.className = covered === total ? "shot answered" : covered ? "shot partly" : "shot";
  }
  const open = asked - answered;
  document.getElementById("progress").textContent =
    `${answered.toLocaleString("en")} of ${asked.toLocaleString("en")} frames answered, ${open.toLocaleString("en")} open` +
    (wrong ? `, ${wrong} unclear` : "");
  return wrong;
}

function written() {
  const sign = {};
  for (const word of ["name", "role", "date"]) {
    const value = document.getElementById(`sign-${word}`).value.trim();
    if (value) sign[word] = value;
  }
  const answers = shots.flatMap((one) => one.parts.map((made) => answerOf(one, made)))
    .filter((answer) => Object.keys(answer).some((key) => !["row", "shot"].includes(key)));
  return { schema: told.returns, turnover: request.turnover, rows: answers, ...(Object.keys(sign).length ? { signatory: sign } : {}) };
}

function say(words, done) {
  const said = document.getElementById("said");
  said.textContent = words;
  said.className = done ? "said done" : "said";
}

document.getElementById("save").addEventListener("click", () => {
  if (changed()) { say("Some answers are unclear; they are marked above. Nothing was saved."); document.querySelector(".problem:not(:empty)").scrollIntoView({ block: "center" }); return; }
  const body = written();
  if (!body.signatory?.name) { say("Say who stands for this return. Nothing was saved."); document.getElementById("sign-name").focus(); return; }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(body, null, 1) + "\n"], { type: "application/json" }));
  link.download = `return-${request.number.replace(/[^A-Za-z0-9_-]+/g, "-")}.json`;
  link.click();
  say(`Saved as ${link.download}. Send that file back.`, true);
});

document.getElementById("open").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  try {
    const body = JSON.parse(await file.text());
    if (body.schema !== told.returns || body.turnover !== request.turnover) throw new Error("it answers another turnover");
    for (const one of shots) {
      const mine = (body.rows || []).filter((answer) => answer.row === one.row.row);
      one.holder.replaceChildren();
      one.parts = [];
      for (const answer of mine.length ? mine : [undefined]) part(one, answer);
    }
    for (const word of ["name", "role", "date"]) document.getElementById(`sign-${word}`).value = body.signatory?.[word] || "";
    changed();
    say("Opened.", true);
  } catch (error) {
    say(`This file cannot be opened here: ${error.message}`);
  }
});

changed();
document.documentElement.dataset.ready = "yes";
