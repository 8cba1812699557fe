import { randomFillSync } from 'node:crypto';

/** The rounds that the upper 10 bits of a hash can tell apart; the lower 22 choose the slot. */
export const MOST_ROUNDS = 1 << 10;

export const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * The distinct lines of one text (or a share of them, by hash), with the number of copies in the parents: a hash table
 * in typed arrays. Lines end at LF or CRLF, which are not part of them, or with the text.
 */
export class LineTable {
  /** Start of the class's first line plus 1; 0 is a free slot. */
  #starts = new Uint32Array(512);
  #ends = new Uint32Array(512);
  /** Most copies in any one parent. */
  #old = new Uint32Array(512);
  /** Copies met in the pass under way. */
  #met = new Uint32Array(512);
  #size = 0;
  readonly #text: Buffer;
  readonly #limit: number;
  readonly #roundMask: number;
  readonly #round: number;

  /**
   * `limit` is the number of distinct lines that may be entered. Of the lines, those are entered and compared whose
   * upper hash bits, masked with `roundMask` (a power of two, at most MOST_ROUNDS, less 1), are `round`.
   */
  constructor(text: Buffer, limit: number, roundMask: number, round: number) {
    this.#text = text;
    this.#limit = limit;
    this.#roundMask = roundMask;
    this.#round = round;
  }

  /** Enters the blob's lines; false when there are more distinct ones than the limit. */
  fill(): boolean {
    return eachLine(this.#text, (start, end, hash) => {
      if (!this.#isMine(hash)) return true;
      const slot = this.#find(this.#text, start, end, hash);
      if (this.#starts[slot] !== 0) return true;
      this.#starts[slot] = start + 1;
      this.#ends[slot] = end;
      this.#size++;
      if (this.#size * 2 > this.#starts.length) this.#grow();
      return this.#size <= this.#limit;
    });
  }

  /** Counts the copies in one parent's version. */
  countOld(old: Buffer): void {
    this.#met.fill(0);
    eachLine(old, (start, end, hash) => {
      if (!this.#isMine(hash)) return true;
      const slot = this.#find(old, start, end, hash);
      if (this.#starts[slot] === 0) return true;
      const copies = ++this.#met[slot]!;
      if (copies > this.#old[slot]!) this.#old[slot] = copies;
      return true;
    });
  }

  /** Sets the bit of each new line in `added`, the first line being number `before` + 1; returns how many are new. */
  markAdded(added: Uint8Array, before: number): number {
    this.#met.fill(0);
    let line = before;
    let count = 0;
    eachLine(this.#text, (start, end, hash) => {
      line++;
      if (!this.#isMine(hash)) return true;
      const slot = this.#find(this.#text, start, end, hash);
      if (++this.#met[slot]! > this.#old[slot]!) {
        added[line >>> 3]! |= 1 << (line & 7);
        count++;
      }
      return true;
    });
    return count;
  }

  /** The upper bits choose the round, the lower ones the slot. */
  #isMine(hash: number): boolean {
    return ((hash >>> 22) & this.#roundMask) === this.#round;
  }

  /** The slot of the line's class, or the free slot where it belongs. */
  #find(bytes: Buffer, start: number, end: number, hash: number): number {
    const mask = this.#starts.length - 1;
    let slot = hash & mask;
    for (let known = this.#starts[slot]!; known !== 0; known = this.#starts[slot]!) {
      if (this.#ends[slot]! - known + 1 === end - start && equal(this.#text, known - 1, bytes, start, end)) return slot;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const starts = this.#starts;
    const ends = this.#ends;
    this.#starts = new Uint32Array(starts.length * 2);
    this.#ends = new Uint32Array(starts.length * 2);
    this.#old = new Uint32Array(starts.length * 2);
    this.#met = new Uint32Array(starts.length * 2);
    const mask = this.#starts.length - 1;
    for (let from = 0; from < starts.length; from++) {
      if (starts[from] === 0) continue;
      let slot = hashOf(this.#text, starts[from]! - 1, ends[from]!) & mask;
      while (this.#starts[slot] !== 0) slot = (slot + 1) & mask;
      this.#starts[slot] = starts[from]!;
      this.#ends[slot] = ends[from]!;
    }
  }
}

/** Visits each line as [start, end) without its ending, and its hash; stops and returns false when `visit` does. */
function eachLine(bytes: Buffer, visit: (start: number, end: number, hash: number) => boolean): boolean {
  const random = randomTable();
  let start = 0;
  let hash = 0;
  let before = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte !== NEWLINE) {
      before = hash;
      hash = random[(hash ^ byte) & 0xff]! ^ (hash >>> 8);
      continue;
    }
    const crlf = at > start && bytes[at - 1] === RETURN;
    if (!visit(start, crlf ? at - 1 : at, mixed(crlf ? before : hash))) return false;
    start = at + 1;
    hash = 0;
  }
  return start === bytes.length || visit(start, bytes.length, mixed(hash));
}

function hashOf(bytes: Buffer, start: number, end: number): number {
  const random = randomTable();
  let hash = 0;
  for (let at = start; at < end; at++) hash = random[(hash ^ bytes[at]!) & 0xff]! ^ (hash >>> 8);
  return mixed(hash);
}

/** Spreads every bit over the whole 32-bit word (the finaliser of MurmurHash3). */
function mixed(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

let table: Int32Array | undefined;

/** Drawn anew in each process, so that no file can be made whose lines collide; the answer doesn't depend on it. */
function randomTable(): Int32Array {
  table ??= randomFillSync(new Int32Array(256));
  return table;
}

function equal(a: Buffer, aStart: number, b: Buffer, bStart: number, bEnd: number): boolean {
  for (let at = bStart, other = aStart; at < bEnd; at++, other++) if (a[other] !== b[at]) return false;
  return true;
}
