import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random characters of an alphabet. */
export const random = (length: number, alphabet = BASE62): string =>
  Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]!).join('');

/** Another character in place of the one at `at`: base62 for base62. */
export function changeAt(text: string, at: number): string {
  const index = at < 0 ? text.length + at : at;
  const other = text[index] === 'b' ? 'c' : text[index] === '2' ? '3' : /[0-9]/.test(text[index]!) ? '2' : 'b';
  return (
    text.slice(0, index) +
    (/[A-Z]/.test(text[index]!) ? (text[index] === 'B' ? 'C' : 'B') : other) +
    text.slice(index + 1)
  );
}

/** CRC-32 by zlib, an implementation that is not ours. */
export const crc = (text: string): number => crc32(Buffer.from(text, 'latin1'));

export const crcHex = (text: string): string => crc(text).toString(16).padStart(8, '0');

/** Six base62 digits, most significant first. */
export function crc62(text: string): string {
  let value = BigInt(crc(text));
  let digits = '';
  for (let place = 0; place < 6; place++) {
    digits = BASE62[Number(value % 62n)]! + digits;
    value /= 62n;
  }
  return digits;
}

const reverseBytes = (hex: string): string => hex.match(/../g)!.reverse().join('');

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Makes a valid token of each family that closes with a CRC-32, from the description of the family. */
export const CRC_TOKENS: Readonly<Record<string, readonly [string, () => string]>> = {
  'GitHub personal': ['crc32-base62-tail', () => closed62('gh' + 'p_', random(30))],
  'GitHub refresh': ['crc32-base62-tail', () => closed62('gh' + 'r_', random(70))],
  npm: ['crc32-base62-tail', () => closed62('np' + 'm_', random(30))],
  Polar: ['crc32-base62-tail', () => closed62('polar_at_u_', random(37))],
  SaladCloud: ['crc32-base62-tail', () => closed62('salad_cloud_user_', random(43))],
  JSR: ['crc32-base62-tail-with-prefix', () => withPrefix(`jsrp_${random(29)}`)],
  'Weights & Biases': ['crc32-base62-tail-with-prefix', () => withPrefix(`wandb_v1_${random(27)}_${random(43)}`)],
  Synapse: [
    'crc32-base62-tail-with-prefix',
    () => {
      const body = `syt_${Buffer.from('someone').toString('base64url')}_${random(20)}`;
      return `${body}_${crc62(body)}`;
    },
  ],
  'Matrix Authentication Service': [
    'crc32-base62-tail-with-prefix-lsd',
    () => {
      const body = `mat_${random(30)}`;
      const digits = [...crc62(body).replace(/^0+/, '')].reverse().join('').padStart(6, '0');
      return `${body}_${digits}`;
    },
  ],
  Vercel: ['vercel-crc32', () => closed62('vcp_', random(50))],
  Grafana: [
    'grafana-crc32',
    () => {
      const body = `glsa_${random(32)}`;
      return `${body}_${reverseBytes(crcHex(body))}`;
    },
  ],
  Atlassian: [
    'atlassian-crc32',
    () => {
      const body = `${'ATA' + 'TT3xFfG'}${random(171)}=`;
      return body + crcHex(body).toUpperCase();
    },
  ],
  Confluent: [
    'confluent-crc32',
    () => {
      const body = random(54);
      return `cflt${body}${Buffer.from(reverseBytes(crcHex(body)), 'hex')
        .toString('base64')
        .slice(0, 6)}`;
    },
  ],
  Zuplo: [
    'zuplo-crc32',
    () => {
      const body = random(32, BASE36);
      return `zpka_${body}_${crcHex(body)}`;
    },
  ],
  Sanctum: [
    'sanctum-crc32',
    () => {
      const body = random(40);
      return `17|${body}${crcHex(body)}`;
    },
  ],
  SmartCaptcha: [
    'crc32-hex-tail',
    () => {
      const body = `ysc2_${random(40)}`;
      return body + crcHex(body);
    },
  ],
  'GitLab routable': [
    'gitlab-routable',
    () => {
      const payload = Buffer.concat([Buffer.from('o:1\nu:5z\n'), randomBytes(16), Buffer.from([16])]).toString(
        'base64url',
      );
      const body = `${'gl' + 'pat-'}${payload}.01.${payload.length.toString(36).padStart(2, '0')}`;
      return body + crc(body).toString(36).padStart(7, '0');
    },
  ],
};

function closed62(prefix: string, body: string): string {
  return prefix + body + crc62(body);
}

function withPrefix(body: string): string {
  return body + crc62(body);
}
