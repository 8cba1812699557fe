/** The forms in which private keys turn up in files and logs. Each takes a key's lines, header and END included. */
export type Wrapping = (lines: readonly string[]) => string;

const each =
  (one: (line: string, index: number) => string, joint = '\n'): Wrapping =>
  (lines) =>
    lines.map(one).join(joint);

const seconds = (index: number): string => String(index % 60).padStart(2, '0');

export const WRAPPINGS: Readonly<Record<string, Wrapping>> = {
  'plain lines': each((line) => line),
  'CRLF lines': each((line) => line, '\r\n'),
  'lone carriage returns': each((line) => line, '\r'),
  'a JSON value': (lines) => `{"a": "b", "key": "${lines.join('\\n')}\\n", "next": "abcdefghijklmnop"}`,
  'a JSON value with CRLF': (lines) => `{"key": "${lines.join('\\r\\n')}\\r\\n"}`,
  'JSON inside JSON': (lines) => `{"body": "{\\"key\\": \\"${lines.join('\\\\n')}\\\\n\\"}"}`,
  'JSON three deep': (lines) => `"${lines.join('\\\\\\\\n')}"`,
  'JSON with escaped slashes': (lines) => `{"key": "${lines.join('\\n').replaceAll('/', '\\/')}"}`,
  'JSON with escaped signs': (lines) =>
    `{"key": "${lines.map((line) => (line.includes(' ') ? line : line.replaceAll('+', '\\u002b').replaceAll('=', '\\u003d'))).join('\\u000a')}"}`,
  'JavaScript concatenation': each((line) => `  '${line}\\n' +`),
  'JavaScript concatenation, sign first': each((line, index) => `${index === 0 ? 'const key = ' : '  + '}"${line}\\n"`),
  'concatenation on one line': each((line) => `"${line}\\n"`, ' + '),
  'tight concatenation on one line': each((line) => `'${line}\\n'`, '+'),
  'an array that is joined': (lines) => `[\n${lines.map((line) => `    "${line}",`).join('\n')}\n].join("\\n")`,
  'a StringBuilder': each((line) => `sb.append("${line}\\n");`),
  'an operator with assignment': each((line) => `$key .= '${line}' . "\\n";`),
  'adding to a variable': each((line, index) => (index === 0 ? `pem = "${line}\\n"` : `pem += "${line}\\n"`)),
  'strings in a C array': each((line) => `"${line}\\r\\n"`),
  'a shell heredoc, indented': each((line) => `        ${line}`),
  'tab indentation': each((line) => `\t\t${line}`),
  'a YAML block': (lines) => `key: |\n${lines.map((line) => `  ${line}`).join('\n')}\nother: 1\n`,
  'a YAML double-quoted value': (lines) => `key: "${lines.join('\\n\\\n  ')}"`,
  'hash comments': each((line) => `# ${line}`),
  'glued hash comments': each((line) => `#${line}`),
  'slash comments': each((line) => `// ${line}`),
  'glued slash comments': each((line) => `//${line}`),
  'a block comment': (lines) => `/**\n${lines.map((line) => ` * ${line}`).join('\n')}\n */`,
  'a quoted mail': each((line) => `> ${line}`),
  'a Markdown table column': each((line) => `| ${line} |`),
  'an added diff': each((line) => `+${line}`),
  'a removed diff': each((line) => `-${line}`),
  'a diff of YAML': each((line) => `+    ${line}`),
  'GitHub Actions log': each((line, index) => `2026-06-20T09:27:${seconds(index)}.8718342Z ${line}`),
  'GitHub Actions log of an assignment': (lines) =>
    lines
      .map(
        (line, index) =>
          `2026-06-20T09:27:${seconds(index)}.${8718342 + index}Z ${index === 0 ? '  KEY: ' : ''}${line}`,
      )
      .join('\n'),
  'GitLab log': each((line, index) => `2024-06-12T10:27:${seconds(index)}.765080Z 00O ${line}`),
  'GitLab log of an assignment': (lines) =>
    lines
      .map(
        (line, index) => `2024-06-12T10:27:${seconds(index)}.765080Z 01E ${index === 0 ? 'export KEY="' : ''}${line}`,
      )
      .join('\n'),
  'compose log': each((line) => `web-1  | ${line}`),
  'compose log, plain name': each((line) => `web1 | ${line}`),
  'compose log of an assignment': each((line, index) => `web1 | ${index === 0 ? 'key=' : ''}${line}`),
  'kubectl prefix': each((line) => `[pod/api-5d9f/api] ${line}`),
  'nanosecond times of varying length': each(
    (line, index) => `2026-06-20T09:27:${seconds(index)}.${'871834211'.slice(0, 1 + (index % 9))}Z ${line}`,
  ),
  'container runtime log': each((line, index) => `2026-06-20T09:27:${seconds(index)}.669794202+02:00 stdout F ${line}`),
  'BuildKit log': each((line, index) => `#7 0.${100 + index} ${line}`),
  'levelled log': each((line, index) => `2026-06-20 09:27:${seconds(index)},669 INFO ${line}`),
  'bracketed times': each((line, index) => `[2026-06-20 09:27:${seconds(index)}] ${line}`),
  syslog: each((line, index) => `Jun 20 09:27:${seconds(index)} host app[123]: ${line}`),
  'blanks for line breaks': each((line) => line, ' '),
  'blanks in a .env line': (lines) => `A=1\nPRIVATE_KEY="${lines.join(' ')}"\nB=2\n`,
  'no line breaks at all': each((line) => line, ''),
  'blank lines between': each((line) => line, '\n\n'),
  'HTML breaks': each((line) => line, '<br>'),
  'HTML breaks and lines': each((line) => line, '<br />\n'),
  'HTML entities': (lines) =>
    lines
      .map((line) =>
        line.includes(' ') ? line : line.replaceAll('+', '&#43;').replaceAll('/', '&#x2F;').replaceAll('=', '&equals;'),
      )
      .join('&#10;'),
  'marked-up code': each((line) => `<span class="hl-c1">${line}</span>`),
  'terminal colours': each((line) => `\x1b[33m${line}\x1b[0m`),
  XML: (lines) => `<key>${lines.join('\n')}</key>`,
};

/** The same key with its body wrapped at another width. */
export function rewrap(lines: readonly string[], width: number): string[] {
  const body = lines.slice(1, -1).join('');
  const rows = body.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
  return [lines[0]!, ...rows, lines.at(-1)!];
}
