import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/report/steps.ts';
import { ruleFacts } from '../findings/sample.ts';

const stepsFor = (name: string) => stepsOf({ ...ruleFacts('acme'), name });

describe('what to do about a leak', () => {
  it('is what the rule says', () => {
    const remediation = { steps: ['Ask the bank'] };
    expect(stepsOf({ ...ruleFacts('acme'), name: 'Acme password', remediation })).toEqual(['Ask the bank']);
  });

  it('is what helps against a leak of its kind when the rule says nothing, or only where to revoke it', () => {
    const revoke = { revoke: 'https://acme.test/keys' };
    const own = stepsOf({ ...ruleFacts('acme'), name: 'Acme password', remediation: revoke });
    expect(own).toEqual(stepsFor('Acme password'));
    expect(stepsOf({ ...ruleFacts('acme'), name: 'Acme password', remediation: { steps: [] } })).toEqual(own);
  });

  it.each([
    ['Acme signing private key', /key pair/],
    ['Acme incoming webhook URL', /whoever knows the address can post/],
    ['Acme webhook secret', /Rotate the signing secret on both sides/],
    ['Acme OAuth client secret', /second client secret/],
    ['Acme refresh token', /Revoke the grant/],
    ['Acme session cookie', /End the sessions/],
    ['Acme connection string', /Change the password of the account in it/],
    ['Acme user passphrase', /wherever else it is used/],
    ['Acme password hash', /Change the password/],
    ['Acme license key', /replace the licence key/],
    ['Acme API token', /fewest rights/],
  ])('%s', (name, step) => {
    const steps = stepsFor(name);
    expect(steps[0]).toMatch(step);
    expect(steps.length).toBeGreaterThan(1);
  });
});
