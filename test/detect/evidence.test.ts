import { describe, expect, it } from 'vitest';
import { evidenceOf, weighed } from '../../src/detect/evidence.ts';

describe('a value behind a context word', () => {
  it.each([
    ['an environment variable', 'ACME_API_KEY='],
    ['a quoted name', '"acmeToken": "'],
    ['a shell export', 'export ACME_SECRET="'],
    ['a typed constant', 'const acmeToken: string = "'],
    ['an assignment with :=', 'acmeKey := "'],
    ['an arrow of PHP', "'acme_password' => '"],
    ['a default of Ruby', "ENV['ACME_TOKEN'] ||= '"],
    ['a call around it', 'acmeKey = Buffer.from("'],
    ['a header', 'Acme-Authorization: Bearer '],
    ['a command-line option', 'acme --token '],
    ['an XML attribute', '<add key="acmeApiKey" value="'],
    ['a variable of Terraform', 'variable "acme_api_key" { default = "'],
    ['a name that says credential, behind the word', 'acme: { user: 1, token: "'],
  ])('is given to a name that says credential: %s', (_, before) => {
    expect(evidenceOf(before, 'acme')).toBe('given');
  });

  it.each(['acme = "', 'ACME: ', 'acme_id="', 'acme(', "'my-acme' => '"])(
    'is given to the word itself, or to a name with it: %j',
    (before) => {
      expect(evidenceOf(before, 'acme')).toBe('direct');
    },
  );

  it.each(['acme is at https://', 'acme, see ', 'acme/', 'acme="a" build = ', '<param name="acme" value="', 'acme #'])(
    'merely has it near: %j',
    (before) => {
      expect(evidenceOf(before, 'acme')).toBe('near');
    },
  );

  it('may have the word in any spelling', () => {
    for (const before of ['billing-host = ', 'BillingHost=', 'billing_host: '])
      expect(evidenceOf(before, 'billing_host'), before).toBe('direct');
  });
});

describe('the confidence of a context rule', () => {
  it('is at least medium for what is given to a credential or stands beside its id', () => {
    for (const evidence of ['given', 'beside'] as const)
      expect((['low', 'medium', 'high'] as const).map((one) => weighed(one, evidence))).toEqual([
        'medium',
        'medium',
        'high',
      ]);
  });

  it('is that of the rule for what is given to the word, and a step less for what is near', () => {
    const all = ['low', 'medium', 'high'] as const;
    expect(all.map((one) => weighed(one, 'direct'))).toEqual(all);
    expect(all.map((one) => weighed(one, 'near'))).toEqual(['low', 'low', 'medium']);
  });
});
