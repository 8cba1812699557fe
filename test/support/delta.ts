import { between, type Random } from './random.ts';

/** A step of a delta: bytes of the base, or bytes of its own. */
export type Step = { readonly from: number; readonly size: number } | { readonly bytes: Buffer };

const varint = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push(128 | (rest % 128));
  }
};

const copyStep = (from: number, size: number): number[] => {
  const bytes = [128];
  for (let i = 0; i < 4; i++) {
    const byte = Math.floor(from / 256 ** i) % 256;
    if (byte === 0) continue;
    bytes[0]! |= 1 << i;
    bytes.push(byte);
  }
  for (let i = 0; i < 3; i++) {
    const byte = Math.floor((size === 0x10000 ? 0 : size) / 256 ** i) % 256;
    if (byte === 0) continue;
    bytes[0]! |= 16 << i;
    bytes.push(byte);
  }
  return bytes;
};

/** Writes steps as a delta of a pack (gitformat-pack, "Deltified representation"), and says what it makes. */
export const deltaOf = (base: Buffer, steps: readonly Step[]): { delta: Buffer; result: Buffer } => {
  const result = Buffer.concat(
    steps.map((step) => ('bytes' in step ? step.bytes : base.subarray(step.from, step.from + step.size))),
  );
  const parts: number[] = [...varint(base.length), ...varint(result.length)];
  for (const step of steps) {
    if ('bytes' in step) {
      for (let at = 0; at < step.bytes.length; at += 127) {
        const piece = step.bytes.subarray(at, at + 127);
        parts.push(piece.length, ...piece);
      }
    } else {
      for (let at = 0; at < step.size; at += 0x10000) {
        parts.push(...copyStep(step.from + at, Math.min(0x10000, step.size - at)));
      }
    }
  }
  return { delta: Buffer.from(parts), result };
};

/** An edited text: some stretches cut out, replaced, moved or doubled, the rest kept. */
export const randomSteps = (random: Random, base: Buffer, snippet: () => Buffer): Step[] => {
  const steps: Step[] = [];
  let at = 0;
  const edits = between(random, 0, 4);
  for (let edit = 0; edit < edits; edit++) {
    const to = between(random, at, base.length);
    if (to > at) steps.push({ from: at, size: to - at });
    at = to;
    const kind = between(random, 0, 4);
    if (kind <= 2) steps.push({ bytes: snippet() });
    if (kind >= 2) at = Math.min(base.length, at + between(random, 0, 40) * between(random, 0, 10));
    if (kind === 4 && base.length > 0) {
      const from = between(random, 0, base.length - 1);
      steps.push({ from, size: between(random, 1, base.length - from) });
    }
  }
  if (at < base.length && between(random, 0, 5) > 0) steps.push({ from: at, size: base.length - at });
  return steps.filter((step) => 'size' in step || step.bytes.length > 0);
};
