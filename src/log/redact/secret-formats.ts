/** Credentials that are recognized by how they begin, whatever stands around them. */
export interface SecretFormat {
  readonly of: string;
  readonly prefixes: readonly string[];
  /** The characters that follow the prefix. */
  readonly characters: keyof typeof CHARACTER_SETS;
  /** Fewest characters after the prefix. */
  readonly min: number;
  /** Most characters after the prefix; a longer run is something else. */
  readonly max?: number;
}

export const CHARACTER_SETS = {
  upper: /[A-Z0-9]/,
  hex: /[0-9a-fA-F]/,
  alphanumeric: /[A-Za-z0-9]/,
  word: /[A-Za-z0-9_]/,
  base64: /[A-Za-z0-9+/]/,
  dashed: /[A-Za-z0-9_-]/,
  dotted: /[A-Za-z0-9_.-]/,
  token: /[A-Za-z0-9_.~+/-]/,
  path: /[A-Za-z0-9_/]/,
} as const;

/** After the rules of secretlint and gitleaks; see docs/decisions/redaction.md. */
export const SECRET_FORMATS: readonly SecretFormat[] = [
  { of: 'AWS', prefixes: ['AKIA', 'ASIA', 'ABIA', 'ACCA'], characters: 'upper', min: 16, max: 16 },
  { of: 'Google Cloud', prefixes: ['AIza', 'GOCSPX-'], characters: 'dashed', min: 28 },
  { of: 'Google Cloud', prefixes: ['ya29.'], characters: 'dashed', min: 20 },
  { of: 'Alibaba Cloud', prefixes: ['LTAI'], characters: 'alphanumeric', min: 20, max: 20 },
  { of: 'DigitalOcean', prefixes: ['dop_v1_', 'doo_v1_', 'dor_v1_'], characters: 'hex', min: 64 },
  { of: 'Databricks', prefixes: ['dapi'], characters: 'hex', min: 32, max: 32 },
  { of: 'HashiCorp Vault', prefixes: ['hvs.', 'hvb.'], characters: 'dashed', min: 24 },
  { of: 'GitHub', prefixes: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], characters: 'word', min: 36 },
  { of: 'GitHub', prefixes: ['github_pat_'], characters: 'word', min: 36 },
  {
    of: 'GitLab',
    prefixes: ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-', 'gloas-', 'glagent-'],
    characters: 'dotted',
    min: 20,
  },
  { of: 'GitLab', prefixes: ['GR1348941'], characters: 'dashed', min: 20 },
  {
    of: 'Slack',
    prefixes: [
      'xoxb-',
      'xoxp-',
      'xoxa-',
      'xoxo-',
      'xoxr-',
      'xoxs-',
      'xoxc-',
      'xoxd-',
      'xoxe-',
      'xoxe.',
      'xapp-',
    ],
    characters: 'dotted',
    min: 10,
  },
  { of: 'Slack', prefixes: ['hooks.slack.com/services/'], characters: 'path', min: 20 },
  {
    of: 'Stripe',
    prefixes: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'],
    characters: 'alphanumeric',
    min: 16,
  },
  { of: 'Stripe', prefixes: ['whsec_'], characters: 'base64', min: 24 },
  { of: 'Anthropic', prefixes: ['sk-ant-'], characters: 'dashed', min: 40 },
  { of: 'OpenAI', prefixes: ['sk-proj-', 'sk-svcacct-', 'sk-admin-'], characters: 'dashed', min: 40 },
  { of: 'OpenAI', prefixes: ['sk-'], characters: 'alphanumeric', min: 40 },
  { of: 'HuggingFace', prefixes: ['hf_'], characters: 'alphanumeric', min: 34 },
  { of: 'npm', prefixes: ['npm_'], characters: 'word', min: 36 },
  { of: 'PyPI', prefixes: ['pypi-AgE'], characters: 'dashed', min: 50 },
  { of: 'RubyGems', prefixes: ['rubygems_'], characters: 'hex', min: 48 },
  { of: 'Docker', prefixes: ['dckr_pat_'], characters: 'dashed', min: 24 },
  { of: 'SendGrid', prefixes: ['SG.'], characters: 'dotted', min: 60 },
  { of: 'Shopify', prefixes: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], characters: 'alphanumeric', min: 32 },
  { of: 'Square', prefixes: ['sq0atp-', 'sq0csp-'], characters: 'dashed', min: 22 },
  { of: 'Atlassian', prefixes: ['ATATT3'], characters: 'dashed', min: 60 },
  { of: 'Postman', prefixes: ['PMAK-'], characters: 'dashed', min: 56 },
  { of: 'Linear', prefixes: ['lin_api_'], characters: 'word', min: 32 },
  { of: 'Grafana', prefixes: ['glsa_'], characters: 'word', min: 40 },
  { of: 'Grafana', prefixes: ['glc_'], characters: 'base64', min: 32 },
  { of: 'Sentry', prefixes: ['sntrys_', 'sntryu_'], characters: 'base64', min: 40 },
  { of: 'Notion', prefixes: ['ntn_'], characters: 'alphanumeric', min: 46 },
  { of: 'age', prefixes: ['AGE-SECRET-KEY-1'], characters: 'upper', min: 58 },
  {
    of: 'any bearer',
    prefixes: ['Bearer ', 'bearer ', 'Bearer%20', 'bearer%20', 'Bearer+', 'bearer+'],
    characters: 'token',
    min: 20,
  },
  { of: 'Relaylog', prefixes: ['rlk_'], characters: 'dashed', min: 43 },
];
