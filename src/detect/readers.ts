import { readAssignment } from './assignment-reader.ts';
import type { Draft, Refusal } from './finding-draft.ts';
import { readPrivateKey } from './keys/read.ts';
import { readKubernetesSecret } from './kubernetes-secret.ts';
import { type Layer, textOf } from './layer.ts';
import type { CompiledRule, ExtractorName } from './rules/rule.ts';
import { readServiceAccount } from './service-account.ts';

/** Reads what stands around an anchor: `at` and `end` are the anchor's offsets in the layer. */
type Reader = (rule: CompiledRule, layer: Layer, at: number, end: number) => (Draft | Refusal)[];

const KEY_BEFORE = 256;
const KEY_AFTER = 65536;
const HEADERS = ['-----BEGIN ', '---- BEGIN ', 'PuTTY-User-Key-File-'] as const;

/** Where the header that the anchor at [at, end) belongs to begins. */
const keyHeader = (layer: Layer, at: number, end: number): number | undefined => {
  const before = textOf(layer, at - KEY_BEFORE, end);
  const header = Math.max(...HEADERS.map((mark) => before.lastIndexOf(mark)));
  return header < 0 ? undefined : Math.max(0, at - KEY_BEFORE) + header;
};

/** What the reader of private keys looks at: offsets, beyond the layer when its border was met. */
export const privateKeyReach = (layer: Layer, at: number, end: number): [number, number] => {
  const from = keyHeader(layer, at, end);
  return [at - KEY_BEFORE, from === undefined ? end : keyLimit(layer, from)];
};

const readKey: Reader = (rule, layer, at, end) => {
  const from = keyHeader(layer, at, end);
  if (from === undefined) return [];
  const text = textOf(layer, from, keyLimit(layer, from));
  const key = readPrivateKey(text, 0);
  if (!key) return [];
  if ('refused' in key) return [{ start: from + key.start, end: from + key.end, refused: key.refused }];
  // A key that is printed in a standard or shipped with a tool protects nothing.
  const isPublished = key.details.known !== undefined;
  const severity = isPublished
    ? 'low'
    : key.encrypted && rule.facts.severity !== 'low'
      ? 'medium'
      : rule.facts.severity;
  return [
    {
      start: from + key.start,
      end: from + key.end,
      secret: text.slice(key.start, key.end),
      identity: key.identity,
      confidence: isPublished ? 'low' : key.grade === 'parsed' ? 'high' : key.grade === 'shape' ? 'medium' : 'low',
      severity,
      proof: key.grade === 'parsed' ? 'valid' : 'not applicable',
      reasons: key.reasons,
      details: { kind: key.kind, encrypted: key.encrypted ? 'yes' : 'no', ...key.details },
      chain: layer.chain,
    },
  ];
};

/** A key's body ends at the next header at the latest, so that many headers cost no more than few. */
const keyLimit = (layer: Layer, from: number): number => {
  const limit = from + KEY_BEFORE + KEY_AFTER;
  const rest = layer.bytes().subarray(from + 1, limit);
  const ends = HEADERS.flatMap((mark) => {
    const next = rest.indexOf(mark);
    return next < 0 ? [] : [from + 1 + next + mark.length];
  });
  return Math.min(limit, ...ends);
};

const READERS: Readonly<Record<ExtractorName, Reader>> = {
  'private-key': readKey,
  assignment: readAssignment,
  'kubernetes-secret': readKubernetesSecret,
  'service-account': readServiceAccount,
};

/** The reader a rule names with `extract:`. */
export const readerOf = (name: ExtractorName): Reader => READERS[name];
