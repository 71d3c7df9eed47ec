// SPDX-License-Identifier: Apache-2.0
// The console's page: shows what the hub says and sends what the officer presses. It asks only while it is seen.
import { drawAttention, readAttention } from './attention.js';
import { clockOf, setHallClock } from './clock.js';
import { $, element, row } from './parts.js';
import { can, drawPerson, readPerson, signOut } from './people.js';
import { drawSpace } from './space.js';
import { WORDS } from './words.js';

const STATUS_MS = 1000;
const PICTURE_MS = 500;
const FAULTS = 6; // of a site's files; the rest is a number

const state = {
  chosen: null, language: 'zh', layouts: [], status: null, away: true, fault: null, checked: '',
  wall: null, busy: false, attention: null, me: null, etag: '', url: '', pictureAt: 0, pictureFault: null,
};

// ---- Words ----------------------------------------------------------------------------------------------------------

const words = () => WORDS[state.language];
const text = both => (typeof both === 'string' ? both : (both && (both[state.language] || both.zh || both.en)) || '');
const age = ms => words().age(Math.floor(ms / 60000), Math.floor(ms / 1000) % 60);
const clock = () => clockOf(Date.now(), { second: '2-digit' });
const titleOf = name => text((state.layouts.find(each => each.name === name) || {}).title) || name || '';

function readChoice() {
  try { return localStorage.getItem('beaconwall.language'); } catch { return null; }
}
function keepChoice(language) {
  try { localStorage.setItem('beaconwall.language', language); } catch { /* a private window: for this visit only */ }
}
function useLanguage(language) {
  if (WORDS[language]) state.language = language;
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  draw();
}

// ---- Talking to the console -----------------------------------------------------------------------------------------

class Refused extends Error {
  constructor(code, sentence) { super(sentence); this.code = code; }
}
// In the page's language where it knows the code, else in the words of who refused.
const sentence = fault => (fault ? words().fault[fault.code] || fault.message : '');

async function ask(path, options = {}) {
  let reply;
  try {
    reply = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(5000), ...options });
  } catch {
    throw new Refused('console_away', '');
  }
  if (reply.ok || reply.status === 304) return reply;
  const fault = await reply.json().then(body => body.error, () => null);
  if (reply.status === 401) window.location.replace('/sign-in#ended');
  throw new Refused(fault ? fault.code : 'http', fault ? fault.text : `HTTP ${reply.status}`);
}
const askJson = path => ask(path).then(reply => reply.json());
const press = (what, body) => ask(`/api/v1/${what}`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
}).then(reply => reply.json());

async function readStatus() {
  try {
    if (state.away || !state.layouts.length) await readLayouts();
    [state.me, state.status, state.attention] = await Promise.all(
      [readPerson(askJson, state.me), askJson('/api/v1/status'), readAttention(askJson)]);
    state.checked = clock();
    state.away = false;
  } catch (fault) {
    state.away = true;
    state.fault = fault;
  }
  draw();
}

async function readLayouts() {
  state.layouts = (await askJson('/api/v1/layouts')).layouts;
  state.wall = await askJson('/api/v1/wall');
  setHallClock(state.wall);
  if (!state.chosen) useLanguage(state.wall.language);
}

async function readPicture() {
  try {
    const reply = await ask('/api/v1/wall.jpg', state.etag ? { headers: { 'If-None-Match': state.etag } } : {});
    if (reply.status !== 304) await showPicture(await reply.blob(), reply.headers.get('ETag') || '');
    state.pictureAt = Date.now();
    state.pictureFault = null;
  } catch (fault) {
    state.pictureFault = fault;
  }
  drawPicture();
}

async function showPicture(blob, etag) {
  const old = state.url;
  state.url = URL.createObjectURL(blob);
  $('wall').src = state.url;
  await $('wall').decode();
  $('wall').hidden = false;
  state.etag = etag;
  if (old) URL.revokeObjectURL(old);
}

// Runs `work` again `pause` ms after it ended, only while the page is seen: nobody looks, nothing is asked.
function whileSeen(work, pause) {
  let running = false;
  let timer = 0;
  const turn = async () => {
    if (running || document.visibilityState !== 'visible') return;
    running = true;
    await work();
    running = false;
    clearTimeout(timer);
    timer = setTimeout(turn, pause);
  };
  document.addEventListener('visibilitychange', turn);
  turn();
}

// ---- Presses --------------------------------------------------------------------------------------------------------

