import type { CommitInfo } from '../../types.ts';
import { readObjects } from './cat-file.ts';
import type { Repository } from './repository.ts';

/** What a commit or tag object says of itself. Formats: git-hash-object(1), gitformat-signature(5). */
export interface ParsedMessage {
  /** Of a tag: the tagger's name and date. */
  readonly info: CommitInfo;
  /** Seconds since 1970 of the committer (or tagger); 0 when unreadable. */
  readonly time: number;
  readonly parents: readonly string[];
  /** Of a tag: its own name. */
  readonly tagName: string | undefined;
  /** Of a tag: the id of the object it points at. */
  readonly target: string | undefined;
}

interface Person {
  readonly name: string;
  readonly email: string;
  readonly time: number;
  readonly date: string;
}

const NOBODY: Person = { name: '', email: '', time: 0, date: '' };

/** Objects larger than this are not messages anyone wrote; what they say of themselves is left empty. */
const MESSAGE_BYTES = 16 << 20;

/** 0-based offset of the message in a commit or tag object: behind the first empty line. */
export function messageOffset(bytes: Buffer): number {
  const end = bytes.indexOf('\n\n');
  return end < 0 ? bytes.length : end + 2;
}

/** Parses a commit or tag object. Damaged parts come out empty; nothing is thrown. */
export function parseMessage(oid: string, bytes: Buffer): ParsedMessage {
  const start = messageOffset(bytes);
  const rawHeader = bytes.subarray(0, start);
  const encoding = /^encoding (.+)$/m.exec(rawHeader.toString('latin1'))?.[1];
  const headers = decode(rawHeader, encoding).split('\n');
  const value = (name: string) => headers.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1);
  const author = parsePerson(value('author') ?? value('tagger'));
  return {
    info: {
      oid,
      authorName: author.name,
      authorEmail: author.email,
      authorDate: author.date,
      subject: subjectOf(decode(bytes.subarray(start), encoding)),
    },
    time: parsePerson(value('committer') ?? value('tagger')).time,
    parents: headers.filter((line) => line.startsWith('parent ')).map((line) => line.slice(7)),
    tagName: value('tag'),
    target: value('object'),
  };
}

/** Reads and parses commits and tags. Objects that are missing, damaged or of another type are left out. */
export async function readMessages(
  repo: Pick<Repository, 'dir'>,
  oids: Iterable<string>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Map<string, ParsedMessage>> {
  const messages = new Map<string, ParsedMessage>();
  for await (const object of readObjects(repo, oids, { ...options, maxBytes: MESSAGE_BYTES })) {
    if ('bytes' in object && (object.type === 'commit' || object.type === 'tag')) {
      messages.set(object.oid, parseMessage(object.oid, object.bytes));
    }
  }
  return messages;
}

/** Author, date and subject of commits, by id. Commits that can't be read are left out. */
export async function commitInfos(
  repo: Pick<Repository, 'dir'>,
  oids: Iterable<string>,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Map<string, CommitInfo>> {
  const messages = await readMessages(repo, oids, options);
  return new Map([...messages].map(([oid, message]) => [oid, message.info]));
}

/** `Name <email> seconds zone`. */
function parsePerson(line: string | undefined): Person {
  const [, name = '', email = '', time = '', zone = ''] =
    /^(.*?) ?<([^>]*)>(?: +(\d+) +([+-]\d{4}))?/.exec(line ?? '') ?? [];
  if (time === '') return { ...NOBODY, name, email };
  return { name, email, time: Number(time), date: isoDate(Number(time), zone) };
}

/** ISO 8601 in the zone of the commit; empty when the time is beyond what a Date holds. */
function isoDate(seconds: number, zone: string): string {
  const sign = zone.startsWith('-') ? -1 : 1;
  const minutes = sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)));
  const date = new Date((seconds + minutes * 60) * 1000);
  if (Number.isNaN(date.getTime())) return '';
  return `${date.toISOString().slice(0, -5)}${zone.slice(0, 3)}:${zone.slice(3, 5)}`;
}

/** As git's %s: the first paragraph on one line. */
function subjectOf(message: string): string {
  const paragraph = message.replace(/^\s*\n/, '').split(/\n\s*\n/, 1)[0] ?? '';
  return paragraph
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** Decodes in the encoding the object names, else UTF-8, else Latin-1: never fails. */
function decode(bytes: Buffer, encoding: string | undefined): string {
  for (const label of encoding === undefined ? ['utf-8'] : [encoding.trim(), 'utf-8']) {
    try {
      return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // An unknown name or bytes that don't fit it: the next one is tried.
    }
  }
  return bytes.toString('latin1');
}
