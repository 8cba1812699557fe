// What trees hold, as numbers: each entry that is a tree or a wanted blob becomes a member, a triple of name, mode and target that
// is kept once. Ids are looked up in a table of all objects; what none of them is, is counted as missing.

import { anyNameEnd, isUsualHead, zerosAt } from './trees';

const DAMAGED: i32 = -1;
const CROWDED: i32 = -2;

// What the table of ids says of an object that is no tree; from WANTED on it is a wanted blob.
const PRESENT: u32 = 0x7fffffff;
const WANTED: u32 = 0x40000000;
const NONE: u32 = 0xffffffff;

// ---- ids: slots of the first 8 bytes of an id and its number plus one; 0 where a slot is empty

const ID_SLOT: usize = 12;
let idSlots: usize = 0;
let idMask: u32 = 0;

// The table lies at `at`, in memory that holds zeros; `slots` is a power of two.
export function configureIds(at: usize, slots: u32): void { idSlots = at; idMask = slots - 1; }

// The slot of an id, or the empty one where it belongs. Ids are random: any of their bytes serve as a hash.
@inline function idSlot(id: usize): usize {
  const first = load<u64>(id);
  let place = load<u32>(id, 8) & idMask;
  let slot = idSlots + <usize>place * ID_SLOT;
  while (load<u32>(slot, 8) && load<u64>(slot) !== first) {
    place = (place + 1) & idMask;
    slot = idSlots + <usize>place * ID_SLOT;
  }
  return slot;
}

// Adds ids of 20 bytes with their numbers; one that is known keeps its first.
export function addIds(ids: usize, count: u32, numbers: usize): void {
  for (let i: u32 = 0; i < count; i++, ids += 20, numbers += 4) {
    const slot = idSlot(ids);
    if (load<u32>(slot, 8)) continue;
    store<u64>(slot, load<u64>(ids));
    store<u32>(slot, load<u32>(numbers) + 1, 8);
  }
}

// The number of the id at an address; -1 when it is not known.
export function findId(id: usize): i32 { return <i32>load<u32>(idSlot(id), 8) - 1; }

// ---- names and members, each once; slots hold a number plus one

const FEW: u32 = 1 << 12;
const RECORD: usize = 12;

let nameSlots: usize = 0;
let nameMask: u32 = 0;
let nameRecords: usize = 0; // offset in the pool, length, hash
let nameCount: u32 = 0;
let mostNames: u32 = 0;
let pool: usize = 0;
let poolLength: u32 = 0;
let poolSize: u32 = 0;
let memberSlots: usize = 0;
let memberMask: u32 = 0;
let memberRecords: usize = 0; // number of the name, mode, target
let memberCount: u32 = 0;
let mostMembers: u32 = 0;
let missing: u32 = 0;   // blobs that entries name and nothing has
let lostTrees: u32 = 0; // the same of trees

// Slots have room for twice as many as there may be at most.
export function configureMembers(nameSlotsAt: usize, nameRecordsAt: usize, names: u32, poolAt: usize, poolBytes: u32, memberSlotsAt: usize, memberRecordsAt: usize, members: u32): void {
  nameSlots = nameSlotsAt; nameRecords = nameRecordsAt; mostNames = names; pool = poolAt; poolSize = poolBytes;
  memberSlots = memberSlotsAt; memberRecords = memberRecordsAt; mostMembers = members;
}

// Forgets all names and members.
export function clearMembers(): void {
  nameCount = 0; poolLength = 0; memberCount = 0; missing = 0; lostTrees = 0;
  nameMask = FEW - 1; memberMask = FEW - 1;
  memory.fill(nameSlots, 0, FEW * 4);
  memory.fill(memberSlots, 0, FEW * 4);
}

export function namesKnown(): u32 { return nameCount; }
export function membersKnown(): u32 { return memberCount; }
export function missingCount(): u32 { return missing; }
export function lostTreeCount(): u32 { return lostTrees; }