async function act(work) {
  if (state.busy || state.away) return;
  state.busy = true;
  draw();
  try {
    $('message').textContent = await work();
  } catch (fault) {
    $('message').textContent = `${words().failed} · ${sentence(fault)}`;
  }
  state.busy = false;
  await readStatus();
}

const layout = () => (state.status && state.status.layout) || {};

function prepare(name) {
  if (!can(state.me, 'preview')) return undefined;
  // The same button again, or the one on air: nothing is to be prepared.
  const clear = name === layout().preview || name === layout().on_air;
  if (clear && !layout().preview) return undefined;
  return act(async () => {
    await press('preview', { layout: clear ? null : name });
    return clear ? words().done.clear : words().done.preview(titleOf(name));
  });
}

function take() {
  const { preview, take: number } = layout();
  if (!preview || !can(state.me, 'take')) return undefined;
  return act(async () => {
    const done = await press('take', { layout: preview, if_take: number });
    return words().done.take(titleOf(done.layout || preview));
  });
}

function undo() {
  if (!can(state.me, 'undo')) return undefined;
  return act(async () => words().done.undo(titleOf((await press('undo', {})).layout)));
}

function backToLive() {
  return act(async () => words().nowLive(titleOf((await press('take', { space: 'live' })).layout)));
}

function acknowledge(item) {
  return act(async () => {
    await press('acknowledge', { subject: item.subject });
    return words().acknowledged(text(item.title) || item.rule);
  });
}

function onKey(event) {
  if (event.repeat || event.altKey || event.metaKey) return;
  const focused = document.activeElement;
  const number = event.ctrlKey ? NaN : Number.parseInt(event.key, 10);
  if (number >= 1 && number <= state.layouts.length) {
    prepare(state.layouts[number - 1].name);
  } else if (event.key === 'Enter' && !event.ctrlKey) {
    // A focused button keeps its Enter, but for the layout that was just prepared with it.
    const own = focused && focused.tagName === 'BUTTON' && focused.id !== 'take';
    if (own && focused.dataset.layout !== layout().preview) return;
    take();
  } else if ((event.key === 'Backspace' && !event.ctrlKey) || (event.key === 'z' && event.ctrlKey)) {
    undo();
  } else {
    return;
  }
  event.preventDefault();
}

// ---- Drawing --------------------------------------------------------------------------------------------------------

function drawLayouts() {
  const box = $('layouts');
  if (box.children.length !== state.layouts.length) {
    box.replaceChildren(...state.layouts.map(layoutButton));
  }
  state.layouts.forEach((each, i) => {
    const button = box.children[i];
    const air = !state.away && each.name === layout().on_air;
    const prepared = !state.away && each.name === layout().preview;
    button.dataset.layout = each.name;
    button.className = prepared ? 'prepared' : air ? 'air' : '';
    button.disabled = state.away || !can(state.me, 'preview');
    button.setAttribute('aria-pressed', String(prepared));
    button.querySelector('.name').textContent = text(each.title) || each.name;
    button.querySelector('.state').textContent = [air && words().onAir, prepared && words().prepared].filter(Boolean).join(' · ');
  });
  $('layouts-title').textContent = state.layouts.length ? words().layouts : words().noLayouts;
}

function layoutButton(each, i) {
  const button = element('button');
  button.type = 'button';
  if (i < 9) button.append(element('kbd', '', String(i + 1)));
  else button.append(element('span'));
  button.append(element('span', 'name'), element('span', 'state'));
  button.addEventListener('click', () => prepare(button.dataset.layout));
  return button;
}

function tileRows() {
  const rows = [];
  const add = (what, shows, tile) => {
    const word = words().fresh[tile.freshness];
    if (!word) return;
    const old = typeof tile.age_ms === 'number' ? `${words().since} ${age(tile.age_ms)}` : '';
    rows.push(row(what, word, [shows, old].filter(Boolean).join(' · '), tile.reason && text(tile.reason.text)));
  };
  for (const pane of state.status.panes || []) {
    add(pane.id, pane.shows, pane);
    for (const video of pane.videos || []) if (video.source !== pane.shows) add(video.source, pane.id, video);
  }
  return rows;
}

// "layouts/one.toml:12:3 · BW1203", as `beaconwall check` prints it; line 0: of the file as a whole.
function faultRow(fault) {
  const place = fault.line ? `${fault.file}:${fault.line}:${fault.column}` : fault.file;
  const made = row(place, fault.number, fault.text);
  made.classList.add('fault');
  return made;
}

