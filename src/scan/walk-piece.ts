import type { Version, VersionScanner } from '../detect/versions/versions.ts';
import { chainOf, wantedChildren, wantedFrom } from '../sources/git/pack/forest.ts';
import { readEntry } from '../sources/git/pack/read-entry.ts';
import { type PackTables, TYPE } from '../sources/git/pack/tables.ts';

/** An entry whose children are being read. */
interface Open {
  readonly version: Version;
  readonly children: readonly number[];
  next: number;
}

/** Entries between two looks at whether to go on. */
const ENTRIES_BETWEEN = 32;

/**
 * Walks a piece of a delta family depth first, so that each entry is inflated once; yields now and then, so that the walk can
 * be left. Memory is given back also then.
 * @param visit is given each entry that leads to something wanted, while its version is held
 * @param lost is given each wanted entry that can't be read here (damaged, too large), or is made from such a one
 */
export function* walkPiece(
  pack: PackTables,
  start: number,
  versions: VersionScanner,
  visit: (rank: number, version: Version) => void,
  lost: (rank: number) => void,
): Generator<void> {
  const open: Open[] = [];
  const giveUp = (from: number) => {
    for (const rank of wantedFrom(pack, from)) lost(rank);
  };
  const enter = (rank: number, version: Version, children: readonly number[]) => {
    visit(rank, version);
    if (children.length > 0) open.push({ version, children, next: 0 });
    else versions.release(version);
  };
  try {
    const first = firstOf(pack, start, versions);
    if (first) enter(start, first, wantedChildren(pack, start));
    else giveUp(start);
    let entries = 0;
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const child = top.children[top.next++]!;
      const children = wantedChildren(pack, child);
      const delta = readEntry(pack, child);
      const version = delta && versions.derive(top.version, delta, wantedOf(pack, child, children));
      // The last and heaviest child needs its base no longer: so few bases are held at a time.
      if (top.next === top.children.length) {
        open.pop();
        versions.release(top.version);
      }
      if (version === undefined || version === 'damaged') giveUp(child);
      else enter(child, version, children);
      if (++entries % ENTRIES_BETWEEN === 0) yield;
    }
  } finally {
    for (const { version } of open) versions.release(version);
  }
}

const wantedOf = ({ wanted, kinds }: PackTables, rank: number, children: readonly number[]) => ({
  scanned: wanted[rank] === 1 && kinds[rank] === TYPE.blob,
  isBase: children.length > 0,
});

/** The first entry of a piece: a whole object, or one made from all those before it in its chain. */
const firstOf = (pack: PackTables, start: number, versions: VersionScanner): Version | undefined => {
  let version: Version | undefined;
  for (const rank of chainOf(pack, start)) {
    const bytes = readEntry(pack, rank);
    const wanted = rank === start ? wantedOf(pack, rank, wantedChildren(pack, rank)) : { scanned: false, isBase: true };
    const made = bytes && (version ? versions.derive(version, bytes, wanted) : versions.whole(bytes, wanted));
    if (version) versions.release(version);
    if (made === undefined || made === 'damaged') return undefined;
    version = made;
  }
  return version;
};