@inline function memberHash(name: u32, mode: u32, target: u32): u32 {
  const h = (target * 0x9E3779B1) ^ (name * 0x85EBCA6B) ^ mode;
  return h ^ (h >>> 15);
}

@inline function put(slots: usize, mask: u32, hash: u32, number: u32): void {
  let place = hash & mask;
  while (load<u32>(slots + (<usize>place << 2))) place = (place + 1) & mask;
  store<u32>(slots + (<usize>place << 2), number + 1);
}

function growNames(): void {
  nameMask = ((nameMask + 1) << 2) - 1;
  memory.fill(nameSlots, 0, (<usize>nameMask + 1) << 2);
  for (let i: u32 = 0; i < nameCount; i++) put(nameSlots, nameMask, load<u32>(nameRecords + <usize>i * RECORD, 8), i);
}

function growMembers(): void {
  memberMask = ((memberMask + 1) << 2) - 1;
  memory.fill(memberSlots, 0, (<usize>memberMask + 1) << 2);
  for (let i: u32 = 0; i < memberCount; i++) {
    const r = memberRecords + <usize>i * RECORD;
    put(memberSlots, memberMask, memberHash(load<u32>(r), load<u32>(r, 4), load<u32>(r, 8)), i);
  }
}

@inline function isName(record: usize, hash: u32, at: usize, length: u32): bool {
  if (load<u32>(record, 8) !== hash || load<u32>(record, 4) !== length) return false;
  const known = pool + <usize>load<u32>(record);
  for (let i: u32 = 0; i < length; i++) if (load<u8>(known + i) !== load<u8>(at + i)) return false;
  return true;
}

// The number of a name; NONE when there is no room for it.
function nameNumber(at: usize, length: u32): u32 {
  let hash: u32 = 0x811C9DC5;
  for (let i: u32 = 0; i < length; i++) hash = (hash ^ load<u8>(at + i)) * 0x01000193;
  hash ^= hash >>> 15;
  let place = hash & nameMask;
  for (let found = load<u32>(nameSlots + (<usize>place << 2)); found; found = load<u32>(nameSlots + (<usize>place << 2))) {
    if (isName(nameRecords + <usize>(found - 1) * RECORD, hash, at, length)) return found - 1;
    place = (place + 1) & nameMask;
  }
  if (nameCount === mostNames || length > poolSize - poolLength) return NONE;
  const record = nameRecords + <usize>nameCount * RECORD;
  store<u32>(record, poolLength); store<u32>(record, length, 4); store<u32>(record, hash, 8);
  memory.copy(pool + poolLength, at, length);
  poolLength += length;
  store<u32>(nameSlots + (<usize>place << 2), ++nameCount);
  const number = nameCount - 1;
  if (nameCount * 2 > nameMask) growNames();
  return number;
}

// The number of a member; NONE when there is no room for it.
function memberNumber(name: u32, mode: u32, target: u32): u32 {
  let place = memberHash(name, mode, target) & memberMask;
  for (let found = load<u32>(memberSlots + (<usize>place << 2)); found; found = load<u32>(memberSlots + (<usize>place << 2))) {
    const r = memberRecords + <usize>(found - 1) * RECORD;
    if (load<u32>(r, 8) === target && load<u32>(r) === name && load<u32>(r, 4) === mode) return found - 1;
    place = (place + 1) & memberMask;
  }
  if (memberCount === mostMembers) return NONE;
  const record = memberRecords + <usize>memberCount * RECORD;
  store<u32>(record, name); store<u32>(record, mode, 4); store<u32>(record, target, 8);
  store<u32>(memberSlots + (<usize>place << 2), ++memberCount);
  const number = memberCount - 1;
  if (memberCount * 2 > memberMask) growMembers();
  return number;
}

const TYPE: u32 = 0o170000;
const FILE: u32 = 0o100000;
const LINK: u32 = 0o120000;
const TREE: u32 = 0o040000;
const COMMIT: u32 = 0o160000;

