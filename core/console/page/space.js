// SPDX-License-Identifier: Apache-2.0
// What is on air is an exercise or a replay: a band across the page that nobody overlooks, and the way back.
import { $ } from './parts.js';
import { can } from './people.js';

export function drawSpace(space, told, back) {
  const band = $('space');
  band.hidden = !space;
  document.body.classList.toggle('not-live', Boolean(space));
  if (!space) return;
  const { words } = told;
  const kind = space.kind === 'replay' ? 'replay' : 'exercise';
  // In both languages, whichever the page speaks: who looks over a shoulder knows it, too.
  $('space-kind').textContent = kind === 'replay' ? '回放 REPLAY' : '演练 EXERCISE';
  $('space-title').textContent = told.text(space.title) || space.name || '';
  $('space-note').textContent = words.notLive[kind];
  const button = $('space-end');
  button.textContent = words.backToLive;
  button.hidden = !can(told.me, 'take');
  button.disabled = !told.now;
  button.onclick = back;
}
