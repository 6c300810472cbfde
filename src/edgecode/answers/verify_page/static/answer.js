// Whether the answer about a cut is what its pack shows: figures, ranges and gaps. As edgecode.ledger.pack_answers.

const BREAKDOWNS = {
  by_origin: ["origin", [..."CPHGMAU"]], ai: ["ai", AI], by_grade: ["grade", GRADES], by_conform: ["conform", METHODS],
  by_visibility: ["visibility", ["certain", "possible"]],
};
const UNREAD = "row that could not be read", CUT_NAME = "name of the cut", NOT_JUDGED = "not judged by this release";
const RATE = /^[1-9][0-9]{0,8}\/[1-9][0-9]{0,8}$/;

function judgePoint(answer, manifest) {
  const point = { origin: manifest.origin, size: manifest.size, root: manifest.root };
  const said = isObject(answer) && Object.hasOwn(answer, "ledger") ? answer.ledger : undefined;
  if (misfit(said, "#point") === null && alike(said, point)) return [];
  return [answerWrong("it was given from another state of the log than pack.json says")];
}

function judgeCut(said, about, events) {
  const unfit = misfit(said, "#answer");
  if (unfit !== null) return [answerWrong(`it is not in the form of its schema, at ${unfit}`)];
  const [facts, found] = factsOf(events);
  if (found.length) return found;
  judgeCited(said, about, facts, found);
  const there = new Map(), opened = said.opened.filter((row) => row.section !== CUT_NAME), told = new Map(opened.map((row) => [row.section, row.events]));
  for (const event of events.values()) for (const name of Object.keys(event.sections)) there.set(name, (there.get(name) ?? 0) + 1);
  if (opened.length !== told.size || [...new Set([...there.keys(), ...told.keys()])].some((name) => (there.get(name) ?? 0) !== (told.get(name) ?? 0)))
    found.push(answerWrong("the sections that it says are opened are not those of its events"));
  const coverage = said.coverage;
  if (!alike(coverage.ledger, said.ledger)) found.push(answerWrong("its coverage was given from another state of the log"));
  const read = [...facts.values()].filter((fact) => fact.kind === "cut.added" && fact.fact.cut === about);
  if (read.length !== 1 || !RATE.test(read[0].fact.rate)) {
    found.push(answerWrong("the cut that it is about is not in the pack once, with a rate"));
    return found;
  }
  const cut = new Cut(read[0].fact), judge = new Ranges(said, cut, facts);
  judgeAgainst(said, cut, found);
  for (const [medium, ranges, figures] of [["picture", said.ranges, coverage], ["sound", said.sound, coverage.audio]]) {
    judgeSums(figures, ranges, medium, cut, found);
    judge.judge(ranges, medium, found);
    judgeGaps(figures.gaps, ranges, medium, cut, found);
  }
  judgeReels(coverage.reels, said.ranges, cut, found);
  return found;
}

function judgeAgainst({ coverage, six, opened }, cut, found) {
  const add = (what, differs) => { if (differs) found.push(answerWrong(what)); };
  const named = opened.some((row) => row.section === CUT_NAME && row.events === 1);
  add("it calls the cut by a name that it does not say it opened", (coverage.cut !== cut.id) !== named);
  add("its rate or start is not that of the cut", coverage.rate !== cut.rate || coverage.start !== cut.start);
  add("rows that could not be read are not those of the cut", or(coverage.rows_missing, 0) !== cut.rowsMissing);
  let generated = or(coverage.by_origin.G, 0);
  for (const [name, frames] of Object.entries(coverage.mixed)) if (name.includes("G")) generated += frames;
  const { frames, unaccounted, waived, by_grade } = coverage;
  const differs = six.frames !== frames || six.unaccounted !== unaccounted || six.waived !== waived || six.generated !== generated ||
    !alike(six.by_grade, by_grade) || six.persons !== NOT_JUDGED || six.findings !== NOT_JUDGED;
  add("its six numbers are not those of its coverage", differs);
}

