/** The alphabet of Bitcoin, which Solana shares: no 0, O, I and l. */
export const BITCOIN = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** The alphabet of the XRP ledger. */
export const RIPPLE = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz';

/** Bytes of base58 text. Leading zero digits stand for leading zero bytes. The text must be of the alphabet. */
export function decodeBase58(text: string, alphabet: string): Buffer {
  let value = 0n;
  for (const letter of text) value = value * 58n + BigInt(alphabet.indexOf(letter));
  const hex = value === 0n ? '' : value.toString(16);
  const digits = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  let zeros = 0;
  while (text[zeros] === alphabet[0]) zeros++;
  return Buffer.concat([Buffer.alloc(zeros), digits]);
}

/** Base58 text of bytes, in Bitcoin's alphabet. */
export function encodeBase58(bytes: Uint8Array): string {
  let value = BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
  let text = '';
  for (; value > 0n; value /= 58n) text = BITCOIN[Number(value % 58n)]! + text;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return BITCOIN[0]!.repeat(zeros < 0 ? bytes.length : zeros) + text;
}
