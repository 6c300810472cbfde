// The forms of what a pack says, as edgecode.ledger.pack_forms explains them; a test holds the two texts against each other.

const SHAPES = `
sums = frames:count accounted:count unaccounted:count waived:count by_origin:{}count mixed:{}count ai:{}count
  by_grade:{}count by_conform:{}count by_visibility:{}count effects_not_visible:count
seen = origin:=C|P|H|G|M|A|U grade:=declared|logged|signed|corroborated|none conform:=none|inferred|declared|id|content
  visibility:=certain|possible
row = id:id ledger:[]count
answer = schema:=edgecode.pack-answer/1 ledger:#point six:#six coverage:#coverage ranges:[]#range sound:[]#range cuts:[]#cited
  versions:[]#version steps:[]#step answers:[]#word decisions:[]#decision withdrawn:[]#cited opened:[]#opened
point = origin:text size:count root:hex
six = frames:count generated:count unaccounted:count waived:count by_grade:{}count persons:text findings:text
coverage = *sums schema:=edgecode.coverage/1 production:text cut:text rate:text start:int gaps:[]#gap audio:#audio reels:[]#reel
  ledger:#point rows_missing?:count events_unread?:count notes?:#notes
notes = released:[]#released profile_changes:[]#profile rules_decided:[]#rules
released = subject:text kind:text person:text version:text clip:text in_tc:text out_tc:text frames:count note:#release
release = release:id by:text role:text clause:text on:text what?:text named?:text
profile = name:text before:text after:any on:text by:text counts:flag signed:flag forged:flag
rules = decision:id pack:text choice:=on|off|adopted|cap_kept|parameters by:text on:text signed:flag counts:any why:text
audio = *sums gaps:[]#gap
reel = *sums reel:text in:count out:count
gap = in:count out:count in_tc:text out_tc:text frames:count track:text clip:text reason:text
range = *seen in:count out:count in_tc:text out_tc:text classes:letters ai:=none|assistive|unknown|generative effects_hidden:flag
  reasons:[]=no-match|ambiguous|offline-media|range-outside|no-step|dangling-parent|vendor-open shown:[]#shown
shown = *seen clip:count id:id track:text confidence:count version?:id source?:[2]int answer?:id decision?:id
cited = *row
version = *row known:=read|named|referred origin:=|C|P|H|G|M|A|U edge_code?:code sha256?:hex sequence_root?:hex media?:text
  frames?:[2]int steps?:[]id also?:[]#also answer?:id personal?:flag
also = version:id relation:text
step = *row kind:text grade:=declared|logged|signed|corroborated|none standing:=counts|outranked|failed|withdrawn source:text
  outputs:[]id inputs?:[]#input tool?:text ai?:=none|assistive|unknown|generative
input = version:id role:text
word = *row kind:text about:=making|effects versions:count clips:count ai?:=none|assistive|unknown|generative withdrawn?:flag
decision = *row record:id clips:count
opened = section:text events:count
cut.added = ... cut:id rate:text start:int frames:count drop_frame?:flag effects_visible?:flag tracks:[]#track clips:[]#clip
  transitions?:[]#transition diagnostics?:[]#problem
track = ... kind:=picture|sound|other enabled?:flag
clip = ... id:id kind:text path:[]count record:[2]fraction enabled?:flag effects?:[]#effect
effect = ... seen?:text
transition = ... seen?:text record:[2]fraction
problem = ... effect?:text
version.seen = ... version:id media:#media
sequence.seen = ... version:id media:#media first:int last:int
media = ... media_class:text frames?:count first_frame?:int
model.known = ... version:id
dataset.known = ... version:id
step.performed = ... step:id kind:text source:text grade:text outputs:[]id inputs?:[]#used tool?:#tool ai?:text status?:text
  origins?:text
used = ... version:id role?:text frames?:[]any
tool = ... name:text version?:text
answer.given = ... answer:id cut:text claim:#claim about?:text versions?:[]text clips?:[]text
claim = ... kind:text ai?:text
conform.decided = ... cut:text decisions:[]#decided
decided = ... clip:text version?:text
step.withdrawn = ... step:id
answer.withdrawn = ... answer:id
erasure = person:text requested:text executed:text requester:text verified:text ground:text scope:text schema:=edgecode.erasure/1
  number:id record_copy:text approvals:[]#approver complete:flag keys:[]hex records:[]#erased kept:[]#kept remains:[]text
  not_reached:[]#unreached states:[]text entry:count before:#head after:#head ledger:#point
approver = approver:id key:hex
erased = ledger:count type:text sections:[]text
kept = holds:text why:text hold:id sections:count until:text
unreached = version:id media:text how:text
head = size:count root:hex
person.erased = ... requested:text requester:text verified:text ground:text scope:text record_copy:text erasure:id erased:[]#gone
  keys:[]hex kept?:[]#held approvals?:[]#approval
gone = ... event:id sections:[]text
held = ... holds:text why:text hold:id sections:count until?:text
approval = ... approver:id signature:text
approver.named = ... approver:id key:hex retired?:flag
disclosure = schema:=edgecode.disclosure/1 disclosure:id entry:count event:id type:text section:text reader:text ledger:#point
section.disclosed = ... disclosure:id event:id section:text reader?:text
own = schema:=edgecode.own-record/1 alias:text production:text notes:[]#note depictions:[]any holds:[]any rights?:[]any
  entries:[]count ledger:#point
note = ledger:count holds:text values:{}text corrected:flag
`;
const FORMS = new Map();
for (const line of SHAPES.trim().replaceAll("\n  ", " ").split("\n")) {
  const [name, fields] = line.split(" = "), form = new Map();
  for (const one of fields.split(" ")) {
    const colon = one.indexOf(":");
    if (one[0] === "*") for (const [key, inner] of FORMS.get(one.slice(1))) form.set(key, inner);
    else form.set(colon < 0 ? one : one.slice(0, colon), colon < 0 ? "" : one.slice(colon + 1));
  }
  FORMS.set(name, form);
}
const LETTERS = new Map(Object.entries({
  camera: "C", "sound-recording": "C", paint: "H", model: "H", animate: "H", type: "H", draw: "H", compose: "H", render: "H",
  generate: "G", "generative-edit": "G", capture: "P", transfer: "A",
}));
const CLASSES = "CPHGA", GRADES = ["none", "declared", "logged", "signed", "corroborated"], METHODS = ["none", "inferred", "declared", "id", "content"];
const AI = ["none", "assistive", "unknown", "generative"];
const PATTERNS = {
  id: new RegExp(`^${UUID}$`), hex: /^[0-9a-f]{64}$/, code: /^[CPHGMAU](?: [0-9A-HJKMNP-TV-Z]{5}){2,3}$/, fraction: /^-?[0-9]{1,15}\/[1-9][0-9]{0,14}$/, letters: /^C?P?H?G?A?$/, text: /^/,
};

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// Where a value is not of a form, as a path of field names; null when it is.
function misfit(value, form, at = "") {
  const here = at || "its beginning", first = (values, inner) => {
    for (const one of values) { const found = misfit(one, inner, at); if (found !== null) return found; }
    return null;
  };
  if (form[0] === "[") {
    if (!Array.isArray(value) || (form[1] === "2" && value.length !== 2)) return here;
    return first(value, form.slice(form.indexOf("]") + 1));
  }
  if (form.startsWith("{}")) return isObject(value) ? first(Object.values(value), form.slice(2)) : here;
  if (form[0] === "#") return isObject(value) ? misfitObject(value, FORMS.get(form.slice(1)), at) : here;
  return form === "any" || isOf(value, form) ? null : here;
}

function misfitObject(value, form, at) {
  const names = new Set();
  for (const [name, inner] of form) {
    const optional = name.endsWith("?"), key = optional ? name.slice(0, -1) : name;
    names.add(key);
    if (name === "..." || (optional && !Object.hasOwn(value, key))) continue;
    const path = at ? `${at}.${key}` : key, found = Object.hasOwn(value, key) ? misfit(value[key], inner, path) : path;
    if (found !== null) return found;
  }
  return form.has("...") || Object.keys(value).every((key) => names.has(key)) ? null : at || "its beginning";
}

function isOf(value, form) {
  if (form === "int" || form === "count" || (form === "fraction" && typeof value !== "string"))
    return Number.isSafeInteger(value) && (value >= 0 || form !== "count");
  if (form === "flag") return typeof value === "boolean";
  if (typeof value !== "string") return false;
  return form[0] === "=" ? form.slice(1).split("|").includes(value) : PATTERNS[form].test(value);
}
