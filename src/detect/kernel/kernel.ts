import { IMAGE_AT, type KernelImage } from './image.ts';
import { sortPairs } from './pairs.ts';

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  configure(...addresses: number[]): void;
  configureSpots(spots: number, capacity: number, alphabet: number): void;
  grow(pages: number): number;
  scan(at: number, from: number, to: number, end: number): number;
  findSpots(at: number, from: number, to: number, end: number): number;
  resumeAt(): number;
  spotsResumeAt(): number;
  newlines(from: number, to: number): number;
  utf16Units(from: number, to: number): number;
}

/** What findSpots() tells apart; the numbers are those of assembly/spots.ts. */
export const SPOT = { base64: 1, hex: 2, ansi: 3, percent: 4, backslash: 5 } as const;

export interface Spot {
  readonly position: number;
  readonly length: number;
  readonly kind: number;
}

/** The loaded kernel. Positions are 0-based offsets into the layer that starts at address `at`. */
export interface Kernel {
  /** Ensures that `size` bytes can be written at `at` and 16 zero bytes behind them. */
  reserve(at: number, size: number): void;
  /** The kernel's whole memory; a new view after each reserve(). */
  memory(): Buffer;
  /** First address free for input. */
  readonly inputAt: number;
  /** What the compiled kernel exports, and where it leaves what scan() and findSpots() find. */
  readonly wasm: WebAssembly.Instance['exports'];
  readonly candidatesAt: number;
  readonly spotsAt: number;
  /** Pairs position, anchor; sorted by both, so that their order does not depend on where the layer begins. */
  candidates(at: number, from: number, to: number, end: number): Uint32Array;
  spots(at: number, from: number, to: number, end: number): Spot[];
  newlines(from: number, to: number): number;
  utf16Units(from: number, to: number): number;
}

const NONE = new Uint32Array(0);
const CANDIDATE_CAPACITY = 1 << 15;
const SPOT_CAPACITY = 1 << 14;
/** What assembly/anchors.ts notes between its steps. */
const WORK_BYTES = 20 << 10;

/** Instantiates the compiled kernel with an image of its tables. Synchronous: the module is a few kilobytes. */
export const createKernel = (module: WebAssembly.Module, image: KernelImage): Kernel => {
  const instance = new WebAssembly.Instance(module, { env: { abort: () => undefined } });
  const wasm = instance.exports as unknown as KernelExports;
  const candidatesAt = (IMAGE_AT + image.bytes.length + 63) & ~63;
  const spotsAt = candidatesAt + CANDIDATE_CAPACITY * 8;
  const workAt = spotsAt + SPOT_CAPACITY * 12;
  const inputAt = (workAt + WORK_BYTES + 4095) & ~4095;
  let view: Buffer = Buffer.from(wasm.memory.buffer);

  const reserve = (at: number, size: number): void => {
    const missing = at + size + 64 - wasm.memory.buffer.byteLength;
    if (missing > 0 && wasm.grow(Math.ceil(missing / 65536)) < 0) throw new RangeError('the detector is out of memory');
    if (view.buffer !== wasm.memory.buffer) view = Buffer.from(wasm.memory.buffer);
    // A loop: for so few bytes fill() takes longer.
    for (let i = at + size; i < at + size + 16; i++) view[i] = 0;
  };
  reserve(inputAt, 0);
  view.set(image.bytes, IMAGE_AT);
  const { factors, groupShift, slots, slotShift, entries, anchors, classes, alphabet } = image;
  wasm.configure(
    factors,
    groupShift,
    slots,
    slotShift,
    entries,
    anchors,
    classes,
    candidatesAt,
    CANDIDATE_CAPACITY,
    workAt,
  );
  wasm.configureSpots(spotsAt, SPOT_CAPACITY, alphabet);

  const candidates = (at: number, from: number, to: number, end: number): Uint32Array => {
    const parts: Uint32Array[] = [];
    for (let next = from; next < to; ) {
      const found = wasm.scan(at, next, to, end);
      const resume = wasm.resumeAt();
      if (found === 0 && resume >= to && parts.length === 0) return NONE;
      const pairs = new Uint32Array(wasm.memory.buffer, candidatesAt, found * 2);
      if (resume >= to) {
        if (parts.length === 0) return sortPairs(pairs.slice());
        parts.push(pairs.slice());
        break;
      }
      if (resume <= next) throw new RangeError('more anchors begin at one place than the detector can hold');
      parts.push(pairsBefore(pairs, resume));
      next = resume;
    }
    return sortPairs(joinPairs(parts));
  };

  const spots = (at: number, from: number, to: number, end: number): Spot[] => {
    const all: Spot[] = [];
    for (let next = from; next < to; ) {
      const found = wasm.findSpots(at, next, to, end);
      const resume = wasm.spotsResumeAt();
      if (found === 0 && resume >= to) break;
      const triples = new Uint32Array(wasm.memory.buffer, spotsAt, found * 3);
      for (let i = 0; i < found; i++) {
        const position = triples[i * 3]!;
        if (resume >= to || position < resume) {
          all.push({ position, length: triples[i * 3 + 1]!, kind: triples[i * 3 + 2]! });
        }
      }
      next = resume;
    }
    return all;
  };

  return {
    reserve,
    memory: () => view,
    inputAt,
    wasm: instance.exports,
    candidatesAt,
    spotsAt,
    candidates,
    spots,
    newlines: wasm.newlines,
    utf16Units: wasm.utf16Units,
  };
};

const pairsBefore = (pairs: Uint32Array, limit: number): Uint32Array => {
  const kept: number[] = [];
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i]! < limit) kept.push(pairs[i]!, pairs[i + 1]!);
  return Uint32Array.from(kept);
};

const joinPairs = (parts: readonly Uint32Array[]): Uint32Array => {
  const joined = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
};
