// SPDX-License-Identifier: Apache-2.0
// Who is signed in, what they may, and how they go. While the wall has no operator, nobody has to be and everybody may.
import { clockOf } from './clock.js';
import { $ } from './parts.js';

const AGAIN_MS = 10000;

// What the hub's gate will say is only guessed at here, so that nobody presses in vain: limits to places and cameras are the hub's to know.
export const can = (me, action) => !me || !me.may || me.may.includes(action);

export async function readPerson(askJson, known) {
  if (known && Date.now() - known.at < AGAIN_MS) return known;
  const me = await askJson('/api/v1/people');
  if (me.configured && !me.name) window.location.replace('/sign-in#ended');
  return { ...me, at: Date.now() };
}

export function drawPerson(me, told) {
  const somebody = Boolean(me && me.name);
  $('person').hidden = !somebody;
  if (!somebody) return;
  $('person-name').textContent = [me.name, (told.text(me.title) || me.role)].join(' · ');
  $('person-until').textContent = me.until ? told.words.until(clockOf(me.until)) : '';
  $('sign-out').textContent = told.words.signOut;
}

export async function signOut(press) {
  try {
    await press('sign_out', {});
  } finally {
    window.location.replace('/sign-in#out');
  }
}
