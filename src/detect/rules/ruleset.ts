import { createHash } from 'node:crypto';
import { buildImage, type KernelAnchor, type KernelImage } from '../kernel/image.ts';
import type { CompiledRule } from './rule.ts';

/**
 * The compiled rule set. Rules are decoded one by one when first needed, so that the number of rules is not felt at
 * start-up.
 */
export interface RuleSet {
  readonly size: number;
  readonly image: KernelImage;
  /** Hash of the rules' contents: part of cache keys. */
  readonly hash: string;
  rule(index: number): CompiledRule;
  /** Indices of the rules that an anchor belongs to, as pairs (rule, anchor's index within the rule). */
  anchorRules(anchor: number): Uint16Array;
  /** Rules that have no literal: run over everything. */
  readonly everywhere: readonly number[];
  /** Bytes behind and before an anchor that a rule may look at. */
  readonly reach: number;
}

interface Header {
  readonly image: Omit<KernelImage, 'bytes'>;
  readonly imageBytes: number;
  readonly anchors: number;
  readonly pairs: number;
  readonly rules: number;
  readonly everywhere: readonly number[];
  readonly reach: number;
  readonly hash: string;
}

const MAGIC = 'LKGATE01';

/** Serialises compiled rules together with the kernel's tables for them. `decodeRuleSet` reads it back. */
export const encodeRuleSet = (rules: readonly CompiledRule[]): Buffer => {
  const { anchors, owners } = collectAnchors(rules);
  const image = buildImage(anchors);
  const records = rules.map((rule) => Buffer.from(JSON.stringify(rule)));
  const pairs = owners.reduce((sum, list) => sum + list.length, 0);
  const { bytes, ...addresses } = image;
  const header: Header = {
    image: addresses,
    imageBytes: bytes.length,
    anchors: anchors.length,
    pairs,
    rules: rules.length,
    everywhere: rules.flatMap((rule, index) => (rule.mode === 'everywhere' ? [index] : [])),
    reach: rules.reduce((most, rule) => Math.max(most, rule.maxLength + rule.within), 0),
    hash: createHash('sha256').update(Buffer.concat(records)).digest('hex').slice(0, 32),
  };
  return assemble(header, bytes, owners, records);
};

const collectAnchors = (rules: readonly CompiledRule[]) => {
  const anchors: KernelAnchor[] = [];
  const owners: [rule: number, anchor: number][][] = [];
  const known = new Map<string, number>();
  rules.forEach((rule, ruleIndex) => {
    rule.anchors.forEach(({ literal, nocase, test }, anchorIndex) => {
      const key = JSON.stringify([literal, nocase, test]);
      let index = known.get(key);
      if (index === undefined) {
        index = anchors.push({ literal, nocase, test }) - 1;
        known.set(key, index);
        owners.push([]);
      }
      owners[index]!.push([ruleIndex, anchorIndex]);
    });
  });
  return { anchors, owners };
};

const pad4 = (length: number) => (length + 3) & ~3;

const assemble = (
  header: Header,
  image: Uint8Array,
  owners: readonly (readonly [number, number])[][],
  records: readonly Buffer[],
): Buffer => {
  const text = Buffer.from(JSON.stringify(header));
  const ownerStarts = new Uint32Array(owners.length + 1);
  const ownerPairs = new Uint16Array(header.pairs * 2);
  let next = 0;
  owners.forEach((list, anchor) => {
    ownerStarts[anchor] = next;
    for (const [rule, index] of list) {
      ownerPairs.set([rule, index], next * 2);
      next++;
    }
  });
  ownerStarts[owners.length] = next;
  const recordStarts = new Uint32Array(records.length + 1);
  records.forEach((record, i) => {
    recordStarts[i + 1] = recordStarts[i]! + record.length;
  });
  const prefix = Buffer.alloc(12);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(text.length, 8);
  const padded = (view: Uint8Array) => Buffer.concat([view, Buffer.alloc(pad4(view.length) - view.length)]);
  const raw = (view: Uint32Array | Uint16Array) => new Uint8Array(view.buffer);
  return Buffer.concat([
    prefix,
    padded(text),
    padded(image),
    raw(ownerStarts),
    padded(raw(ownerPairs)),
    raw(recordStarts),
    ...records,
  ]);
};

/** Reads what encodeRuleSet wrote. Throws TypeError when the bytes are something else. */
export const decodeRuleSet = (source: Uint8Array): RuleSet => {
  // Views on 32-bit words need an aligned start.
  const bytes = source.byteOffset % 4 === 0 ? Buffer.from(source.buffer, source.byteOffset, source.length) : Buffer.from(source);
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw new TypeError('not a compiled rule set');
  const textLength = bytes.readUInt32LE(8);
  const header = JSON.parse(bytes.toString('utf8', 12, 12 + textLength)) as Header;
  let at = bytes.byteOffset + 12 + pad4(textLength);
  const take = (length: number): number => {
    const start = at;
    at += pad4(length);
    return start;
  };
  const image = new Uint8Array(bytes.buffer, take(header.imageBytes), header.imageBytes);
  const ownerStarts = new Uint32Array(bytes.buffer, take((header.anchors + 1) * 4), header.anchors + 1);
  const ownerPairs = new Uint16Array(bytes.buffer, take(header.pairs * 4), header.pairs * 2);
  const recordStarts = new Uint32Array(bytes.buffer, take((header.rules + 1) * 4), header.rules + 1);
  const recordsAt = at - bytes.byteOffset;
  const decoded = new Map<number, CompiledRule>();
  const rule = (index: number): CompiledRule => {
    const known = decoded.get(index);
    if (known) return known;
    const text = bytes.toString('utf8', recordsAt + recordStarts[index]!, recordsAt + recordStarts[index + 1]!);
    const parsed = JSON.parse(text) as CompiledRule;
    decoded.set(index, parsed);
    return parsed;
  };
  return {
    size: header.rules,
    image: { ...header.image, bytes: image },
    hash: header.hash,
    everywhere: header.everywhere,
    reach: header.reach,
    rule,
    anchorRules: (anchor) => ownerPairs.subarray(ownerStarts[anchor]! * 2, ownerStarts[anchor + 1]! * 2),
  };
};
