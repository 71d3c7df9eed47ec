// SPDX-License-Identifier: Apache-2.0
// What rules say that people should look at: the gravest first, each with its rule, its time, and a button that says it is seen to.
import { clockOf } from './clock.js';
import { $, element } from './parts.js';
import { can } from './people.js';

const SHOWN = 12; // of a storm; the rest is a number

export const readAttention = askJson => askJson('/api/v1/attention');

function card(item, told, acknowledge) {
  const { words, text } = told;
  const level = Math.min(4, Math.max(1, item.level || 1));
  const made = element('li', `item level-${level}${item.state === 'active' ? '' : ' over'}`);
  const line = element('div', 'line');
  line.append(element('span', 'what', text(item.title) || item.rule), element('span', 'fresh', words.level[level]));
  const when = item.state === 'active' ? words.begun(clockOf(item.since)) : words.over(clockOf(item.over));
  const foot = element('div', 'foot');
  const facts = element('div', 'facts');
  facts.append(element('div', 'more', [when, words.times(item.count || 1)].join(' · ')),
    element('div', 'more', [item.about, words.rule(item.rule)].filter(Boolean).join(' · ')));
  foot.append(facts);
  if (can(told.me, 'acknowledge')) {
    const button = element('button', '', words.acknowledge);
    button.type = 'button';
    button.disabled = !told.now;
    button.dataset.subject = item.subject;
    button.addEventListener('click', () => acknowledge(item));
    foot.append(button);
  }
  made.append(line, foot);
  return made;
}

// Drawn anew only when something of it is another: a button under a finger stays where it is.
let drawn = '';

export function drawAttention(list, told, acknowledge) {
  const { words } = told;
  const items = list ? list.items : [];
  $('attention-title').textContent = list && list.total ? `${words.attention} · ${list.total}` : words.attention;
  const now = JSON.stringify([items.slice(0, SHOWN), list && list.total, document.documentElement.lang, Boolean(told.known), Boolean(told.now),
    told.me && told.me.may]);
  if (now === drawn) return;
  drawn = now;
  const rows = items.slice(0, SHOWN).map(item => card(item, told, acknowledge));
  const rest = list ? list.total - rows.length : 0;
  if (rest > 0) rows.push(element('li', 'calm', words.more(rest)));
  if (!rows.length) rows.push(element('li', 'calm', told.known ? words.noAttention : words.unknown));
  $('attention').replaceChildren(...rows);
}
