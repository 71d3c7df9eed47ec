// SPDX-License-Identifier: Apache-2.0
// The console's page: shows what the hub says and sends what the officer presses. It asks only while it is seen.
'use strict';

const WORDS = {
  zh: {
    other: 'English', onAir: '播出', prepared: '预备', nonePrepared: '无', layouts: '布局', tiles: '不在线的画面', problems: '问题',
    take: '切换', undo: '撤销', takeNo: n => `第 ${n} 次切换`, wall: '大屏实时画面',
    linked: t => `枢纽在线 · ${t} 核对`,
    allLive: t => `全部画面在线 · ${t} 核对`, noProblems: '无', unknown: '未知：枢纽无应答',
    waiting: '正在等待画面', pictureLost: '画面中断', since: '已过', noLayouts: '尚无布局信息',
    done: { take: t => `已切换：${t}`, preview: t => `已预备：${t}`, clear: '已取消预备', undo: t => `已撤销，播出：${t}` },
    failed: '未执行', notRecorded: '本次切换未能记入日志', nextTry: s => `${s} 秒后重试`,
    fresh: { late: '延迟', frozen: '画面冻结', lost: '信号中断', starting: '正在连接', error: '面板故障' },
    role: { supervisor: '监管进程', hub: '枢纽', compositor: '合成进程', panel: '面板', service: '服务', media: '视频进程', console: '控制台' },
    fault: {
      hub_away: '枢纽无应答，监管进程正在重启它', timeout: '枢纽未在 3 秒内答复', console_away: '控制台程序无应答',
      no_compositor: '合成进程不在，监管进程正在重启它', no_picture: '合成进程一秒内未给出画面', busy: '请求过多，请稍后再试',
      conflict: '大屏刚刚变过，请再看一眼后重试',
    },
    state: { starting: '正在启动', backoff: '等待重启', quarantined: '已停用，需人工重启' },
    age: (m, s) => (m ? `${m} 分 ${s} 秒` : `${s} 秒`),
  },
  en: {
    other: '中文', onAir: 'ON AIR', prepared: 'PREVIEW', nonePrepared: 'none', layouts: 'Layouts', tiles: 'Tiles that are not live',
    problems: 'Problems', take: 'TAKE', undo: 'Undo', takeNo: n => `take ${n}`, wall: 'The wall, live',
    linked: t => `Hub there · checked ${t}`,
    allLive: t => `Every tile is live · checked ${t}`, noProblems: 'None', unknown: 'Unknown: the hub does not answer',
    waiting: 'Waiting for a picture', pictureLost: 'Picture lost', since: 'for', noLayouts: 'No layouts known yet',
    done: { take: t => `On air: ${t}`, preview: t => `Prepared: ${t}`, clear: 'Preview cleared', undo: t => `Undone, on air: ${t}` },
    failed: 'Not done', notRecorded: 'The last take could not be recorded',
    nextTry: s => `next try in ${s} s`,
    fresh: { late: 'late', frozen: 'frozen', lost: 'lost', starting: 'connecting', error: 'panel fault' },
    role: {},
    fault: {
      hub_away: 'The hub does not answer; the supervisor starts it anew', timeout: 'The hub did not answer within 3 s',
      console_away: 'The console program does not answer', no_compositor: 'The compositor is away; the supervisor starts it anew',
      no_picture: 'The compositor gave no picture within a second', busy: 'Too many requests; try again',
      conflict: 'The wall has just changed; look again, then retry',
    },
    state: { starting: 'starting', backoff: 'waits to restart', quarantined: 'stopped until restarted by hand' },
    age: (m, s) => (m ? `${m} min ${s} s` : `${s} s`),
  },
};
const STATUS_MS = 1000;
const PICTURE_MS = 500;

const $ = id => document.getElementById(id);
const state = {
  chosen: null, language: 'zh', layouts: [], status: null, away: true, fault: null, checked: '',
  wall: null, busy: false, etag: '', url: '', pictureAt: 0, pictureFault: null,
};

// ---- Words ----------------------------------------------------------------------------------------------------------

const words = () => WORDS[state.language];
const text = both => (typeof both === 'string' ? both : (both && (both[state.language] || both.zh || both.en)) || '');
const age = ms => words().age(Math.floor(ms / 60000), Math.floor(ms / 1000) % 60);
const clock = () => new Date().toLocaleTimeString('zh-CN', { hour12: false });
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
  throw new Refused(fault ? fault.code : 'http', fault ? fault.text : `HTTP ${reply.status}`);
}
const askJson = path => ask(path).then(reply => reply.json());
const press = (what, body) => ask(`/api/v1/${what}`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
}).then(reply => reply.json());

async function readStatus() {
  try {
    if (state.away || !state.layouts.length) await readLayouts();
    state.status = await askJson('/api/v1/status');
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
  if (!preview) return undefined;
  return act(async () => {
    const done = await press('take', { layout: preview, if_take: number });
    return words().done.take(titleOf(done.layout || preview));
  });
}

function undo() {
  return act(async () => words().done.undo(titleOf((await press('undo', {})).layout)));
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

function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

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
    button.disabled = state.away;
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

function row(what, word, ...more) {
  const item = element('li');
  const line = element('div', 'line');
  line.append(element('span', 'what', what));
  if (word) line.append(element('span', 'fresh', word));
  item.append(line);
  more.filter(Boolean).forEach(each => item.append(element('div', 'more', each)));
  return item;
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

function problemRows() {
  const rows = [];
  if (layout().recorded === false) rows.push(row(words().notRecorded, ''));
  for (const role of state.status.roles || []) {
    if (role.state !== 'running') rows.push(row(`${words().role[role.role] || role.role} ${role.name || ''}`, words().state[role.state] || role.state));
  }
  for (const limit of state.status.limits || []) rows.push(row(text(limit.what), text(limit.state), text(limit.effect)));
  return rows;
}

function drawList(id, rows, calm) {
  $(id).replaceChildren(...(rows.length ? rows : [element('li', 'calm', calm)]));
}

function drawActions() {
  const { preview } = layout();
  const can = !state.away && !state.busy;
  $('take').disabled = !can || !preview;
  $('undo').disabled = !can;
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
$('take').addEventListener('click', take);
$('undo').addEventListener('click', undo);
document.addEventListener('keydown', onKey);
whileSeen(readStatus, STATUS_MS);
whileSeen(readPicture, PICTURE_MS);