class Cut {
  constructor(fact) {
    this.id = fact.cut; this.frames = fact.frames; this.start = fact.start; this.rate = fact.rate;
    this.drop = or(fact.drop_frame, false); this.effectsVisible = or(fact.effects_visible, true);
    this.rowsMissing = or(fact.diagnostics, []).filter((one) => one.effect === "row-missing").length;
    this.clips = fact.clips.map((one, number) => this.clip(number + 1, one, fact.tracks));
    this.transitions = or(fact.transitions, []).some((one) => one.seen === "generative");
    this.hasSound = fact.tracks.some((track) => track.kind === "sound") || this.clips.some((clip) => clip.medium === "sound");
    const [over, under] = this.rate.split("/").map(BigInt);
    this.nominal = (over + under - 1n) / under;
  }
  clip(number, said, tracks) {
    const place = said.path.length ? said.path[0] : tracks.length, track = tracks[place] ?? { kind: "picture" };
    const same = place < tracks.length ? tracks.slice(0, place + 1).filter((one) => one.kind === track.kind).length : 1;
    const [[inOver, inUnder], [outOver, outUnder]] = said.record.map(overUnder);
    const first = Math.max(0, Number(floorOf(inOver, inUnder))), end = Math.min(this.frames, Number(-floorOf(-outOver, outUnder)));
    const on = or(said.enabled, true) && or(track.enabled, true) && inOver * outUnder < outOver * inUnder && first < end;
    const medium = said.kind === "sound" || track.kind === "sound" ? "sound" : "picture";
    const generated = or(said.effects, []).some((one) => one.seen === "generative");
    return { number, id: said.id, first, end, medium, on, track: `${{ picture: "V", sound: "A", other: "D" }[track.kind]}${same}`, black: said.kind === "black", generated };
  }
  label(frame) {
    const { nominal } = this, skipped = this.drop ? nominal / 15n : 0n, day = 86400n * nominal - 1296n * skipped;
    let count = (((BigInt(this.start) + BigInt(frame)) % day) + day) % day;
    if (this.drop) {
      const whole = nominal * 600n - 9n * skipped, tens = count / whole, rest = count % whole;
      count += skipped * 9n * tens;
      if (rest > skipped) count += skipped * ((rest - skipped) / (nominal * 60n - skipped));
    }
    const seconds = count / nominal, two = (part) => String(part).padStart(2, "0");
    return `${[seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map(two).join(":")}${this.drop ? ";" : ":"}${two(count % nominal)}`;
  }
  // For each range the clips that are on all through it; null where one begins or ends inside it.
  live(ranges, medium) {
    const waiting = this.clips.filter((clip) => clip.on && clip.medium === medium).sort((one, other) => other.first - one.first);
    let now = [];
    return ranges.map((one) => {
      now = now.filter((clip) => clip.end > one.in);
      while (waiting.length && waiting.at(-1).first < one.out) now.push(waiting.pop());
      const whole = now.every((clip) => clip.first <= one.in && one.out <= clip.end);
      return whole ? [...now].sort((one, other) => one.number - other.number) : null;
    });
  }
}
const overUnder = (value) => { const [over, under] = String(value).split("/"); return [BigInt(over), BigInt(under ?? 1)]; };
const floorOf = (over, under) => over / under - (over % under < 0n ? 1n : 0n);

function judgeSums(figures, ranges, medium, cut, found) {
  let at = 0;
  for (const one of ranges) {
    if (one.in !== at || one.out <= at) found.push(answerWrong(`its ranges of the ${medium} do not follow one another at frame ${at}`));
    at = one.out;
  }
  if (at !== (medium === "picture" || cut.hasSound ? cut.frames : 0)) found.push(answerWrong(`its ranges of the ${medium} do not cover the cut`));
  judgeDiffering(figures, summed(ranges, 0, at), `the ${medium}`, found);
}

function judgeReels(reels, ranges, cut, found) {
  let at = 0;
  reels.forEach((reel, i) => {
    if (reel.in !== at || reel.reel !== String(i + 1) || reel.out <= at) found.push(answerWrong(`its reels do not follow one another at frame ${at}`));
    at = reel.out;
    judgeDiffering(reel, summed(ranges, reel.in, at), `reel ${i + 1}`, found);
  });
  if (at !== cut.frames) found.push(answerWrong("its reels do not cover the cut"));
}

function summed(ranges, first, end) {
  const sums = {};
  for (const [name, [, words]] of Object.entries(BREAKDOWNS)) sums[name] = Object.fromEntries(words.map((word) => [word, 0]));
  Object.assign(sums, { mixed: {}, frames: 0, effects_not_visible: 0 });
  for (const one of ranges) {
    const frames = Math.min(one.out, end) - Math.max(one.in, first);
    if (frames <= 0) continue;
    for (const [name, [of]] of Object.entries(BREAKDOWNS)) sums[name][one[of]] += frames;
    if (one.origin === "M") sums.mixed[one.classes] = (sums.mixed[one.classes] ?? 0) + frames;
    sums.frames += frames;
    if (one.effects_hidden) sums.effects_not_visible += frames;
  }
  const open = sums.by_origin.U;
  return { ...sums, accounted: sums.frames - open, unaccounted: open, waived: 0 };
}

