// SPDX-License-Identifier: Apache-2.0
// Signing in. It learns nothing of who there is: a wrong name and a wrong password are one and the same.

import { clockOf, setHallClock } from './clock.js';

const WORDS = {
  zh: {
    other: 'English', why: '请登录控制台', ended: '登录已到期，请重新登录', out: '已退出登录', name: '姓名', password: '密码', enter: '登录', entering: '正在核对…',
    wrong: '姓名或密码不正确', locked: (t, m) => `密码多次输错，该账号已锁定。${t} 以后（约 ${m} 分钟）可再试。`, ended_operator: '该账号已到期或停用，请联系管理员',
    busy: '正在核对其他登录，请稍后再试', away: '枢纽无应答，监管进程正在重启它；恢复后即可登录', console_away: '控制台程序无应答', closed: '值班人员名单无法读取，暂时不能登录，请联系管理员', failed: '未能登录',
  },
  en: {
    other: '中文', why: 'Sign in to the console', ended: 'Your time here is over: sign in again', out: 'Signed out', name: 'Name', password: 'Password',
    enter: 'Sign in', entering: 'Checking…', wrong: 'Wrong name or password',
    locked: (t, m) => `Too many wrong passwords: this name is locked. Try again after ${t} (about ${m} min).`,
    ended_operator: 'This account has ended; ask an administrator', busy: 'Another sign-in is being checked; try again',
    away: 'The hub does not answer; the supervisor starts it anew. You can sign in when it is back', console_away: 'The console program does not answer',
    failed: 'Not signed in', closed: 'The list of operators cannot be read, so nobody is let in; ask an administrator',
  },
};
const LOOK_AGAIN_MS = 2000;

const $ = id => document.getElementById(id);
const state = { language: 'zh', chosen: false, wall: null, said: null, away: false, busy: false };
const words = () => WORDS[state.language];

function keptLanguage() {
  try { return localStorage.getItem('beaconwall.language'); } catch { return null; }
}

function whySentence() {
  const hash = window.location.hash.slice(1);
  return hash === 'ended' || hash === 'out' ? words()[hash] : words().why;
}

function sentence({ code, until }) {
  if (code === 'locked') {
    const minutes = Math.max(1, Math.ceil((until - Date.now()) / 60000));
    return words().locked(clockOf(until), minutes);
  }
  const known = { ended: 'ended_operator', hub_away: 'away', timeout: 'away', wrong: 'wrong', busy: 'busy', console_away: 'console_away', closed: 'closed' };
  return words()[known[code] || 'failed'];
}

function draw() {
  document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
  const title = state.wall && state.wall.title;
  $('site').textContent = (title && (title[state.language] || title.zh || title.en)) || 'Beaconwall';
  $('why').textContent = whySentence();
  $('name-word').textContent = words().name;
  $('password-word').textContent = words().password;
  $('enter').textContent = state.busy ? words().entering : words().enter;
  $('enter').disabled = state.busy;
  $('language').textContent = words().other;
  $('message').textContent = state.said ? sentence(state.said) : state.away ? words().away : '';
}

async function ask(path, options = {}) {
  let reply;
  try {
    reply = await fetch(path, { cache: 'no-store', signal: AbortSignal.timeout(15000), ...options });
  } catch {
    return { fault: { code: 'console_away' } };
  }
  const body = await reply.json().catch(() => ({}));
  return reply.ok ? { body } : { fault: body.error || { code: 'http' } };
}

// Whoever is signed in, or does not have to be, belongs on the other page. A link from elsewhere brings people here who are: their browser
// keeps the session from what other pages make it ask.
async function look() {
  const { body, fault } = await ask('/api/v1/people');
  state.away = Boolean(fault);
  if (body) {
    if (!body.configured || body.name) return window.location.replace('/');
    state.wall = body.wall;
    setHallClock(body.wall);
    if (!state.chosen && body.wall && WORDS[body.wall.language]) state.language = body.wall.language;
  }
  draw();
  if (state.away) setTimeout(look, LOOK_AGAIN_MS);
  return undefined;
}

async function enter(event) {
  event.preventDefault();
  if (state.busy) return;
  state.busy = true;
  state.said = null;
  draw();
  const { fault } = await ask('/api/v1/sign_in', {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: $('name').value.trim(), password: $('password').value }),
  });
  if (!fault) return void window.location.replace('/');
  state.busy = false;
  state.said = { code: fault.code, until: Date.now() + 1000 * (fault.retry_s || 0) };
  draw();
  $('password').value = '';
  $('password').focus();
}

state.chosen = Boolean(WORDS[keptLanguage()]);
if (state.chosen) state.language = keptLanguage();
$('form').addEventListener('submit', enter);
$('language').addEventListener('click', () => {
  state.language = state.language === 'zh' ? 'en' : 'zh';
  state.chosen = true;
  try { localStorage.setItem('beaconwall.language', state.language); } catch { /* a private window: for this visit only */ }
  draw();
});
draw();
$('name').focus();
look();
