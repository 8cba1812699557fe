// Versions of an item: scans only what may differ from the base that a delta was applied to (delta.ts). Compiled together
// with the rest of this folder; kernel/version-kernel.ts drives it.

import { resumeAt, scan } from './anchors';
import { applyDelta } from './delta';
import { findSpots, spotsResumeAt } from './spots';

// ---- what may differ -------------------------------------------------------------------------------------------------

let lineReach: u32 = 0;
let anyReach: u32 = 0;
let foundAt: usize = 0;
let foundMost: u32 = 0;
let windowsAt: usize = 0;
let spotWindowsAt: usize = 0;
let spotsAt: usize = 0;
let spotsMost: u32 = 0;
let scanOut: usize = 0;
let spotOut: usize = 0;
let alphabet: usize = 0;

let found: u32 = 0;
let windows: u32 = 0;
let spotWindows: u32 = 0;
let spotCount: u32 = 0;
let overflow: bool = false;

/** Bytes behind a change in which an anchor's test may see the change (NAME_BACK, and before the name
 * blanks and a word: anchor-tests.ts). */
const AHEAD: u32 = 60;
/** The next line of a field's name is looked at this far. */
const NEXT_LINE: u32 = 66;
/** The longest escape but for its first byte. */
const ESCAPE: u32 = 5;

// `line`: how far the tests of anchors look that stop at a line's end; `any`: how far those do that don't.
export function configureVersions(line: u32, any: u32, foundTo: usize, foundCapacity: u32, windowsTo: usize, spotWindowsTo: usize, spotsTo: usize, spotsCapacity: u32, scanFrom: usize, spotsFrom: usize, alphabetAt: usize): void {
  lineReach = line; anyReach = any; foundAt = foundTo; foundMost = foundCapacity; windowsAt = windowsTo; spotWindowsAt = spotWindowsTo;
  spotsAt = spotsTo; spotsMost = spotsCapacity; scanOut = scanFrom; spotOut = spotsFrom; alphabet = alphabetAt;
}


@inline function back(at: u32, by: u32): u32 { return at > by ? at - by : 0; }
@inline function isBreak(c: u32): bool { return c === 10 || c === 13; }
@inline function isBase64(p: usize): bool { return load<u8>(alphabet + <usize>load<u8>(p)) !== 0xff; }

// Where the anchors begin whose tests may see a change at `start`.
function anchorsFrom(at: usize, start: u32): u32 {
  const lowest = back(start, lineReach);
  let from = back(start, NEXT_LINE);
  while (from > lowest && !isBreak(load<u8>(at + from - 1))) from--;
  return min<u32>(max<u32>(from, lowest), back(start, anyReach));
}

// Where the run of encoded characters begins that a change at `start` touches, or the escape.
function spotsFrom(at: usize, start: u32): u32 {
  let from = start;
  while (from > 0 && isBase64(at + from - 1)) from--;
  return min<u32>(from, back(start, ESCAPE));
}

let anchorsDone: u32 = 0;
let spotsDone: u32 = 0;

// Notes a window behind those before it, joined when they touch; returns how many there are.
function addWindow(list: usize, count: u32, from: u32, to: u32): u32 {
  const last = list + <usize>count * 8 - 8;
  if (count > 0 && load<u32>(last, 4) === from) { store<u32>(last, to, 4); return count; }
  store<u32>(last, from, 8);
  store<u32>(last, to, 12);
  return count + 1;
}

// Looks at one change [start, stop): the bytes between two runs, or the seam of two runs when it is empty.
function look(at: usize, length: u32, start: u32, stop: u32): void {
  const from = max<u32>(anchorsFrom(at, start), anchorsDone);
  const to = min<u32>(stop + AHEAD, length);
  if (from < to) {
    anchorsDone = to;
    windows = addWindow(windowsAt, windows, from, to);
    const n = scan(at, from, to, length);
    if (resumeAt() < to || found + n > foundMost) { overflow = true; return; }
    memory.copy(foundAt + (<usize>found << 3), scanOut, <usize>n << 3);
    found += n;
  }
  const first = max<u32>(spotsFrom(at, start), spotsDone);
  const end = min<u32>(stop + 1, length);
  if (first < end) {
    spotsDone = end;
    spotWindows = addWindow(spotWindowsAt, spotWindows, first, end);
    const n = findSpots(at, first, end, length);
    if (spotsResumeAt() < end || spotCount + n > spotsMost) { overflow = true; return; }
    memory.copy(spotsAt + <usize>spotCount * 12, spotOut, <usize>n * 12);
    spotCount += n;
  }
}

// Finds the anchors and spots of a result that its base may not have in the same place of the same run. Anchors: pairs
// (position, anchor) inside of the windows (from, to); a window has all that stand in it. Spots: triples as of findSpots(), and
// windows of their own.
// Returns false when there are too many of something.
function scanChanges(at: usize, length: u32, baseLength: u32, runs: usize, runCount: u32): bool {
  found = 0; windows = 0; spotWindows = 0; spotCount = 0; overflow = false; anchorsDone = 0; spotsDone = 0;
  let done: u32 = 0;
  let baseDone: u32 = 0;
  for (let i: u32 = 0; i < runCount; i++) {
    const run = runs + <usize>i * 12;
    const to = load<u32>(run), from = load<u32>(run, 4), size = load<u32>(run, 8);
    if (to !== done || from !== baseDone) look(at, length, done, to);
    if (overflow) return false;
    done = to + size;
    baseDone = from + size;
  }
  if (done !== length || baseDone !== baseLength) look(at, length, done, length);
  return !overflow;
}

const TOO_MUCH: i32 = -3;

// Applies a delta as applyDelta() does, and scans what it changed. Returns what applyDelta() returns, or TOO_MUCH, with the result
// whole. Behind the counts' address stand then, as u32: windows, anchors, windows of spots, spots.
export function deriveVersion(base: usize, baseLength: u32, delta: usize, deltaLength: u32, out: usize, outLength: u32, runs: usize, most: u32, counts: usize): i32 {
  const count = applyDelta(base, baseLength, delta, deltaLength, out, outLength, runs, most);
  if (count < 0) return count;
  if (!scanChanges(out, outLength, baseLength, runs, count)) return TOO_MUCH;
  store<u32>(counts, windows); store<u32>(counts, found, 4); store<u32>(counts, spotWindows, 8); store<u32>(counts, spotCount, 12);
  return count;
}
