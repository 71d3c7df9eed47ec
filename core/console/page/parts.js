// SPDX-License-Identifier: Apache-2.0
// Small pieces that every part of the page is made of.

export const $ = id => document.getElementById(id);

export function element(tag, className, content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (content !== undefined) made.textContent = content;
  return made;
}

export function row(what, word, ...more) {
  const item = element('li');
  const line = element('div', 'line');
  line.append(element('span', 'what', what));
  if (word) line.append(element('span', 'fresh', word));
  item.append(line);
  more.filter(Boolean).forEach(each => item.append(element('div', 'more', each)));
  return item;
}
