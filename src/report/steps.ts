import type { RuleFacts } from '../types.ts';

/** Steps for kinds of credentials, first match by the rule's name. A rule's own steps come before these. */
const STEPS: readonly (readonly [what: RegExp, steps: readonly string[]])[] = [
  [
    /private key|keystore|signing key pair/i,
    [
      'Make a new key pair and install its public half everywhere the old one is trusted',
      'Take the old public key out of authorized keys, certificates and settings',
      'Keep the new private key in a secret store or an agent, not in files of the project',
    ],
  ],
  [
    /webhook (?:url|address)|incoming webhook/i,
    [
      'Delete the webhook and make a new one: whoever knows the address can post',
      'Keep the address in a secret variable',
    ],
  ],
  [
    /webhook|signing secret|hmac|signature/i,
    [
      'Rotate the signing secret on both sides; until then anyone can forge signed messages',
      'Look through the events received since the day it leaked',
    ],
  ],
  [
    /client secret|consumer secret|app secret|application secret|oauth secret/i,
    [
      'Make a second client secret, deploy it, then delete the leaked one',
      'End the sessions and refresh tokens that were issued with it, if the provider allows',
      'Look for logins of the application that nobody can explain',
    ],
  ],
  [
    /refresh token/i,
    [
      'Revoke the grant of the user or application: that ends the refresh token and what it issued',
      'Authorise again, and keep the new token in a secret store',
    ],
  ],
  [
    /session|cookie|jwt|id token|oidc/i,
    ['End the sessions of the account', 'Look at what was done with them since the day it leaked'],
  ],
  [
    /connection string|url with|credentials in|dsn/i,
    [
      'Change the password of the account in it',
      'Let the network reach the service only from where it is used',
      'Read the connection string from a secret store',
    ],
  ],
  [
    /pass ?word|pass ?phrase|pin\b/i,
    [
      'Change the password, also wherever else it is used',
      'Keep the new one in a secret store',
      'Look at recent logins',
    ],
  ],
  [
    /hash\b/i,
    ['Change the password that it was made of: short ones are found by trying', 'Keep hashes out of the repository'],
  ],
  [/licen[cs]e/i, ['Ask the vendor to replace the licence key', 'Keep it in a secret variable']],
];

const ANY: readonly string[] = [
  'Make a new one with the fewest rights that the work needs, and deploy it',
  'Delete the leaked one, and look at what was done with it since the day it leaked',
  'Read it from the environment or a secret store instead of the code',
];

/** What to do about a leak of this rule's credential once it is revoked: the rule's own steps, else those of its kind. */
export const stepsOf = ({ name, remediation }: RuleFacts): readonly string[] =>
  remediation?.steps?.length ? remediation.steps : (STEPS.find(([what]) => what.test(name))?.[1] ?? ANY);
