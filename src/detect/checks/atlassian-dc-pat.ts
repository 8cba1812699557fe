import { type Check, NOT_APPLICABLE } from './check.ts';
import { decodeBase64 } from './codec.ts';

/**
 * Personal access tokens of Jira, Confluence, Bamboo and Bitbucket Data Center (`BBDC-` before it): 44 base64 characters of twelve
 * digits, a colon and 20 random bytes. Atlassian does not describe the form, so this can confirm a token but never refute one.
 */
export const atlassianDcPat: Check = (secret) => {
  const encoded = secret.replace(/^BBDC-/, '');
  const bytes = encoded.length === 44 ? decodeBase64(encoded) : undefined;
  const id = /^(\d{12}):/.exec(bytes?.toString('latin1', 0, 13) ?? '')?.[1];
  if (bytes?.length !== 33 || id === undefined) return NOT_APPLICABLE;
  return { proof: 'valid', details: { tokenId: id }, reason: 'it decodes to a token id and 20 bytes' };
};
