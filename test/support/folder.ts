import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

export interface TestFolder {
  readonly dir: string;
  path(name: string): string;
  write(name: string, bytes: Buffer | string): string;
  remove(): void;
}

/** Makes a folder in a temporary directory, outside of any repository, with the files given. */
export const makeFolder = (files: Readonly<Record<string, Buffer | string>> = {}): TestFolder => {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'leakgate-dir-')));
  const write = (name: string, bytes: Buffer | string) => {
    const file = join(dir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    return file;
  };
  for (const [name, bytes] of Object.entries(files)) write(name, bytes);
  return {
    dir,
    path: (name) => join(dir, name),
    write,
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 3 }),
  };
};

/** Makes folders that are gone after each test of the file that calls this. */
export const folderMaker = (): ((files?: Readonly<Record<string, string>>) => TestFolder) => {
  const folders: TestFolder[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) folder.remove();
  });
  return (files = {}) => {
    const folder = makeFolder(files);
    folders.push(folder);
    return folder;
  };
};
