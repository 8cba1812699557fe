import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

/** First millisecond of 2015 in Unix time: where Discord's ids start to count. */
const DISCORD_EPOCH = 1_420_070_400_000n;

/**
 * Discord tokens: base64 of the bot's (or user's) id in digits, a dot, the time, a dot, a signature. The id holds when the account was
 * made (https://docs.discord.com/developers/reference#snowflakes). The order of the parts is known from samples only, so this can
 * confirm a token but never refute one.
 */
export const discordSnowflake: Check = (secret) => {
  const first = /^([\w-]{23,28})\.[\w-]{6,7}\.[\w-]{27,40}$/.exec(secret)?.[1];
  const id = first === undefined ? undefined : decodeBase64(first)?.toString('latin1');
  if (id === undefined || !/^[1-9]\d{16,19}$/.test(id) || BigInt(id) >> 63n !== 0n) return NOT_APPLICABLE;
  const created = new Date(Number((BigInt(id) >> 22n) + DISCORD_EPOCH));
  return {
    proof: 'valid',
    details: { account: id, accountCreated: created.toISOString() },
    reason: 'its first part decodes to the id of a Discord account',
  };
};