function judgeDiffering(figures, sums, what, found) {
  for (const [name, value] of Object.entries(sums)) if (!sameFigure(figures[name], value)) found.push(answerWrong(`${name} of ${what} is not what its ranges say`));
}
function sameFigure(said, value) {
  if (!isObject(value)) return said === value;
  const names = Object.keys(value);
  return Object.keys(said).length === names.length && names.every((name) => Object.hasOwn(said, name) && said[name] === value[name]);
}

function judgeGaps(gaps, ranges, medium, cut, found) {
  const stretches = new Map(), wanted = new Map(), put = (map, name, span) => { if (map.has(name)) map.get(name).push(span); else map.set(name, [span]); };
  for (const gap of gaps) {
    put(stretches, gap.clip, [gap.in, gap.out]);
    const number = /^clip [1-9][0-9]{0,8}$/.test(gap.clip) ? Number(gap.clip.slice(5)) : 0;
    const track = number > 0 && number <= cut.clips.length ? cut.clips[number - 1].track : gap.clip === UNREAD ? "" : null;
    const fits = gap.in_tc === cut.label(gap.in) && gap.out_tc === cut.label(gap.out) && gap.frames === gap.out - gap.in && gap.track === track;
    if (gap.out <= gap.in || !fits) found.push(answerWrong(`a gap of the ${medium} at frame ${gap.in} is not in the words of the cut`));
    if (ranges.some((one) => gap.in < one.out && one.in < gap.out && !one.reasons.includes(gap.reason)))
      found.push(answerWrong(`a gap of the ${medium} at frame ${gap.in} has another reason than its ranges`));
  }
  for (const one of ranges) {
    const names = one.shown.filter((part) => part.origin === "U").map((part) => `clip ${part.clip}`);
    if (!names.length && one.origin === "U" && !one.shown.length) names.push(UNREAD);
    for (const name of names) put(wanted, name, [one.in, one.out]);
  }
  const isAlike = stretches.size === wanted.size && [...wanted].every(([name, spans]) => stretches.has(name) && alike(union(stretches.get(name)), union(spans)));
  if (!isAlike) found.push(answerWrong(`the gaps of the ${medium} are not its unaccounted frames`));
}

// Spans that touch as one; two that overlap stay apart, so that nothing is counted twice.
function union(spans) {
  const found = [];
  for (const [first, end] of [...spans].sort((one, other) => one[0] - other[0] || one[1] - other[1])) {
    if (found.length && found.at(-1)[1] === first) found.at(-1)[1] = end;
    else found.push([first, end]);
  }
  return found;
}

