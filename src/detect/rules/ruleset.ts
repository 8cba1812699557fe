import type { KernelImage } from '../kernel/image.ts';
import { unpackRule } from './record.ts';
import type { CompiledRule } from './rule.ts';

/**
 * The compiled rule set. Rules are decoded one by one when first needed, so that the number of rules is not felt at
 * start-up.
 */
export interface RuleSet {
  readonly size: number;
  readonly image: KernelImage;
  /** Hash of the rules' contents: two sets with the same one find the same. */
  readonly hash: string;
  rule(index: number): CompiledRule;
  /** Ids in the order of the rules. */
  readonly ids: readonly string[];
  /** The number of the rule of that id, or -1. */
  indexOf(id: string): number;
  /** The rule of that id, or undefined. */
  ruleNamed(id: string): CompiledRule | undefined;
  /** Number of rules that are not optional. */
  readonly active: number;
  /** Indices of the rules that an anchor belongs to, as pairs (rule, anchor's index within the rule). */
  anchorRules(anchor: number): Uint16Array;
  /** True when a rule runs on RE2: rules of users, and shipped ones that V8 might take long for. */
  readonly needsLinear: boolean;
  /** Rules that have no literal: run over everything. */
  readonly everywhere: readonly number[];
  /** Bytes behind and before an anchor that a rule may look at. */
  readonly reach: number;
}

/** The JSON at the start of a compiled rule set. */
export interface RuleSetHeader {
  readonly image: Omit<KernelImage, 'bytes'>;
  readonly imageBytes: number;
  readonly anchors: number;
  readonly pairs: number;
  readonly rules: number;
  readonly active: number;
  /** Bytes of the ids, joined by line feeds. */
  readonly idsBytes: number;
  readonly everywhere: readonly number[];
  readonly reach: number;
  readonly needsLinear: boolean;
  readonly hash: string;
  /** Byte sets that the rules' records name by number. */
  readonly sets: readonly string[];
}

/** First bytes of a compiled rule set; the number changes with the layout. */
export const MAGIC = 'LKGATE03';

/** The next multiple of four: every part starts at one. */
export const pad4 = (length: number) => (length + 3) & ~3;

/** Reads what encodeRuleSet wrote. Throws TypeError when the bytes are something else. */
export const decodeRuleSet = (source: Uint8Array): RuleSet => {
  // Views on 32-bit words need an aligned start.
  const bytes =
    source.byteOffset % 4 === 0 ? Buffer.from(source.buffer, source.byteOffset, source.length) : Buffer.from(source);
  if (bytes.toString('latin1', 0, 8) !== MAGIC) throw new TypeError('not a compiled rule set');
  const textLength = bytes.readUInt32LE(8);
  const header = JSON.parse(bytes.toString('utf8', 12, 12 + textLength)) as RuleSetHeader;
  let at = bytes.byteOffset + 12 + pad4(textLength);
  const take = (length: number): number => {
    const start = at;
    at += pad4(length);
    return start;
  };
  const image = new Uint8Array(bytes.buffer, take(header.imageBytes), header.imageBytes);
  const ownerStarts = new Uint32Array(bytes.buffer, take((header.anchors + 1) * 4), header.anchors + 1);
  const ownerPairs = new Uint16Array(bytes.buffer, take(header.pairs * 4), header.pairs * 2);
  const idsAt = take(header.idsBytes) - bytes.byteOffset;
  const recordStarts = new Uint32Array(bytes.buffer, take((header.rules + 1) * 4), header.rules + 1);
  const recordsAt = at - bytes.byteOffset;
  const decoded = new Map<number, CompiledRule>();
  const rule = (index: number): CompiledRule => {
    const known = decoded.get(index);
    if (known) return known;
    const text = bytes.toString('utf8', recordsAt + recordStarts[index]!, recordsAt + recordStarts[index + 1]!);
    const parsed = unpackRule(text, header.sets);
    decoded.set(index, parsed);
    return parsed;
  };
  let ids: readonly string[] | undefined;
  const allIds = (): readonly string[] => {
    ids ??= bytes.toString('latin1', idsAt, idsAt + header.idsBytes).split('\n');
    return ids;
  };
  let numbers: ReadonlyMap<string, number> | undefined;
  const indexOf = (id: string): number => {
    numbers ??= new Map(allIds().map((one, index) => [one, index]));
    return numbers.get(id) ?? -1;
  };
  return {
    size: header.rules,
    active: header.active,
    get ids() {
      return allIds();
    },
    indexOf,
    ruleNamed: (id) => {
      const index = indexOf(id);
      return index < 0 ? undefined : rule(index);
    },
    image: { ...header.image, bytes: image },
    hash: header.hash,
    everywhere: header.everywhere,
    reach: header.reach,
    needsLinear: header.needsLinear,
    rule,
    anchorRules: (anchor) => ownerPairs.subarray(ownerStarts[anchor]! * 2, ownerStarts[anchor + 1]! * 2),
  };
};
