/**
 * Marvin32, the hash Microsoft's identifiable keys carry as their last four bytes
 * (microsoft/security-utilities; the same algorithm as .NET's string hashing).
 */
interface State {
  low: number;
  high: number;
}

const rotate = (value: number, bits: number): number => ((value << bits) | (value >>> (32 - bits))) >>> 0;

function mix(state: State): void {
  state.high = (state.high ^ state.low) >>> 0;
  state.low = (rotate(state.low, 20) + state.high) >>> 0;
  state.high = (rotate(state.high, 9) ^ state.low) >>> 0;
  state.low = (rotate(state.low, 27) + state.high) >>> 0;
  state.high = rotate(state.high, 19);
}

const wordAt = (data: Uint8Array, at: number): number =>
  (data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24)) >>> 0;

/**
 * @param data bytes to hash
 * @param seed eight ASCII characters, read as a big-endian 64-bit number (Microsoft writes its seeds that way)
 * @returns the 64-bit hash folded to 32 bits by XOR, unsigned
 */
export function marvin32(data: Uint8Array, seed: string): number {
  const bytes = Buffer.from(seed, 'latin1');
  const [low, high] = marvin64(data, bytes.readUInt32BE(4), bytes.readUInt32BE(0));
  return (low ^ high) >>> 0;
}

/** The unfolded hash as two unsigned 32-bit halves, low first; the seed is given the same way. */
export function marvin64(data: Uint8Array, seedLow: number, seedHigh: number): [number, number] {
  const state: State = { low: seedLow >>> 0, high: seedHigh >>> 0 };
  let at = 0;
  for (; at + 4 <= data.length; at += 4) {
    state.low = (state.low + wordAt(data, at)) >>> 0;
    mix(state);
  }
  let last = 0x80;
  for (let rest = data.length - 1; rest >= at; rest--) last = ((last << 8) | data[rest]!) >>> 0;
  state.low = (state.low + last) >>> 0;
  mix(state);
  mix(state);
  return [state.low, state.high];
}
