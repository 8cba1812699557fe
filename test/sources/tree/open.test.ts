import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, closeSync, existsSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OpenFile, openForScan, readInto } from '../../../src/sources/tree/open.ts';
import type { Skipped } from '../../../src/types.ts';
import { canBeDenied, denied, makeTree } from './helpers.ts';

function opened(result: OpenFile | Skipped): OpenFile {
  if ('reason' in result) throw new Error(`skipped: ${result.reason}`);
  onTestFinished(() => closeSync(result.fd));
  return result;
}

describe('openForScan', () => {
  it('opens a regular file and tells its size', () => {
    const root = makeTree({ 'a b': 'twelve bytes' });
    expect(opened(openForScan(join(root, 'a b'), 'a b')).size).toBe(12);
    expect(opened(openForScan(Buffer.from(join(root, 'a b')), 'a b')).size).toBe(12);
  });

  it('does not follow a symbolic link', () => {
    const root = makeTree({ target: '' });
    symlinkSync('target', join(root, 'link'));
    expect(openForScan(join(root, 'link'), 'link')).toEqual({
      reason: 'symlink',
      where: 'link',
      incomplete: false,
      detail: 'symbolic links are not followed',
    });
  });

  it.skipIf(process.platform === 'win32')(
    'neither waits for a named pipe nor reads directories, sockets and devices',
    async () => {
      const root = makeTree();
      execFileSync('mkfifo', [join(root, 'pipe')]);
      const server = createServer();
      await new Promise<void>((done) => server.listen(join(root, 'socket'), done));
      onTestFinished(() => new Promise<void>((done) => server.close(() => done())));
      const details = [join(root, 'pipe'), join(root, 'socket'), root, '/dev/zero'].map((file) =>
        openForScan(file, 'x'),
      );
      expect(details).toMatchObject([
        { reason: 'special file', detail: 'a named pipe', incomplete: false },
        { reason: 'special file', detail: 'a socket or device', incomplete: false },
        { reason: 'special file', detail: 'a directory', incomplete: false },
        { reason: 'special file', detail: 'a device', incomplete: false },
      ]);
    },
  );

  it('calls a file that is gone not on disk', () => {
    const root = makeTree({ file: '' });
    expect(openForScan(join(root, 'gone'), 'gone')).toMatchObject({ reason: 'not on disk', incomplete: false });
    expect(openForScan(join(root, 'file/gone'), 'gone')).toMatchObject({ reason: 'not on disk', incomplete: false });
  });

  it.skipIf(!canBeDenied)('calls a file that may not be read a gap, in plain words', async () => {
    const root = makeTree({ locked: '' });
    chmodSync(join(root, 'locked'), 0);
    expect(await denied(root, () => openForScan(join(root, 'locked'), 'locked'))).toEqual({
      reason: 'unreadable file',
      where: 'locked',
      incomplete: true,
      detail: 'permission denied',
    });
  });
});

describe('readInto', () => {
  it('reads on from where it stopped, to the place it is told, until the file ends', () => {
    const root = makeTree({ file: 'abcdefgh' });
    const { fd } = opened(openForScan(join(root, 'file'), 'file'));
    const target = Buffer.alloc(8, '.');
    expect(readInto(fd, target, 2, 5, 'file')).toBe(5);
    expect(target.toString()).toBe('..abcde.');
    expect(readInto(fd, target, 0, 8, 'file')).toBe(3);
    expect(target.toString()).toBe('fghbcde.');
    expect(readInto(fd, target, 0, 8, 'file')).toBe(0);
    appendFileSync(join(root, 'file'), 'ij');
    expect(readInto(fd, target, 0, 8, 'file')).toBe(2);
  });

  it.skipIf(!existsSync('/proc/self/mem'))('reports a read error as a gap', () => {
    const { fd } = opened(openForScan('/proc/self/mem', 'mem'));
    expect(readInto(fd, Buffer.alloc(8), 0, 8, 'mem')).toEqual({
      reason: 'unreadable file',
      where: 'mem',
      incomplete: true,
      detail: 'input/output error',
    });
  });
});