// While there are any, the wall shows what the files said before: that, once, then each.
function faultRows(faults) {
  if (!faults.length) return [];
  const rows = [row(words().siteFaults(faults.length), '', words().siteKept), ...faults.slice(0, FAULTS).map(faultRow)];
  if (faults.length > FAULTS) rows.push(element('li', 'calm', words().more(faults.length - FAULTS)));
  return rows;
}

// In the page's words first; the status's own below them, for whoever mends it: places and numbers stand there.
function limitRow(limit) {
  const [, kind, name = ''] = /^(display) (.*)$/.exec(limit.what) || [null, limit.what];
  const [what, word, meaning] = words().limits[`${kind}/${limit.state}`] || [];
  if (!what) return row(limit.what, limit.state, limit.effect);
  return row([what, name].filter(Boolean).join(' '), word, meaning, limit.effect);
}

function problemRows() {
  const rows = [];
  if (layout().recorded === false) rows.push(row(words().notRecorded, ''));
  for (const role of state.status.roles || []) {
    if (role.state !== 'running') rows.push(row(`${words().role[role.role] || role.role} ${role.name || ''}`, words().state[role.state] || role.state));
  }
  rows.push(...faultRows(state.status.faults || []));
  rows.push(...(state.status.limits || []).map(limitRow));
  return rows;
}

function drawList(id, rows, calm) {
  $(id).replaceChildren(...(rows.length ? rows : [element('li', 'calm', calm)]));
}

function drawActions() {
  const { preview } = layout();
  const now = !state.away && !state.busy;
  $('take').disabled = !now || !preview || !can(state.me, 'take');
  $('undo').disabled = !now || !can(state.me, 'undo');
  $('prepared').classList.toggle('set', Boolean(preview) && !state.away);
  $('prepared-word').textContent = words().prepared;
  $('prepared-title').textContent = !state.away && preview ? titleOf(preview) : words().nonePrepared;
  $('take-word').textContent = words().take;
  $('undo-word').textContent = words().undo;
}

function drawPicture() {
  const broken = Boolean(state.pictureFault);
  const had = Boolean(state.pictureAt);
  document.querySelector('.picture').classList.toggle('stale', broken && had);
  const since = had ? `${words().pictureLost} · ${words().since} ${age(Date.now() - state.pictureAt)}` : words().pictureLost;
  $('picture-note').textContent = broken ? `${since} · ${sentence(state.pictureFault)}` : had ? '' : words().waiting;
}

function draw() {
  document.body.classList.toggle('away', state.away);
  $('language').textContent = words().other;
  $('link').textContent = state.away ? sentence(state.fault) : words().linked(state.checked);
  $('site').textContent = (state.wall && (text(state.wall.title) || state.wall.site)) || 'Beaconwall';
  $('air-word').textContent = words().onAir;
  $('air-title').textContent = state.away ? '' : titleOf(layout().on_air);
  $('air-take').textContent = state.away || layout().take === undefined ? '' : words().takeNo(layout().take);
  $('wall').alt = words().wall;
  $('tiles-title').textContent = words().tiles;
  $('problems-title').textContent = words().problems;
  drawLayouts();
  drawActions();
  drawPicture();
  const known = !state.away && state.status;
  const told = { words: words(), text, age, known, now: known && !state.busy, me: state.me };
  drawPerson(state.me, told);
  drawSpace(known ? state.status.space : null, told, backToLive);
  drawAttention(known ? state.attention : null, told, acknowledge);
  drawList('tiles', known ? tileRows() : [], known ? words().allLive(state.checked) : words().unknown);
  drawList('problems', known ? problemRows() : state.fault ? [row(sentence(state.fault), '')] : [], words().noProblems);
}

// ---- Start ----------------------------------------------------------------------------------------------------------

state.chosen = readChoice();
useLanguage(state.chosen || 'zh');
$('language').addEventListener('click', () => {
  state.chosen = state.language === 'zh' ? 'en' : 'zh';
  keepChoice(state.chosen);
  $('message').textContent = ''; // it was in the other language
  useLanguage(state.chosen);
});
$('sign-out').addEventListener('click', () => signOut(press));
$('take').addEventListener('click', take);
$('undo').addEventListener('click', undo);
document.addEventListener('keydown', onKey);
whileSeen(readStatus, STATUS_MS);
whileSeen(readPicture, PICTURE_MS);
