import { createHash } from 'node:crypto';
import { buildImage, type KernelAnchor } from '../kernel/image.ts';
import { createSetTable, packRule } from './record.ts';
import { type CompiledRule, SECTION_REACH } from './rule.ts';
import { MAGIC, pad4, type RuleSetHeader } from './ruleset.ts';

/** Serialises compiled rules together with the kernel's tables for those that are not optional. `decodeRuleSet` reads it back. */
export const encodeRuleSet = (rules: readonly CompiledRule[]): Buffer => {
  const { anchors, owners } = collectAnchors(rules);
  const image = buildImage(anchors);
  const table = createSetTable();
  const records = rules.map((rule) => Buffer.from(packRule(rule, table)));
  const ids = Buffer.from(rules.map(({ facts }) => facts.id).join('\n'), 'latin1');
  const pairs = owners.reduce((sum, list) => sum + list.length, 0);
  const { bytes, ...addresses } = image;
  const header: RuleSetHeader = {
    image: addresses,
    imageBytes: bytes.length,
    anchors: anchors.length,
    pairs,
    rules: rules.length,
    active: rules.filter(({ optional }) => !optional).length,
    idsBytes: ids.length,
    everywhere: rules.flatMap((rule, index) => (rule.mode === 'everywhere' && !rule.optional ? [index] : [])),
    reach: rules.reduce((most, rule) => Math.max(most, reachOf(rule)), 0),
    needsLinear: rules.some(({ engine, optional }) => engine === 're2' && !optional),
    hash: createHash('sha256').update(Buffer.concat(records)).update(table.sets.join('')).digest('hex').slice(0, 32),
    sets: table.sets,
  };
  return assemble(header, bytes, owners, ids, records);
};

/** Bytes on either side of an anchor that decide on a match. */
export const reachOf = ({ mode, maxLength, within }: CompiledRule): number =>
  maxLength + (mode === 'context' ? Math.max(within + LONGEST_WORD, SECTION_REACH) : within);

/** Words reach a little further for the longer ones that they stand for. */
const LONGEST_WORD = 64;

const collectAnchors = (rules: readonly CompiledRule[]) => {
  const anchors: KernelAnchor[] = [];
  const owners: [rule: number, anchor: number][][] = [];
  const known = new Map<string, number>();
  rules.forEach((rule, ruleIndex) => {
    if (rule.optional) return;
    rule.anchors.forEach(({ literal, nocase, test, maxOffset }, anchorIndex) => {
      const startsToken =
        rule.mode === 'form' && rule.boundary === 'token' && maxOffset === 0 && /^[A-Za-z0-9]/.test(literal);
      const key = JSON.stringify([literal, nocase, test, startsToken]);
      let index = known.get(key);
      if (index === undefined) {
        index = anchors.push({ literal, nocase, test, startsToken }) - 1;
        known.set(key, index);
        owners.push([]);
      }
      owners[index]!.push([ruleIndex, anchorIndex]);
    });
  });
  return { anchors, owners };
};

const assemble = (
  header: RuleSetHeader,
  image: Uint8Array,
  owners: readonly (readonly [number, number])[][],
  ids: Uint8Array,
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
    padded(ids),
    raw(recordStarts),
    ...records,
  ]);
};
