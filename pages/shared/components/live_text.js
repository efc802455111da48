// Text arrives by WebSocket and is appended as text nodes: never innerHTML, nothing re-rendered, no script run.
// The default export runs at every rerun of the page; a socket lives as long as its parent and its generation.
const BLOCK_CHARS = 1500; // a new block about here, so that a delta lays out one block and not the whole answer
const NODE_CHARS = 400;
const AGAIN_MS = 3000;
const LISTEN_MS = 1000; // the page comes first
const places = new WeakMap();

function element(tag, className, parent) {
  const made = document.createElement(tag);
  made.className = className;
  parent.append(made);
  return made;
}

function build(parent, data) {
  const box = element("div", "live", parent);
  const status = element("div", "status", box);
  status.setAttribute("role", "status");
  const view = {
    id: data.id, data, labels: Object.fromEntries(data.labels), box, pos: 0, wait: 250, ended: false, closed: false, moved: data.state !== "held",
    state: element("span", "state", status), stage: element("span", "stage", status),
    time: element("span", "time", status), percent: element("span", "percent", status), pace: element("div", "pace", box),
    bar: element("div", "bar", box), block: null, blockChars: 0, node: null, kind: null,
  };
  view.time.setAttribute("aria-hidden", "true"); // a clock that speaks each second helps nobody
  view.percent.setAttribute("aria-hidden", "true"); // the bar says it
  view.usual = element("span", "usual", view.pace);
  view.usual.setAttribute("aria-hidden", "true");
  view.madeOf = element("span", "made-of", view.pace);
  view.stuck = element("div", "stuck", box);
  view.stuck.setAttribute("role", "status");
  view.pace.hidden = view.stuck.hidden = true;
  view.fill = element("div", "fill", view.bar);
  view.bar.hidden = true;
  view.bar.setAttribute("role", "progressbar");
  const scroll = element("div", "scroll", box);
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  view.scroll = scroll;
  view.answer = element("div", "answer", scroll);
  view.answer.setAttribute("role", "log");
  view.answer.setAttribute("aria-live", "polite");
  view.lost = element("div", "lost", box);
  set(view.lost, data.lost);
  view.lost.hidden = true;
  view.unsaved = element("div", "unsaved", box);
  view.unsaved.setAttribute("role", "status");
  set(view.unsaved, data.unsaved);
  view.unsaved.hidden = true;
  scroll.setAttribute("aria-label", data.answer);
  view.bar.setAttribute("aria-label", data.answer);
  return view;
}

function newBlock(view, kind) {
  view.block = element("div", "block " + kind, view.answer);
  view.blockChars = 0;
  view.node = null;
  view.kind = kind;
}

function write(view, kind, text) {
  if (!view.block || view.kind !== kind) newBlock(view, kind);
  if (view.blockChars > BLOCK_CHARS) {
    const cut = text.indexOf("\n") + 1; // only at a line's end, so that lines look as they did
    if (cut) {
      put(view, text.slice(0, cut));
      newBlock(view, kind);
      text = text.slice(cut);
    }
  }
  put(view, text);
}

