import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MIGRATIONS } from './migrations.ts';

/** SHA-256 of each migration. If a digest differs, a migration was changed: add a new one instead. */
const DIGESTS: Readonly<Record<number, string>> = {
  4: 'd8c4ee7fac78108c71040b7f98a9b22110be3c153e57038bc37173b78c349c65',
  5: '9ce4578f531855e79e3436cdbbb980e2a1de7e3d950c3ada81fbaa91d6e22679',
  6: 'e1f97cfe14f96de6a83bc4248afbadb60f1f4750ca3a6d7bf81f7f9ccfbeefd6',
  7: '72324c9c89307d9db7af273358483b00e646f014a889236597513791fd4a877c',
  8: '89ffd896ca58dd9962d3b8fdddb375d308dab3506c00ce85e8c895a01eac9328',
  9: 'ac1ac238843df121695dc1c226a0b10fd3bb60ccf7b629d5e827cede90c4e780',
  10: '922fd55738fb055f898fcc8a3856a9507bc6c2b32e13de66d7b9a2413fa3a9c4',
  11: '1ca07bf60fbacd8f3b7f27d02d2acdc44805418af3fab6e23284f46fa52f49ec',
  12: '542e25b63c470cb6c158c3dafab11763bc986c9aa7aa4ca4b2dd31ec72918c0a',
  13: '18adebb1e1d0b6b8eb8cf04337738acfb506615e7986eaad6c90f18cb764a46e',
  14: '1681a0ce722dee9e1d22d0663588c1ab3c9303a71eecdb159abae657af4fe76c',
  15: '424768f3da8af8443e6fa41a433f73bd8b97cbf819e137ea3fa2d10620574067',
};

it('migrations never change', () => {
  const digests = MIGRATIONS.map(({ version, sql }) => [
    version,
    createHash('sha256').update(sql).digest('hex'),
  ]);
  expect(Object.fromEntries(digests)).toEqual(DIGESTS);
});

it('migrations do not depend on other modules', () => {
  const source = readFileSync(join(import.meta.dirname, 'migrations.ts'), 'utf8');
  expect(source).not.toContain('import ');
  expect(source).not.toContain('${');
});

it('versions are consecutive', () => {
  const first = MIGRATIONS[0]!.version;
  expect(MIGRATIONS.map(({ version }) => version)).toEqual([...MIGRATIONS.keys()].map((i) => first + i));
});
