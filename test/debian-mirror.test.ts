import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SCRIPT = new URL('../.ci/servers/debian-mirror', import.meta.url).pathname;

/** The output of the script on a machine with these files under /etc/apt. */
function mirrorOf(files: Record<string, string>): string {
  const apt = mkdtempSync(join(tmpdir(), 'relaylog-apt-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(apt, dirname(name)), { recursive: true });
    writeFileSync(join(apt, name), text);
  }
  return execFileSync(SCRIPT, [apt, 'bookworm'], { encoding: 'utf8', stdio: 'pipe' }).trim();
}

describe('the Debian mirror of a machine', () => {
  it('is read from one-line sources', () => {
    const text = [
      '# deb http://old.example/debian bookworm main',
      'deb [arch=amd64 signed-by=/x.gpg] http://tools.example/linux/debian bookworm stable',
      'deb http://security.example/debian-security bookworm-security main',
      'deb [arch=amd64] http://mirror.example/debian bookworm main contrib',
    ].join('\n');
    expect(mirrorOf({ 'sources.list': text })).toBe('http://mirror.example/debian');
    expect(mirrorOf({ 'sources.list.d/debian.list': text })).toBe('http://mirror.example/debian');
  });

  it('is read from deb822 sources', () => {
    const text = [
      'Types: deb\nURIs: http://security.example/debian-security\nSuites: bookworm-security\nComponents: main\n',
      'Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: bookworm\nComponents: main\n',
      'Types: deb deb-src\n# a note\nURIs: http://mirror.example/debian http://other.example/debian\nSuites:\n bookworm\n bookworm-updates\nComponents: main\n',
    ].join('\n');
    expect(mirrorOf({ 'sources.list.d/debian.sources': text })).toBe('http://mirror.example/debian');
  });

  it('is reported as missing with a clear message', () => {
    expect(() => mirrorOf({})).toThrow('no Debian mirror for bookworm');
  });
});
