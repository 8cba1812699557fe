import { type Draft, type Refusal, utf8Of } from './finding-draft.ts';
import { placeholderReason } from './judge/placeholder.ts';
import { referenceReason } from './judge/reference.ts';
import { type Layer, textOf } from './layer.ts';
import type { CompiledRule } from './rules/rule.ts';

/** A manifest is read this far to either side of its `kind: Secret`. */
export const MANIFEST_REACH = 65536;
const MIN_SECRET = 6;

/** One entry of `data` (base64) or `stringData` (plain), with offsets of the value as written. */
interface Entry {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly encoded: boolean;
}

const KEY = /^([ \t]*)(?:"([^"\n]{1,253})"|'([^'\n]{1,253})'|([A-Za-z0-9._-]{1,253}))[ \t]*:[ \t]*(.*)$/;

/** What follows `kind: Secret` in the name of another kind (SecretStore, SecretProviderClass). */
const OTHER_KIND = /^(?!List\b)\w/;

/**
 * The stretch of the manifest that `kind: Secret` at [at, end) speaks of: to the next such mark on either side, or to a
 * `---` line. Searches no further than the neighbouring mark, so that many marks cost no more than few.
 */
const manifestAround = (bytes: Buffer, at: number, end: number): [number, number] => {
  const mark = bytes.subarray(at, end);
  const lowest = Math.max(0, at - MANIFEST_REACH);
  const previous = bytes.subarray(lowest, at).lastIndexOf(mark);
  const low = previous < 0 ? lowest : lowest + previous + mark.length;
  const opened = bytes.subarray(low, at).lastIndexOf('\n---');
  const highest = Math.min(bytes.length, end + MANIFEST_REACH);
  const next = bytes.subarray(end, highest).indexOf(mark);
  const high = next < 0 ? highest : end + next;
  const closed = bytes.subarray(end, high).indexOf('\n---');
  return [opened < 0 ? low : low + opened + 1, closed < 0 ? high : end + closed];
};

/** Lines of the block maps `data:` and `stringData:`. Flow maps and JSON are read line by line too, as they are printed. */
const readEntries = (text: string): Entry[] => {
  const entries: Entry[] = [];
  let block: { indent: number; encoded: boolean } | undefined;
  for (let start = 0; start < text.length; ) {
    let stop = text.indexOf('\n', start);
    if (stop < 0) stop = text.length;
    const line = text.slice(start, text[stop - 1] === '\r' ? stop - 1 : stop);
    const found = KEY.exec(line);
    if (found) {
      const indent = found[1]!.length;
      const key = found[2] ?? found[3] ?? found[4] ?? '';
      if (key === 'data' || key === 'stringData') block = { indent, encoded: key === 'data' };
      else if (block && indent <= block.indent) block = undefined;
      else if (block) {
        const value = valueSpan(line, line.length - found[5]!.length);
        if (value) entries.push({ key, start: start + value[0], end: start + value[1], encoded: block.encoded });
      }
    }
    start = stop + 1;
  }
  return entries;
};

/** What may follow a value: a comma, a comment. */
const TAIL = /[ \t]*(?:,[ \t]*)?(?:$|(?<=[ \t])#.*$)/y;

/** The value on a line without quotes, trailing comma and comment. Each place is looked at once: lines may be long. */
const valueSpan = (line: string, from: number): [number, number] | undefined => {
  const quote = line[from];
  if (quote === '"' || quote === "'") {
    for (let close = line.indexOf(quote, from + 1); close >= 0; close = line.indexOf(quote, close + 1)) {
      TAIL.lastIndex = close + 1;
      if (TAIL.test(line)) return close > from + 1 ? [from + 1, close] : undefined;
    }
  }
  const comment = line.slice(from).search(/[ \t]#/);
  const last = blanksBefore(line, from, comment < 0 ? line.length : from + comment);
  const end = last > from && line[last - 1] === ',' ? blanksBefore(line, from, last - 1) : last;
  return end > from ? [from, end] : undefined;
};

/** Where the blanks begin that end at `end`. */
const blanksBefore = (line: string, from: number, end: number): number => {
  let at = end;
  while (at > from && (line[at - 1] === ' ' || line[at - 1] === '\t')) at--;
  return at;
};

/** Values that Secrets carry beside secrets: names, addresses, public certificates. */
const isHarmlessKey = (key: string): boolean =>
  /(?:^|[._-])(?:user(?:name)?|name|namespace|host(?:name)?|port|endpoint|region|bucket|database|db|url|ca|crt|cert|pub|enabled|type)(?:$|[._-])/i.test(
    key.replace(/([a-z])([A-Z])/g, '$1_$2'),
  ) && !/passw|secret|token|key$/i.test(key);

/** Reads the values of a Kubernetes Secret manifest (kubernetes.io: Secret v1, `data` is base64, `stringData` is plain). */
export const readKubernetesSecret = (
  rule: CompiledRule,
  layer: Layer,
  at: number,
  end: number,
): (Draft | Refusal)[] => {
  if (OTHER_KIND.test(textOf(layer, end, end + 5))) return [];
  const [from, to] = manifestAround(layer.bytes(), at, end);
  const text = textOf(layer, from, to);
  return readEntries(text).flatMap((entry): (Draft | Refusal)[] => {
    const span = { start: from + entry.start, end: from + entry.end };
    const written = text.slice(entry.start, entry.end);
    const value = entry.encoded ? decodeValue(written) : written;
    if (value === undefined) return [{ ...span, refused: 'not base64' }];
    if (isHarmlessKey(entry.key)) return [{ ...span, refused: 'its name is not that of a secret' }];
    const refused =
      placeholderReason(value) ??
      referenceReason(value) ??
      (value.length < MIN_SECRET ? 'too short to be a secret' : undefined);
    if (refused) return [{ ...span, refused }];
    const secret = utf8Of(value);
    return [
      {
        ...span,
        secret,
        identity: secret.trim(),
        confidence: rule.facts.confidence,
        severity: rule.facts.severity,
        proof: 'not applicable',
        reasons: ['it is a value of a Kubernetes Secret'],
        details: { name: entry.key },
        chain: entry.encoded ? [...layer.chain, 'base64'] : layer.chain,
      },
    ];
  });
};

/** The bytes that strict base64 stands for, as Latin-1 characters; undefined when it is none. */
const decodeValue = (written: string): string | undefined => {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(written)) return undefined;
  return Buffer.from(written, 'base64').toString('latin1');
};
