/** Table of the reflected polynomial 0xEDB88320 (CRC-32/ISO-HDLC), built on first use. */
let table: Uint32Array | undefined;

function crcTable(): Uint32Array {
  if (table !== undefined) return table;
  const entries = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    entries[byte] = value >>> 0;
  }
  table = entries;
  return entries;
}

/** CRC-32/ISO-HDLC (the one of zlib and PNG) of latin1 text or bytes, as an unsigned 32-bit number. */
export function crc32(data: string | Uint8Array): number {
  const entries = crcTable();
  let crc = 0xffffffff;
  for (let at = 0; at < data.length; at++) {
    const byte = typeof data === 'string' ? data.charCodeAt(at) : data[at]!;
    crc = (crc >>> 8) ^ entries[(crc ^ byte) & 0xff]!;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** CRC-16/XMODEM (polynomial 0x1021, start 0), as used by NATS nkeys and Stellar. */
export function crc16(data: Uint8Array): number {
  let crc = 0;
  for (const byte of data) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
