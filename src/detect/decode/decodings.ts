import { type Kernel, SPOT, type Spot } from '../kernel/kernel.ts';
import type { Layer } from '../layer.ts';
import type { Decoding } from './decoding.ts';
import { decodeEscapes, escapedRegion } from './escapes.ts';
import { decodeBase64Run, decodeContinuedRun, decodeHexRun, type Seen } from './runs.ts';

/** Everything encoded that starts in [from, to) of a layer. One at a time: together they may be far larger than it. */
export function* decodingsOf(
  kernel: Kernel,
  layer: Layer & { readonly at: number },
  from: number,
  to: number,
): Generator<Decoding> {
  const continued = decodeContinuedRun(layer.bytes(), from, layer.length);
  if (continued) yield continued;
  const done: Record<number, number> = {};
  for (const spot of kernel.spots(layer.at, from, to, layer.length).sort(byPosition)) {
    if (spot.position < (done[spot.kind] ?? 0)) continue;
    const decoding = decodeSpot(layer, spot);
    done[spot.kind] = decoding?.end ?? spot.position + spot.length;
    if (decoding) yield decoding;
  }
}

export const byPosition = (a: Spot, b: Spot) => a.position - b.position || a.kind - b.kind;

export const decodeSpot = (layer: Layer, { position, length, kind }: Spot, seen?: Seen): Decoding | undefined => {
  const bytes = layer.bytes();
  if (kind === SPOT.base64) return decodeBase64Run(bytes, position, position + length, layer.length, seen);
  if (kind === SPOT.hex) return decodeHexRun(bytes, position, position + length);
  const [start, end] = escapedRegion(bytes, position, kind, layer.length);
  return decodeEscapes(bytes, start, end, kind);
};
