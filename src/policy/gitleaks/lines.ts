/**
 * Where the tables and keys of a TOML file stand (https://toml.io/en/v1.0.0). The TOML parser gives no lines for values,
 * so the text is searched for headers and keys; what stands in strings of several lines and in comments is passed over.
 */
export interface Section {
  /** 1-based line of the header; of the file's root, 1. */
  readonly line: number;
  /** 1-based line of a key or of the first table below it, in any case; the section's own where it is not written out. */
  lineOf(key: string): number;
  /** The table of that name below this one; of several, the one at `index`. */
  child(key: string, index?: number): Section;
}

interface Entry extends Section {
  readonly keys: Map<string, number>;
  readonly children: Map<string, Entry[]>;
}

const HEADER = /^\s*\[\[?\s*([^[\]#]+?)\s*\]/;
const KEY = /^\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*[=.]/;
const STRING_OR_COMMENT = /'''|"""|'[^']*'|"(?:[^"\\]|\\.)*"|#.*/g;

/** Finds the sections of a TOML text. Never throws: what it does not find has the line of what it would stand in. */
export const sectionsOf = (text: string): Section => {
  const root = entryAt(1);
  let current = root;
  /** The quotes that end the string of several lines that a line begins in. */
  let open: string | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (open === undefined) {
      const header = HEADER.exec(line)?.[1];
      if (header !== undefined) current = addSection(root, partsOf(header), index + 1);
      else addKey(current, line, index + 1);
    }
    open = openAfter(line, open);
  }
  return root;
};

const partsOf = (header: string): string[] =>
  header.split('.').map((part) =>
    part
      .trim()
      .replace(/^["']|["']$/g, '')
      .toLowerCase(),
  );

const addKey = (section: Entry, line: string, number: number): void => {
  const match = KEY.exec(line);
  const key = (match?.[1] ?? match?.[2] ?? match?.[3])?.toLowerCase();
  if (key !== undefined && !section.keys.has(key)) section.keys.set(key, number);
};

const addSection = (root: Entry, parts: readonly string[], line: number): Entry => {
  let parent = root;
  for (const part of parts.slice(0, -1)) parent = parent.children.get(part)?.at(-1) ?? addChild(parent, part, line);
  return addChild(parent, parts.at(-1) ?? '', line);
};

const addChild = (parent: Entry, name: string, line: number): Entry => {
  const child = entryAt(line);
  const siblings = parent.children.get(name);
  if (siblings) siblings.push(child);
  else parent.children.set(name, [child]);
  return child;
};

const entryAt = (line: number): Entry => {
  const keys = new Map<string, number>();
  const children = new Map<string, Entry[]>();
  const lineOf = (key: string): number => {
    const name = key.toLowerCase();
    return keys.get(name) ?? children.get(name)?.[0]?.line ?? line;
  };
  return {
    line,
    keys,
    children,
    lineOf,
    child: (key, index = 0) => children.get(key.toLowerCase())?.[index] ?? entryAt(lineOf(key)),
  };
};

/** The quotes of the string of several lines that is open at the end of a line. */
const openAfter = (line: string, open: string | undefined): string | undefined => {
  let rest = line;
  if (open !== undefined) {
    const end = line.indexOf(open);
    if (end < 0) return open;
    rest = line.slice(end + 3);
  }
  STRING_OR_COMMENT.lastIndex = 0;
  for (let match = STRING_OR_COMMENT.exec(rest); match; match = STRING_OR_COMMENT.exec(rest)) {
    const [token] = match;
    if (token !== "'''" && token !== '"""') continue;
    const end = rest.indexOf(token, match.index + 3);
    if (end < 0) return token;
    STRING_OR_COMMENT.lastIndex = end + 3;
  }
  return undefined;
};