function put(view, text) {
  if (!text) return;
  if (!view.node || view.node.length > NODE_CHARS) {
    view.node = document.createTextNode(text);
    view.block.append(view.node);
  } else view.node.appendData(text);
  view.blockChars += text.length;
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function showState(view, said) {
  set(view.state, view.labels[said.s] || said.s);
  set(view.stage, said.g || "");
  const known = said.p !== null && said.p !== undefined;
  view.bar.hidden = !known; // no percent is ever invented: without one there is the clock
  set(view.percent, known ? said.p + " %" : "");
  if (known) {
    view.fill.style.transform = "scaleX(" + Math.min(100, said.p) / 100 + ")";
    view.bar.setAttribute("aria-valuenow", said.p);
  }
}

function tick(view) {
  const seconds = (performance.now() - view.since) / 1000;
  if (view.release !== null && !view.moved) {
    const left = Math.max(0, Math.ceil(view.release - (performance.now() - view.mounted) / 1000));
    set(view.time, view.data.countdown.replace("{seconds}", left));
  } else {
    const whole = Math.floor(seconds);
    set(view.time, minutes(whole));
  }
  tellPace(view, seconds);
}

function minutes(whole) {
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
}

// What answers like it took, against where it stands. Every figure is one that was seen: nothing is drawn as a percent.
function tellPace(view, seconds) {
  const clock = view.clockData;
  const runs = !view.waiting;
  view.pace.hidden = !clock;
  view.time.hidden = Boolean(clock) && runs;
  if (!clock) return;
  const stuck = runs && seconds > clock.stuckAfter;
  set(view.usual, stuck ? fill(clock.slower, { count: clock.times.length, time: minutes(Math.floor(seconds)) })
    : runs ? running(clock, seconds) : clock.usually);
  set(view.madeOf, stuck ? "" : clock.madeOf);
  set(view.stuck, stuck ? clock.advice : "");
  view.stuck.hidden = !stuck;
}

function running(clock, seconds) {
  const said = fill(clock.at, { usually: clock.usually, time: minutes(Math.floor(seconds)) });
  const left = halfOfTheSlower(clock.times, seconds);
  return said + " · " + (seconds > clock.ninetieth || left === null ? clock.longer : fill(clock.left, { time: around(clock, left) }));
}

// Half of those that also took longer than this needed no more than so many seconds; as Pace.left does.
function halfOfTheSlower(times, seconds) {
  const longer = times.filter((time) => time > seconds);
  if (!longer.length) return null;
  const middle = Math.floor(longer.length / 2);
  return (longer.length % 2 ? longer[middle] : (longer[middle - 1] + longer[middle]) / 2) - seconds;
}

function around(clock, seconds) {
  return seconds < 90 ? fill(clock.seconds, { count: Math.max(5, Math.ceil(seconds / 5) * 5) })
    : fill(clock.minutes, { count: Math.round(seconds / 60) });
}

function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

function address(path) {
  const folder = location.pathname.replace(/[^/]*$/, "");
  return (location.protocol === "https:" ? "wss://" : "ws://") + location.host + folder + path;
}

function connect(view, tell) {
  const socket = (view.socket = new WebSocket(address("api/generations/" + encodeURIComponent(view.id) + "/live?pos=" + view.pos)));
  socket.onmessage = (event) => hear(view, JSON.parse(event.data), tell);
  socket.onclose = () => {
    if (view.ended || view.closed) return;
    if (view.wait > 1000) view.lost.hidden = false;
    view.retry = setTimeout(() => connect(view, tell), view.wait);
    view.wait = Math.min(view.wait * 2, 5000);
  };
}

function hear(view, said, tell) {
  for (const [kind, text] of said.t) write(view, kind, text);
  view.pos = said.pos;
  view.wait = 250;
  view.lost.hidden = true;
  view.unsaved.hidden = !said.u;
  showState(view, said);
  if (view.waiting && said.s !== "held" && said.s !== "queued") {
    view.waiting = false;
    view.since = performance.now(); // sent just now: the time it waited is not the endpoint's
  }
  if (said.done) {
    view.ended = true;
    stop(view);
    const done = () => tell()("done", said.s);
    // Taken back while it was held: the click runs the page by itself. A second run right now would travel with the prompt
    // box as it was before that click, and empty it again on the server.
    if (view.moved || said.s !== "cancelled") done();
    view.again = setInterval(done, AGAIN_MS); // a page whose own line is still down hears nothing; it ends this view
  } else if (!view.moved && said.s !== "held") {
    view.moved = true;
    view.since = performance.now();
    tell()("moved", said.s);
  }
}

function stop(view) {
  view.closed = true;
  clearTimeout(view.retry);
  clearInterval(view.clock);
  if (view.socket) view.socket.close();
}

function show(place, id, state, elapsed, release) {
  const view = (place.view = build(place.parent, { ...place.data, id, state }));
  view.mounted = performance.now();
  view.since = view.mounted - elapsed * 1000;
  view.release = release;
  view.waiting = state === "held" || state === "queued";
  view.clockData = null;
  showState(view, { s: state });
  view.clock = setInterval(() => tick(view), 1000);
  tick(view);
  stand(place);
  return view;
}

function clear(place) {
  const view = place.view;
  if (!view) return;
  place.view = null;
  stop(view);
  clearInterval(view.again);
  view.box.remove();
  stand(place);
}

// A place that waits for what its tab will send takes no room on the page, nor the gap to its neighbour.
function stand(place) {
  const around = place.host && place.host.closest("[data-testid=stElementContainer]");
  if (around && place.data.tab) around.style.display = place.view ? "" : "none";
}

// What this tab sends is told here the moment it is kept: its words stand on the page before the page has run again.
function listen(place) {
  const socket = (place.socket = new WebSocket(address("api/tabs/" + encodeURIComponent(place.data.tab) + "/live")));
  socket.onmessage = (event) => {
    const said = JSON.parse(event.data);
    let view = place.view;
    place.wait = AGAIN_MS;
    if (!view || view.id !== said.id) {
      clear(place);
      view = show(place, said.id, said.s, 0, null);
      view.ahead = view.told = true;
    }
    if (view.told && !view.ended) hear(view, said, () => place.tell);
  };
  socket.onclose = () => {
    if (place.gone) return;
    const view = place.view;
    if (view && view.told && !view.ended) {
      view.told = false;
      connect(view, () => place.tell);
    }
    place.again = setTimeout(() => listen(place), place.wait);
    place.wait = Math.min(place.wait * 2, 60000);
  };
}

function leave(place) {
  place.gone = true;
  clearTimeout(place.again);
  if (place.socket) place.socket.close();
  clear(place);
  places.delete(place.parent);
}

function enter(parent, data) {
  const root = parent.getRootNode();
  const place = { parent, data, host: root.host || parent, view: null, wait: AGAIN_MS };
  places.set(parent, place);
  if (data.tab) place.again = setTimeout(() => listen(place), LISTEN_MS);
  return place;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = places.get(parentElement) || enter(parentElement, data);
  place.data = data;
  place.tell = setTriggerValue;
  let view = place.view;
  // What the tab was told of stays until a run of the page knows it too: one that began before the click does not.
  if (view && view.id !== data.id && (!view.ahead || view.ended)) {
    clear(place);
    view = null;
  }
  if (!view && data.id) {
    view = show(place, data.id, data.state, data.elapsed, data.release);
    connect(view, () => place.tell);
  } else if (view && view.ahead && view.id === data.id) {
    view.ahead = false;
    view.mounted = performance.now();
    view.since = view.mounted - data.elapsed * 1000;
    view.release = data.release;
  }
  stand(place);
  if (view && view.id === data.id) {
    view.data = data;
    view.labels = Object.fromEntries(data.labels);
    view.clockData = data.clock.length ? Object.fromEntries(data.clock) : null;
    tick(view);
  }
  return () => leave(place);
}
