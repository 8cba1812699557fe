// Renders measurements as Markdown.
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { firstLine } from './measure.mjs';

const MB = 1e6;

const duration = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(2)} s`);
const shown = (arg) => (/^[\w./=:@%+-]+$/.test(arg) ? arg : `'${arg}'`);
/** The command as it can be typed again: programs by name, this package's entry by its usual place. */
const commandLine = (args) =>
  args
    .map((arg) => (arg === process.execPath ? 'node' : arg.endsWith('/dist/main.js') ? 'dist/main.js' : shown(arg)))
    .join(' ')
    .replaceAll('|', '\\|');

/** One table: times, throughput over the bytes that leakgate read, and leakgate's time as a multiple of each. */
export const caseTable = ({ title, commands, receipt }, times, peak) => {
  const own = times[0].min;
  const rows = commands.map(({ label, args }, index) => {
    const { min, median, status } = times[index];
    const rate = receipt.bytes > MB ? `${(receipt.bytes / MB / (min / 1000)).toFixed(0)} MB/s` : '';
    const ratio = index === 0 ? '' : `${(own / min).toFixed(2)} ×`;
    const memory = index === 0 ? `${(peak / MB).toFixed(0)} MB` : '';
    return `| ${[label, `\`${commandLine(args)}\``, duration(min), duration(median), rate, ratio, memory, status].join(' | ')} |`;
  });
  return [
    `### ${title}: ${receipt.items} items, ${(receipt.bytes / MB).toFixed(1)} MB`,
    '',
    '| | Command | Least | Median | Rate | leakgate takes | Peak memory | Exit |',
    '|---|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
    '',
  ].join('\n');
};

/** What the figures were taken on. */
export const machine = (version, rounds) => {
  const [cpu] = cpus();
  const load = loadavg()
    .map((value) => value.toFixed(2))
    .join(' ');
  return [
    `- leakgate ${version}, node ${process.version}, ${firstLine('git', '--version') ?? 'no git'}, ${firstLine('rg', '--version') ?? 'no ripgrep'}`,
    `- ${cpu?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} threads, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${type()} ${release()}`,
    `- load before the first run: ${load} (1, 5, 15 minutes)`,
    `- least and median of ${rounds} rounds, commands in turn, caches warm; ${new Date().toISOString().slice(0, 10)}`,
    '',
  ].join('\n');
};
