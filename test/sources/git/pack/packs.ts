import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createVersionScanner } from '../../../../src/detect/versions/versions.ts';
import { packJobs } from '../../../../src/scan/pack-jobs.ts';
import { walkPiece } from '../../../../src/scan/walk-piece.ts';
import { oidAt } from '../../../../src/sources/git/pack/pack-index.ts';
import { type Snapshot, takeSnapshot } from '../../../../src/sources/git/pack/snapshot.ts';
import { detectorOn, ruleSetOf, ruleSource } from '../../../support/detector.ts';
import type { TestRepository } from '../../../support/git.ts';

const versions = createVersionScanner(detectorOn(ruleSetOf(ruleSource({ id: 'one', shape: "'one_' hex{8}" }))), {
  spare: 1 << 20,
  room: 64 << 20,
  longest: 0,
  isPlain: () => true,
});

export const snapshotOf = (dir: string): Snapshot => {
  const snapshot = takeSnapshot({ objectsDir: join(dir, '.git/objects'), objectFormat: 'sha1' });
  if (!snapshot) throw new Error('git has to list the objects');
  return snapshot;
};

/** What packs give without git: contents by id, ids that they can't give, and ids that are in no pack. */
export const readPacks = (dir: string, snapshot = snapshotOf(dir)) => {
  try {
    const contents = new Map<string, Buffer>();
    const unread: string[] = [];
    const { jobs, items } = packJobs(snapshot, undefined, false);
    for (const job of jobs) {
      if (job.type !== 'pack') continue;
      const { pack, ranks } = job;
      const oidOf = (rank: number) => oidAt(pack.index, pack.ids[rank]!);
      for (const rank of ranks) {
        const walk = walkPiece(
          pack,
          rank,
          versions,
          (entry, version) => {
            if (pack.wanted[entry] !== 1) return;
            if (contents.has(oidOf(entry))) throw new Error('an object was read twice');
            contents.set(oidOf(entry), Buffer.from(versions.bytes(version)));
          },
          (entry) => unread.push(oidOf(entry)),
        );
        for (const _ of walk);
      }
    }
    return { contents, unread, items, others: snapshot.others, closed: snapshot.closed, isListed: snapshot.isListed };
  } finally {
    snapshot.close();
  }
};

/** All blobs, commits and tags of a repository, as git prints them. */
export const readWithGit = async (repo: TestRepository): Promise<Map<string, Buffer>> => {
  const output = await repo.feed('', 'cat-file', '--batch-all-objects', '--batch', '--unordered');
  const contents = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    const [oid = '', type, size] = output.toString('latin1', at, end).split(' ');
    if (type !== 'tree') contents.set(oid, Buffer.from(output.subarray(end + 1, end + 1 + Number(size))));
    at = end + 2 + Number(size);
  }
  return contents;
};

export const packFiles = (repo: TestRepository, ending: string): string[] => {
  const dir = join(repo.dir, '.git/objects/pack');
  return readdirSync(dir)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(dir, name));
};
