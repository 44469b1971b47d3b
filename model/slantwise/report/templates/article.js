"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const article = $("article"), panel = $("panel"), why = $("why"), help = $("help"), close = $("close");
  const LENSES = {
    hedge: "hedging", loaded: "wording", source: "attribution", cue: "attribution",
    favor: "stance", against: "stance", neutral: "stance", unsure: "stance",
  };
  const off = new Set();
  let shown = null, entry = null;

  // reasons: the notes at the end of the page, copied beside the text
  const show = (sentence, mark) => {
    if (!sentence || (shown && shown.sentence === sentence && shown.mark === mark)) return;
    const note = $("n" + sentence.id.slice(1));
    if (!note) return;
    forget();
    shown = { sentence, mark };
    const copy = document.createElement("div");
    copy.className = "note";
    for (const part of note.childNodes) copy.append(part.cloneNode(true));
    const lit = mark ? mark.getAttribute("aria-describedby").split(" ") : [];
    for (const row of copy.querySelectorAll("[id]")) {
      if (lit.includes(row.id)) row.classList.add("lit");
      row.removeAttribute("id");
    }
    why.replaceChildren(copy);
    for (const id of lit) for (const other of same(id)) other.classList.add("lit");
    sentence.classList.add("here");
    const cell = document.querySelector(`.cell[data-s="${sentence.id.slice(1)}"]`);
    if (cell) {
      cell.setAttribute("aria-current", "true");
      const strip = $("strip");
      if (strip.scrollHeight > strip.clientHeight) strip.scrollTop = cell.offsetTop - strip.clientHeight / 2;
    }
    help.hidden = true;
    why.hidden = close.hidden = false;
    panel.classList.add("open");
    panel.scrollTop = 0;
    // the sheet of a narrow page must not lie over what it explains
    if (getComputedStyle(panel).position === "fixed") (mark || sentence).scrollIntoView({ block: "nearest" });
  };
  const same = (id) => shown.sentence.querySelectorAll(`mark[aria-describedby~="${id}"]`);
  const forget = () => {
    if (!shown) return;
    shown.sentence.classList.remove("here");
    for (const mark of shown.sentence.querySelectorAll(".lit")) mark.classList.remove("lit");
    for (const cell of document.querySelectorAll(".cell[aria-current]")) cell.removeAttribute("aria-current");
    shown = null;
  };
  const reset = () => {
    forget();
    why.replaceChildren();
    why.hidden = close.hidden = true;
    help.hidden = false;
    panel.classList.remove("open");
  };
  const explain = (target) => {
    const sentence = target.closest(".s");
    const mark = target.closest("mark");
    if (sentence) show(sentence, mark && isOn(mark) ? mark : null);
    else if (target.closest("[data-s]")) show($("s" + target.closest("[data-s]").dataset.s), null);
  };
  const wide = matchMedia("(min-width: 68.01rem)");
  for (const part of [article, $("strip")]) {
    part.addEventListener("pointerover", (event) => wide.matches && event.pointerType !== "touch" && explain(event.target));
    part.addEventListener("focusin", (event) => explain(event.target));
  }
  article.addEventListener("click", (event) => {
    if (String(getSelection())) return;
    const mark = event.target.closest("mark");
    if (mark && isOn(mark)) step(mark);
    else explain(event.target);
  });
  close.addEventListener("click", () => {
    const back = shown && (shown.mark || shown.sentence);
    reset();
    if (back) back.blur();
  });
  document.addEventListener("keydown", (event) => event.key === "Escape" && reset());

  // keys: the whole article is one tab stop, and so is the strip; arrows go on from there
  const isOn = (mark) => !mark.classList.contains("off") && [...mark.classList].some((c) => LENSES[c] && !off.has(LENSES[c]));
  const enter = (mark) => {
    if (entry) entry.tabIndex = -1;
    entry = mark;
    if (mark) mark.tabIndex = 0;
  };
  const step = (to) => {
    if (!to) return;
    if (to.matches("mark")) enter(to);
    to.focus();
  };
  const next = (list, from, way, fits) => {
    for (let i = from + way; i >= 0 && i < list.length; i += way) if (fits(list[i])) return list[i];
    return null;
  };
  let marks, sentences, cells;
  const place = new Map();
  const index = () => {
    marks = [...article.querySelectorAll("mark")];
    sentences = [...article.querySelectorAll(".s")];
    cells = [...document.querySelectorAll(".cell")];
    place.clear();
    for (const list of [marks, sentences, cells]) list.forEach((element, i) => place.set(element, i));
    for (const mark of marks) mark.tabIndex = -1;
    cells.forEach((cell, i) => { cell.tabIndex = i ? -1 : 0; });
    entry = null;
    enter(marks.find(isOn) || null);
  };
  index();

  const nearest = (sentence, way) => {
    const after = way > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const inside = [...sentence.querySelectorAll("mark")].filter(isOn);
    if (inside.length) return way > 0 ? inside[0] : inside[inside.length - 1];
    const list = way > 0 ? marks : [...marks].reverse();
    return list.find((mark) => isOn(mark) && sentence.compareDocumentPosition(mark) & after) || null;
  };
  article.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const mark = event.target.closest("mark"), sentence = event.target.closest(".s");
    if (!sentence) return;
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    let to;
    if (event.key === "Home") to = marks.find(isOn);
    else if (event.key === "End") to = next(marks, marks.length, -1, isOn);
    else if (!way) return;
    else if (event.key.endsWith("Up") || event.key.endsWith("Down")) to = sentences[place.get(sentence) + way];
    else to = mark ? next(marks, place.get(mark), way, isOn) : nearest(sentence, way);
    event.preventDefault();
    step(to);
  });
  $("strip").addEventListener("keydown", (event) => {
    const at = place.get(event.target);
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: cells.length - 1 }[event.key];
    if (at === undefined || to === undefined) return;
    event.preventDefault();
    if (!cells[to]) return;
    event.target.tabIndex = -1;
    cells[to].tabIndex = 0;
    cells[to].focus();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-s]");
    if (!link) return;
    event.preventDefault();
    history.replaceState(null, "", "#s" + link.dataset.s);
    visit(link.dataset.s);
  });
  const visit = async (number) => {
    if (!$("s" + number) && !(await turn(partOf(number)))) return;
    const sentence = $("s" + number);
    if (!sentence) return;
    sentence.focus({ preventScroll: true });
    sentence.scrollIntoView({ block: "center" });
  };

  // switches
  const voices = document.querySelectorAll("button[data-voice]"), one = $("one");
  let heard = () => true;
  const hear = (fits) => {
    heard = fits;
    for (const part of article.querySelectorAll("[data-v]")) part.classList.toggle("off", !fits(part.dataset.v));
    reenter();
  };
  const reenter = () => { if (!entry || !isOn(entry)) enter(marks.find(isOn) || null); };
  const FITS = { all: () => true, author: (v) => v === "author", sources: (v) => v !== "author" };
  for (const button of voices) {
    button.addEventListener("click", () => {
      for (const each of voices) each.setAttribute("aria-pressed", String(each === button));
      one.value = "";
      one.classList.remove("on");
      hear(FITS[button.dataset.voice]);
    });
  }
  one.addEventListener("change", () => {
    const chosen = one.value;
    for (const each of voices) each.setAttribute("aria-pressed", String(!chosen && each.dataset.voice === "all"));
    one.classList.toggle("on", Boolean(chosen));
    hear(chosen ? (v) => v === chosen : FITS.all);
  });
  for (const button of document.querySelectorAll("button[data-lens]")) {
    button.addEventListener("click", () => {
      const lens = button.dataset.lens, on = off.has(lens);
      if (on) off.delete(lens);
      else off.add(lens);
      button.setAttribute("aria-pressed", String(on));
      article.classList.toggle("no-" + lens, !on);
      reenter();
    });
  }
  $("switches").hidden = false;

  // a long article: the parts that are not shown are packed in the page
  const choice = $("part"), status = $("part-now");
  const PLACES = ["strip", "article", "one", "said", "notes"];
  const shelf = new Map();
  let part = 1, wanted = 1;
  const partOf = (number) => {
    for (const each of document.querySelectorAll("script[data-first]"))
      if (number >= Number(each.dataset.first) && number <= Number(each.dataset.last)) return Number(each.id.slice(5));
    return 1;
  };
  const unpack = async (number) => {
    const bytes = Uint8Array.from(atob($("part-" + number).textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const made = new DOMParser().parseFromString(await new Response(stream).text(), "text/html");
    return new Map(PLACES.map((id) => [id, made.getElementById(id)]));
  };
  const turn = async (number) => {
    if (number === part) return true;
    wanted = number;
    let made;
    try {
      made = shelf.get(number) || (await unpack(number));
    } catch (error) {
      status.textContent = "This browser cannot unpack the other parts: " + error.message;
      return false;
    }
    // somebody may have turned on while this part was unpacked
    if (wanted !== number) return false;
    reset();
    const kept = new Map();
    for (const id of PLACES) {
      const here = $(id), aside = document.createElement("div");
      if (!here) continue;
      aside.append(...here.childNodes);
      here.append(...made.get(id).childNodes);
      kept.set(id, aside);
    }
    // the first part is packed nowhere
    if (part === 1) shelf.set(1, kept);
    if (number === 1) shelf.delete(1);
    part = number;
    // options that are put in may select themselves; a source that was chosen may not speak in this part
    one.value = "";
    if (one.classList.contains("on")) {
      one.classList.remove("on");
      document.querySelector("button[data-voice=all]").setAttribute("aria-pressed", "true");
      heard = FITS.all;
    }
    index();
    hear(heard);
    document.body.classList.toggle("long", sentences.length > 500);
    article.setAttribute("aria-label", `The article, part ${number} of ${choice.options.length}`);
    choice.value = String(number);
    $("before").disabled = number === 1;
    $("after").disabled = $("onward").disabled = number === choice.options.length;
    status.textContent = `This article is long. Part ${number} of ${choice.options.length} is below, with its strip, ` +
      "its speakers and its reasons; the numbers are of the whole article.";
    return true;
  };
  const read = async (number) => {
    if (!(await turn(number))) return;
    article.focus({ preventScroll: true });
    article.scrollIntoView({ block: "start" });
  };
  if (choice) {
    choice.addEventListener("change", () => turn(Number(choice.value)));
    $("before").addEventListener("click", () => read(part - 1));
    for (const button of [$("after"), $("onward")]) button.addEventListener("click", () => read(part + 1));
    $("turn").hidden = $("onward").hidden = false;
    const asked = /^#s([0-9]+)$/.exec(location.hash);
    if (asked && !$("s" + asked[1])) visit(asked[1]);
  }
})();
