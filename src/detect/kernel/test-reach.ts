import { ANCHOR_BYTES, IMAGE_AT, type KernelImage, TESTS } from './image.ts';

/** Bytes from an anchor's start on that decide whether the kernel reports it. */
export interface TestReach {
  /** Of the tests that end with the line. */
  readonly line: number;
  /** Of the others. */
  readonly any: number;
}

/** The longest that assignment() of assembly/anchor-tests.ts looks behind the keyword. */
const ASSIGNMENT = 376;
/** A word that may head a section is looked at up to the end of its line, this far: HEAD_LENGTH and one of assembly/anchor-tests.ts. */
const HEAD = 33;
const LINE_BREAKS = [10, 13];

/** How far the kernel looks from an anchor's start on, over all anchors of an image. */
export const testReachOf = (image: KernelImage): TestReach => {
  const view = new DataView(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength);
  const breaks = LINE_BREAKS.reduce(
    (bits, byte) => bits | view.getBigUint64(image.classes - IMAGE_AT + byte * 8, true),
    0n,
  );
  let line = 0;
  let any = 0;
  for (let at = image.anchors; at + ANCHOR_BYTES <= image.classes; at += ANCHOR_BYTES) {
    const record = at - IMAGE_AT;
    const literal = view.getUint32(record, true) - IMAGE_AT;
    const length = view.getUint16(record + 4, true);
    if (length === 0) continue;
    const test = view.getUint32(record + 8, true);
    const min = view.getUint16(record + 16, true);
    const bytes =
      test === TESTS.run
        ? min
        : test === TESTS.near
          ? min + Math.max(view.getUint16(record + 18, true), HEAD)
          : test === TESTS.assignment
            ? ASSIGNMENT
            : 0;
    const runsOn = test === TESTS.run && (view.getBigUint64(record + 24, true) & breaks) !== 0n;
    const hasBreak = LINE_BREAKS.some((byte) => image.bytes.subarray(literal, literal + length).includes(byte));
    if (runsOn || hasBreak) any = Math.max(any, length + bytes + 1);
    else line = Math.max(line, length + bytes + 1);
  }
  return { line: Math.max(line, any), any };
};
