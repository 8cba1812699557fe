import { generateKeyPairSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { BASE62, between, HEX, mixedText, type Random, randomText, UPPER } from './random.ts';

/** Makers of credentials that look real. Each is put together from parts, so that no file holds one. */

/** Six base62 digits of a text's CRC-32, as GitHub and npm append them. */
const checksum = (text: string): string => {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < 6; i++) {
    digits = BASE62[rest % 62]! + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
};

/** A classic personal access token of GitHub with a valid checksum. */
export const githubToken = (random: Random): string => {
  const body = mixedText(random, 30);
  return `gh${'p_'}${body}${checksum(body)}`;
};

/** An access token of npm with a valid checksum. */
export const npmToken = (random: Random): string => {
  const body = mixedText(random, 30);
  return `npm${'_'}${body}${checksum(body)}`;
};

export const stripeKey = (random: Random): string => `sk${'_live_'}${mixedText(random, 24)}`;

/** The id of an access key of AWS; its digits encode no account. */
export const awsKeyId = (random: Random): string => `AK${'IA'}${randomText(random, 16, `${UPPER}234567`)}`;

export const slackToken = (random: Random): string =>
  `xo${'xb-'}${between(random, 1e11, 9e11)}-${between(random, 1e11, 9e11)}-${mixedText(random, 24)}`;

/** A password as people set it for a service: letters, digits and a sign, no words. */
export const password = (random: Random): string => `${mixedText(random, 9)}#${mixedText(random, 8)}`;

export const hexKey = (random: Random): string => randomText(random, 40, HEX);

const DASHES = '-'.repeat(5);

/** A fresh Ed25519 key in PKCS#8 PEM, lines without the last line end. */
export const ed25519Key = (): string =>
  (generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string).trimEnd();

/** A fresh EC key in SEC1 PEM. */
export const ecKey = (): string =>
  (
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'sec1' }) as string
  ).trimEnd();

/** A fresh 2048-bit RSA key in PKCS#1 PEM. Slow: make few. */
export const rsaKey = (): string =>
  (
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs1' }) as string
  ).trimEnd();

/** The first or last line of a private key. */
export const keyLine = (mark: 'BEGIN' | 'END', kind = ''): string =>
  `${DASHES}${mark} ${kind ? `${kind} ` : ''}${'PRIVATE'} KEY${DASHES}`;
