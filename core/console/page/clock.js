// SPDX-License-Identifier: Apache-2.0
// Every time on the wall is in the hall's clock; so is every time here, wherever the page is read.

let offsetMinutes = -new Date().getTimezoneOffset(); // until the wall has said its own

export function setHallClock(wall) {
  if (wall && Number.isFinite(wall.utc_offset_minutes)) offsetMinutes = wall.utc_offset_minutes;
}

// "09:30", of a time as Date takes it.
export function clockOf(at, more = {}) {
  const there = new Date(new Date(at).getTime() + offsetMinutes * 60000);
  return there.toLocaleTimeString('zh-CN', { timeZone: 'UTC', hour12: false, hour: '2-digit', minute: '2-digit', ...more });
}
