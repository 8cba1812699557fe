import type { RuleSource } from './rule.ts';

/**
 * The ways people write a credential down. Every rule is tried in all that its form fits into, under the name that its
 * id makes (or `examples.variable`), so that rule files need to hold only what is special.
 */
export interface WrittenForm {
  /** What it is called in reports of the checker. */
  readonly name: string;
  /** `{{NAME}}`, `{{name}}`, `{{camel}}` and `{{kebab}}` spell the variable, `{{form}}` is the whole form. */
  readonly template: string;
  /** Characters that the form can't hold here without being escaped. */
  readonly breaks: RegExp;
}

const QUOTED = /["\\\r\n]/;
const SINGLE = /['\\\r\n]/;

const FORMS: readonly WrittenForm[] = [
  { name: 'env', template: '{{NAME}}={{form}}\n', breaks: /[\s"'`$\\#;&|<>(){}*?!]/ },
  { name: 'shell export', template: 'export {{NAME}}="{{form}}"\n', breaks: /["$`\\!\r\n]/ },
  { name: 'YAML', template: 'acme:\n  {{name}}: {{form}}\n', breaks: /[\s"'`#:[\]{},&*!|>%@\\]/ },
  { name: 'JSON', template: '{\n  "{{camel}}": "{{form}}"\n}\n', breaks: QUOTED },
  { name: 'TOML', template: '{{name}} = "{{form}}"\n', breaks: QUOTED },
  { name: 'INI', template: '[default]\n{{name}} = {{form}}\n', breaks: /[\s"'`;#\\]/ },
  { name: 'XML', template: '<add key="{{camel}}" value="{{form}}" />\n', breaks: /["'<>&\r\n]/ },
  { name: 'Java', template: 'private static final String {{NAME}} = "{{form}}";\n', breaks: QUOTED },
  { name: 'Python', template: "{{name}} = '{{form}}'\n", breaks: SINGLE },
  { name: 'JavaScript', template: "const {{camel}} = '{{form}}';\n", breaks: SINGLE },
  { name: 'Go', template: '\t{{camel}} := "{{form}}"\n', breaks: QUOTED },
  { name: 'C#', template: 'const string {{camel}} = "{{form}}";\n', breaks: QUOTED },
  { name: 'PHP', template: "'{{name}}' => '{{form}}',\n", breaks: SINGLE },
  { name: 'Ruby', template: "ENV['{{NAME}}'] ||= '{{form}}'\n", breaks: SINGLE },
  { name: 'curl', template: 'curl -H "X-{{kebab}}: {{form}}" https://acme.test/\n', breaks: /["$`\\!\r\n]/ },
  { name: 'Dockerfile ENV', template: 'FROM scratch\nENV {{NAME}}={{form}}\n', breaks: /[\s"'`$\\#]/ },
  { name: 'Dockerfile ARG', template: 'ARG {{NAME}}={{form}}\n', breaks: /[\s"'`$\\#]/ },
  { name: 'Terraform', template: 'variable "{{name}}" { default = "{{form}}" }\n', breaks: /["\\$%\r\n]/ },
  { name: 'URL query', template: 'https://acme.test/v1?page=2&{{name}}={{form}}\n', breaks: /[^A-Za-z0-9._~:/-]/ },
];

/** For forms that bring their own name and separators along. */
const WHOLE: readonly WrittenForm[] = [
  { name: 'a line', template: '{{form}}\n', breaks: /[^\s\S]/ },
  { name: 'an indented line', template: 'first\n    {{form}}\nlast\n', breaks: /[^\s\S]/ },
];

/** What people write instead of a credential. */
const REFERENCES: readonly (readonly [name: string, template: string])[] = [
  ['a reference', '{{NAME}}=${{{NAME}}}\n{{name}} = os.environ["{{NAME}}"]\n'],
  ['a reference to a store', '{{name}}: "vault:secret/data/acme#{{name}}"\n'],
  ['a placeholder', '{{NAME}}=<your-{{kebab}}>\n{{camel}}: "changeme"\n'],
  ['a masked one', '{{NAME}}={{masked}}\n'],
];

/** The same characters where they are no credential. */
const WITHOUT_CONTEXT: readonly (readonly [name: string, template: string])[] = [
  ['a checksum', 'sha256sum: {{form}}\n'],
  ['a commit', 'https://git.test/acme/tool/commit/{{form}}\n'],
];

/** A template of a rule with the names filled in; `{{secret}}`, `{{pair}}`, `{{form}}` and `{{masked}}` are left. */
export interface NamedTemplate {
  readonly kind: 'positive' | 'negative';
  readonly name: string;
  readonly text: string;
  readonly breaks?: RegExp;
}

/** The templates that stand for a rule's own: none for readers, whose forms are of many kinds. */
export const writtenTemplates = (rule: RuleSource): NamedTemplate[] => {
  if (rule.extract !== undefined || rule.carrier === true) return [];
  const isWhole = /«|\(\?P<secret>/.test(rule.shape ?? rule.pattern ?? '') || rule.include !== undefined;
  const positive = (isWhole ? WHOLE : FORMS).map(({ name, template, breaks }): NamedTemplate => {
    const contextual = isWhole && rule.context ? `# ${rule.context[0]}: ${template}` : template;
    return { kind: 'positive', name, text: contextual, breaks };
  });
  const negative = [...REFERENCES, ...(standsOnContext(rule) ? WITHOUT_CONTEXT : [])].map(
    ([name, text]): NamedTemplate => ({ kind: 'negative', name, text }),
  );
  return [...positive, ...negative].map((template) => ({ ...template, text: named(template.text, variableOf(rule)) }));
};

const standsOnContext = ({ shape, anchors, context }: RuleSource): boolean =>
  context !== undefined && anchors === undefined && !/'[^']{3,}'|"[^"]{3,}"/.test(shape ?? "'any'");

/** The variable that holds such a credential: ACME_API_KEY of `acme-api-key`, unless the rule says another. */
export const variableOf = ({ id, examples }: RuleSource): string =>
  examples?.variable ?? id.replaceAll('-', '_').toUpperCase();

const named = (text: string, variable: string): string => {
  const words = variable.toLowerCase().split('_').filter(Boolean);
  const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);
  return text
    .replaceAll('{{NAME}}', variable)
    .replaceAll('{{name}}', words.join('_'))
    .replaceAll('{{camel}}', words.map((word, index) => (index === 0 ? word : capital(word))).join(''))
    .replaceAll('{{kebab}}', words.map(capital).join('-'));
};
