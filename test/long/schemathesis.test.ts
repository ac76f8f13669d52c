import { spawn } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';
import { ended, serving, workFolder } from '../support/cli.ts';
import { HIGH_LIMITS } from '../support/with-high-limits.ts';
import { trials } from './trials.ts';

/** Examples for each operation; the coverage phase adds its own. */
const EXAMPLES = trials('RELAYLOG_LONG_EXAMPLES', 500);
const TOOL = process.env.RELAYLOG_SCHEMATHESIS;
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_schema_conformance',
  'response_headers_conformance',
];

if (TOOL === undefined) {
  it('Schemathesis is skipped, because RELAYLOG_SCHEMATHESIS is not set (.ci/schemathesis sets it)', () => {
    expect(TOOL).toBeUndefined();
  });
} else {
  it('responses to the calls that Schemathesis generates conform to the served OpenAPI document', async () => {
    const server = await serving({
      folder: workFolder(),
      environment: {
        RELAYLOG_LOG_LEVEL: 'error',
        ...HIGH_LIMITS,
      },
    });
    onTestFinished(() => void server.child.kill());
    const [key] = /rlk_[\w-]{43}/.exec(server.out)!;
    const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as { paths: object };
    const operations = String(Object.values(document.paths).flatMap((path) => Object.keys(path)).length);
    const options = ['--checks', CHECKS.join(), '--max-examples', String(EXAMPLES), '--no-color'];
    const { status, out } = await ended(
      spawn(
        TOOL,
        [
          'run',
          `${server.url}/openapi.json`,
          '-H',
          `Authorization: Bearer ${key}`,
          '--phases',
          'coverage,fuzzing',
          ...options,
        ],
        { cwd: workFolder() },
      ),
    );
    console.log(/Test cases:\s+.*|Seed: \d+/g.exec(out)?.[0]);
    expect(status, out).toBe(0);
    const [, selected, total] = /Operations:\s+(\d+) selected \/ (\d+) total/.exec(out) ?? [];
    expect({ selected, total }).toEqual({ selected: operations, total: operations });
    expect(await server.stop()).toMatchObject({ status: 0, err: '' });
  });
}