class Ranges {
  constructor(said, cut, facts) {
    this.cut = cut; this.facts = facts;
    this.versions = new Map(said.versions.map((row) => [row.id, row]));
    this.answers = new Set(said.answers.map((row) => row.id)); this.decisions = new Set(said.decisions.map((row) => row.id));
    this.plain = facts.clipsWithPlainEffects();
    this.spoken = facts.latestWords(); this.decided = facts.latestDecisions();
  }
  judge(ranges, medium, found) {
    this.cut.live(ranges, medium).forEach((live, i) => {
      const one = ranges[i];
      let fault = this.clips(one, live) ?? this.letters(one) ?? this.weakest(one);
      for (const part of one.shown) fault ??= this.shown(part);
      if (fault) found.push(answerWrong(`${fault}, at frame ${one.in} of the ${medium}`));
    });
  }
  clips(one, live) {
    if (one.in_tc !== this.cut.label(one.in) || one.out_tc !== this.cut.label(one.out)) return "its timecodes are not those of its frames";
    const isShown = live && live.length === one.shown.length &&
      live.every((clip, i) => one.shown[i].clip === clip.number && one.shown[i].id === clip.id && one.shown[i].track === clip.track);
    if (!isShown) return "it does not show the clips that the cut has there";
    const open = !this.cut.effectsVisible && live.some((clip) => !clip.black && !this.plain.has(clip.id));
    return one.effects_hidden === open ? null : "hidden effects are not those that the cut leaves open";
  }
  letters(one) {
    const { classes, shown, origin } = one, open = shown.some((part) => part.origin === "U") || (!shown.length && this.cut.rowsMissing > 0);
    if ((origin === "U") !== open || one.reasons.length > 0 !== open) return "it is unaccounted where what it shows is not, or the other way round";
    if ((origin === "M") !== classes.length > 1 && !open) return "its letter is not that of its classes";
    const known = new Set(shown.length ? shown.map((part) => part.origin).filter((letter) => letter !== "M" && letter !== "U") : ["H"]);
    const least = new Set(known), most = new Set(shown.length ? [] : ["H"]), has = new Set(classes);
    for (const part of shown) {
      if (Object.hasOwn(part, "version")) this.facts.least(part.version).forEach((letter) => least.add(letter));
      this.most(part).forEach((letter) => most.add(letter));
    }
    if (this.cut.transitions) most.add("G");
    if (!open && (!isWithin(least, has) || !classes || (classes.length === 1 && origin !== classes))) return "it leaves out a class of what it shows";
    if (!open && !isWithin(has, most)) return "it has a class that nothing in the pack says of what it shows";
    if ((has.has("G") && one.ai !== "generative") || ((open || one.effects_hidden) && AI.indexOf(one.ai) < AI.indexOf("unknown"))) return "its AI use is less than what it shows";
    return null;
  }
  most(part) {
    const found = new Set(this.cut.clips[part.clip - 1].generated ? ["G"] : []), add = (letters) => letters.forEach((letter) => found.add(letter));
    if (Object.hasOwn(part, "version")) add(this.facts.most(part.version));
    else if (!Object.hasOwn(part, "answer")) found.add("H");
    if (Object.hasOwn(part, "answer")) add(this.facts.wordOf(part.answer));
    return found;
  }
  weakest(one) {
    const { shown } = one, lowest = (names, order) => names.reduce((low, name) => (order.indexOf(name) < order.indexOf(low) ? name : low));
    if (one.visibility !== (shown.some((part) => part.visibility === "possible") ? "possible" : "certain")) return "its visibility is not that of what it shows";
    if (one.origin === "U") return one.grade === "none" && one.conform === "none" ? null : "an unaccounted range has a grade";
    if (one.conform !== lowest(shown.length ? shown.map((part) => part.conform) : ["content"], METHODS)) return "it was matched less surely than it says";
    const grades = shown.length ? shown.map((part) => part.grade) : ["logged"];
    if (this.cut.transitions && one.grade === "logged") grades.push("logged");
    if (!this.cut.effectsVisible) grades.push("declared");
    return one.grade === lowest(grades, GRADES) ? null : "its grade is not the weakest of what it shows";
  }
  shown(part) {
    const version = Object.hasOwn(part, "version") ? this.versions.get(part.version) : undefined, { decision, answer } = part;
    if (Object.hasOwn(part, "version") !== (version !== undefined)) return "it shows a version that its table does not hold";
    const decided = this.decided.get(part.id);
    if (decision !== undefined && (!decided || decided[0] !== decision || decided[1] !== part.version)) return "it rests on a decision that does not say so, or not any more";
    if (decision !== undefined && (!this.decisions.has(decision) || part.conform !== "declared")) return "it rests on a decision that is not listed";
    if (answer !== undefined && (!this.answers.has(answer) || this.spoken.get(part.id) !== answer)) return "it rests on an answer that does not say so, or not any more";
    if (part.origin === "U") return part.grade === "none" ? null : "an unaccounted clip has a grade";
    if (["none", "inferred", "declared"].includes(part.conform) && part.grade !== "declared") return "its grade is higher than its match";
    if (part.conform === "none" || (part.conform === "declared" && decision === undefined && answer === undefined)) return "it was matched by nobody";
    return version === undefined ? null : this.ofVersion(part, version);
  }
  ofVersion(part, version) {
    const { source } = part, { frames } = version;
    if (source && frames && !(frames[0] - 1 <= source[0] && source[0] < source[1] && source[1] <= frames[1] + 1)) return "it shows frames that the version does not have";
    const generated = this.cut.clips[part.clip - 1].generated ? ["M", "G"] : [];
    if (version.origin && CLASSES.includes(version.origin) && ![version.origin, ...generated].includes(part.origin)) return "it has another letter than the version that it shows";
    if (version.known !== "read" && this.facts.wasRead(version)) return "it shows a version that was read and is not called so";
    return GRADES.indexOf(part.grade) > this.facts.bestGrade(version) ? "its grade is higher than that of any step that made it" : null;
  }
}
