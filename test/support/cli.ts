import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command. LEAKGATE_TEST_MAIN names another one, such as that of an installed package. */
export const MAIN = process.env.LEAKGATE_TEST_MAIN ?? fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface CliOptions {
  readonly cwd?: string;
  /** Added to the environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: Buffer | string;
  /** Put before `node main.js …`, for example to run it as another user. */
  readonly wrapper?: readonly string[];
  /** Called once the process runs. */
  readonly onStart?: (child: ChildProcess) => void;
}

export interface CliResult {
  /** Undefined when a signal ended the process. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of the tests without what would change colours or a fingerprint. */
const cleanEnvironment = (): NodeJS.ProcessEnv => {
  const { NO_COLOR: _a, FORCE_COLOR: _b, LEAKGATE_FINGERPRINT_KEY: _c, ...rest } = process.env;
  return rest;
};

/** Runs the built command as a user would and waits for its end. Never throws on an exit code. */
export const leakgate = (args: readonly string[], options: CliOptions = {}): Promise<CliResult> => {
  const [command = '', ...rest] = [...(options.wrapper ?? []), process.execPath, MAIN, ...args];
  const env: NodeJS.ProcessEnv = { ...cleanEnvironment(), ...options.env };
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { ...(options.cwd ? { cwd: options.cwd } : {}), env });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({
        code: code ?? undefined,
        stdout: Buffer.concat(stdout).toString('utf8'),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
    // A command that does not read its input closes it: no failure of the test.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    options.onStart?.(child);
  });
};

/** What the tests look at in a JSON report. */
export interface JsonReport {
  readonly findings: readonly {
    readonly fingerprint: string;
    readonly rule: { readonly id: string };
    readonly status: string;
    readonly blocking: boolean;
    readonly redacted: string;
    readonly secret?: string;
    readonly occurrences: readonly {
      readonly origin: { readonly type: string; readonly oid?: string };
      readonly path?: string;
      readonly uri: string;
      readonly region: { readonly startLine: number; readonly startColumn: number; readonly byteStart: number };
      readonly chain: readonly string[];
      readonly commit?: { readonly oid: string };
      readonly reach?: string;
      readonly introduced?: boolean;
    }[];
  }[];
  readonly receipt: {
    readonly items: number;
    readonly bytes: number;
    readonly complete: boolean;
    readonly interrupted: boolean;
    readonly skippedCounts: Readonly<Record<string, number>>;
    readonly skipped: readonly { readonly reason: string; readonly where: string; readonly detail?: string }[];
    readonly dropped: Readonly<Record<string, number>>;
  };
  readonly gate: { readonly blocking: number; readonly exitCode: number };
}

/** As `leakgate`, with the JSON report read from standard output. Throws with standard error when there is none. */
export const leakgateJson = async (
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult & { readonly report: JsonReport }> => {
  const result = await leakgate([...args, '--format', 'json'], options);
  if (result.stdout === '') throw new Error(`no report, exit code ${result.code}: ${result.stderr}`);
  return { ...result, report: JSON.parse(result.stdout) as JsonReport };
};

/** The findings as short lines: `rule-id path:line`, sorted. */
export const foundAt = ({ findings }: JsonReport): string[] =>
  findings
    .flatMap(({ rule, occurrences }) =>
      occurrences.map(({ path, origin, region }) => `${rule.id} ${path ?? origin.type}:${region.startLine}`),
    )
    .sort();