// A mode as git compares them (canon_mode). `at` is at its first digit.
@inline function modeAt(at: usize): u32 {
  let mode: u32 = 0;
  for (let c: u32 = load<u8>(at); c - 48 < 8; c = load<u8>(++at)) mode = (mode << 3) | (c - 48);
  const type = mode & TYPE;
  if (type === FILE) return 0o100644 | (mode & 0o100 ? 0o111 : 0);
  return type === LINK || type === TREE ? type : COMMIT;
}

// Notes an entry that is of interest. Returns its member; NONE when it has none, or no room (then `full` is set).
let full: bool = false;
function memberAt(p: usize, zero: usize): u32 {
  const mode = modeAt(p);
  // The commit of a submodule is in another repository.
  if (mode === COMMIT) return NONE;
  const number = <u32>findId(zero + 1);
  const isTree = number < WANTED;
  // Not there, or a tree where a blob should be, or the other way round: git can tell.
  if (number === NONE || (mode === TREE) !== isTree) {
    if (mode === TREE) lostTrees++;
    else missing++;
    return NONE;
  }
  if (number === PRESENT) return NONE;
  const from = behindBlank(p);
  const name = nameNumber(from, <u32>(zero - from));
  const member = name === NONE ? NONE : memberNumber(name, mode, isTree ? number : number - WANTED);
  if (member === NONE) full = true;
  return member;
}

@inline function behindBlank(p: usize): usize {
  while (load<u8>(p) !== 32) p++;
  return p + 1;
}

// Modes of trees begin with a 4; some old trees have a zero before it.
@inline function isTreeHead(first: u32): u32 { return <u32>(first === 52) | <u32>(first === 48); }

// Writes the members of the tree [at, at + length) to `out`. `filter` lets through what may be wanted: bit (first four bytes of the id
// & mask). What was copied whole from another tree (`runs`: triples as of applyDelta()) is not looked up again unless it is a tree or
// may be wanted. Returns their number; DAMAGED when the bytes are no tree; CROWDED when there are more than `most`, or too
// many names. The tree has 64 bytes of margin.
export function treeMembers(at: usize, length: u32, runs: usize, runCount: u32, filter: usize, mask: u32, out: usize, most: u32): i32 {
  const end = at + length;
  const outEnd = out + (<usize>most << 2);
  let run = runs;
  const lastRun = runs + <usize>runCount * 12;
  let runFrom: usize = end, runEnd: usize = end;
  if (run < lastRun) { runFrom = at + load<u32>(run); runEnd = runFrom + load<u32>(run, 8); }
  full = false;
  let next = out;
  for (let p = at; p < end; ) {
    // Names are short: the NUL is looked for in 32 bytes at once, from the seventh on, where the shortest of names have it.
    const zeros = zerosAt(p + 6) | (zerosAt(p + 22) << 16);
    let zero = p + 6 + <usize>ctz(zeros);
    const head = load<u64>(p);
    if (!isUsualHead(head) || !zeros) {
      zero = anyNameEnd(p, end);
      if (!zero) return DAMAGED;
    }
    const stop = zero + 21;
    if (stop > end) return DAMAGED;
    while (runEnd <= p && run < lastRun) {
      run += 12;
      runFrom = end; runEnd = end;
      if (run < lastRun) { runFrom = at + load<u32>(run); runEnd = runFrom + load<u32>(run, 8); }
    }
    const isCopied = <u32>(run < lastRun) & <u32>(p >= runFrom) & <u32>(stop <= runEnd);
    const key = load<u32>(zero, 1) & mask;
    const isOfInterest = (isCopied ^ 1) | isTreeHead(<u32>head & 0xff) | (<u32>(load<u8>(filter + <usize>(key >>> 3)) >>> <u8>(key & 7)) & 1);
    if (isOfInterest) {
      const member = memberAt(p, zero);
      if (full) return CROWDED;
      if (member !== NONE) {
        if (next === outEnd) return CROWDED;
        store<u32>(next, member);
        next += 4;
      }
    }
    p = stop;
  }
  return <i32>((next - out) >>> 2);
}
